// What surrounds every page: navigation, account, clock, connection, theme, help.

import { arrange, h, icon, iconButton } from "./dom.js";
import { bind, bindings, layer, listen } from "./keys.js";
import { changeTheme, theme } from "./theme.js";
import { Notifications } from "./notify.js";
import { places } from "./pages/all.js";
import { say, toasts } from "./toast.js";
import { plainly } from "./words.js";

/** @type {Record<string, string>} */
const STATES = {
  connecting: "Connecting",
  live: "Live",
  lost: "The emulator does not answer. Trying again",
  gone: "This account does not exist any more",
};

/** @type {Record<string, string>} */
const THEMES = { auto: "Theme of the system", light: "Light theme", dark: "Dark theme" };
/** @type {Record<string, string>} */
const DRAWINGS = { auto: "auto", light: "sun", dark: "moon" };

export class Frame {
  /** @param {Host} console */
  constructor(console) {
    this.console = console;
    this.links = new Map();
    /** @type {(() => void)[]} */
    this.unjoin = [];
    this.main = h("main", { id: "main", tabindex: "-1" });
    this.clock = h("a.chip.clock", { "data-test": "clock", title: "The account's clock (UTC)" });
    this.connection = h("span.connection", { "data-test": "connection", role: "status" });
    this.menu = iconButton("menu", "Navigation", () => this.showMenu(!this.unlayer), { class: "icon-button menu-button", "aria-expanded": "false" });
    this.theme = iconButton("auto", "", () => this.nextTheme(), { "data-test": "theme" });
    this.notifications = new Notifications(console);
    this.account = h("a.chip.account", { "data-test": "account" });
    this.element = h("div.frame", this.header(), this.navigation(), this.main, toasts, this.help());
    this.showTheme();
  }

  header() {
    return h(
      "header.top",
      h("a.skip", { href: "#main", onclick: (/** @type {any} */ event) => this.skip(event) }, "Skip to the page"),
      this.menu,
      h("a.brand", { href: "#/" }, brandMark(), h("span", "twilio-emulator")),
      h("span.grow"),
      this.connection,
      this.clock,
      this.account,
      this.notifications.button,
      this.theme,
      iconButton("keyboard", "Keyboard shortcuts", () => this.helpDialog.showModal(), { class: "icon-button keys-button" }),
    );
  }

  navigation() {
    const entries = places.map(([name, drawing, words]) => {
      const badge = h("span.badge", { hidden: true });
      const entry = h("a", { "data-test": `go-${name}` }, icon(drawing), h("span.words", words), badge);
      this.links.set(name, { entry, badge });
      return h("li", entry);
    });
    return h("nav.side", { "aria-label": "Pages" }, h("ul", entries));
  }

  help() {
    const list = h("dl.keys");
    this.helpDialog = h(
      "dialog.help",
      { "aria-labelledby": "help-title" },
      h("h2", { id: "help-title" }, "Keyboard"),
      list,
      h("form", { method: "dialog" }, h("button.primary", { type: "submit" }, "Close")),
    );
    const showModal = this.helpDialog.showModal.bind(this.helpDialog);
    this.helpDialog.showModal = () => {
      const rows = bindings().flatMap(([keys, words]) => [h("dt", keys.split(" ").map((/** @type {string} */ key) => h("kbd", key))), h("dd", words)]);
      arrange(list, rows);
      showModal();
    };
    return this.helpDialog;
  }

  bindKeys() {
    for (const [name, , words, key] of places) {
      bind(`g ${key}`, `Go to ${words}`, () => this.console.go([name]));
    }
    bind("t", "Change the theme", () => this.nextTheme());
    bind("?", "Show these keys", () => this.helpDialog.showModal());
    bind("/", "Search", () => this.main.querySelector("input[type=search]")?.focus());
    listen();
  }

  /**
   * Shows a session's clock, connection and account.
   * @param {Session} session
   */
  join(session) {
    this.unjoin.forEach((end) => end());
    const showUnread = () => this.badge("handsets", session.handsets.unread);
    this.unjoin = [
      session.clock.watch(() => this.showClock(session.clock)),
      session.live.watch((state) => this.showState(state)),
      session.handsets.watch(showUnread),
      session.live.on((events) => events?.forEach((event) => event.kind === "hint" && this.hint(event))),
      this.notifications.join(session),
    ];
    showUnread();
    for (const [name, { entry }] of this.links) entry.href = this.console.address([name]);
    this.clock.href = this.console.address(["clock"]);
    this.account.href = this.console.address(["accounts"]);
    const sid = session.account?.account_sid ?? session.api.account ?? "";
    this.account.replaceChildren(icon("account"), h("span.unseen", "Account"), h("span", sid && `${sid.slice(0, 2)}…${sid.slice(-4)}`));
    this.account.title = `Account ${sid}`;
  }

  /**
   * Why an app got nothing: told once, and on the page of alerts for ever.
   * @param {any} event
   */
  hint({ words, about }) {
    const what = plainly(words).split(/: (?=set |name |a webhook )/)[0];
    say(`${what}.`, "hint", ["Show its webhooks", this.console.address(["numbers", about])]);
  }

  /**
   * On a narrow screen the navigation lies over the page.
   * @param {any} open
   */
  showMenu(open) {
    this.element.classList.toggle("menu-open", open);
    this.menu.setAttribute("aria-expanded", String(open));
    this.unlayer?.();
    this.unlayer = open ? layer(() => this.showMenu(false)) : null;
  }

  /**
   * Shows a page, or a line that says why it cannot be shown.
   * @param {string | null} name
   * @param {Content} content
   */
  show(name, content) {
    this.showMenu(false);
    for (const [each, { entry }] of this.links) {
      if (each === name) entry.setAttribute("aria-current", "page");
      else entry.removeAttribute("aria-current");
    }
    const shown = typeof content === "string" ? h("p.empty", content) : content;
    shown.dataset.test = name ? `page-${name}` : "no-page";
    if (this.main.firstChild !== shown) this.main.replaceChildren(shown);
  }

  /**
   * @param {string} name
   * @param {number} number
   */
  badge(name, number) {
    const { badge } = this.links.get(name);
    badge.hidden = !number;
    badge.textContent = number > 999 ? "999+" : String(number);
  }

  /** @param {any} clock */
  showClock(clock) {
    const mode = clock.mode === "real" ? null : h("span.mode", clock.mode);
    const { day, time } = clock.shown();
    this.clock.replaceChildren(icon("clock"), h("span.unseen", "Clock"), h("span.clock-date", day), h("span", time), mode ?? "");
  }

  /** @param {string} state */
  showState(state) {
    this.connection.className = `connection ${state}`;
    this.connection.title = STATES[state];
    this.connection.replaceChildren(h("span.dot"), h("span.words", STATES[state], state === "gone" && [". ", h("a", { href: "#/accounts" }, "All accounts")]));
  }

  nextTheme() {
    changeTheme();
    this.showTheme();
  }

  showTheme() {
    const chosen = theme();
    const words = THEMES[chosen];
    this.theme.replaceChildren(icon(DRAWINGS[chosen]));
    this.theme.title = words;
    this.theme.setAttribute("aria-label", words);
  }

  /** @param {any} event */
  skip(event) {
    event.preventDefault();
    this.main.focus();
  }
}

function brandMark() {
  return h("img", { src: "/console/icon.svg", alt: "", width: "22", height: "22" });
}
