// Conversations: who is in them, what was said, what became of it, and speaking along.

import { arrange, h, icon, iconButton } from "../dom.js";
import { ConversationView } from "../conversations/view.js";
import { Inspector } from "../inspector/inspector.js";
import { bind } from "../keys.js";
import { WindowedList } from "../list.js";
import { avatar } from "../phones/avatar.js";
import { trying } from "../toast.js";
import { count, plainly, when } from "../words.js";

const ROW = 64; // pixels
const ABOUT = /^(Conversation|Participant|Message)/;

/** `#/conversations/{sid}/messages/{sid}` */
export default class ConversationsPage {
  /** @param {Host} console */
  constructor(console) {
    this.console = console;
    this.session = console.session;
    this.title = "Conversations";
    /** @type {any[]} */
    this.all = [];
    this.found = this.all; // those that fit the search
    this.view = null;
    /** @type {Inspector | null} */
    this.inspector = null;
    this.search = h("input", { type: "search", placeholder: "Search conversations", "data-test": "search", "aria-label": "Search conversations", oninput: () => this.showList() });
    this.counted = h("p.counted", { role: "status" });
    this.list = new WindowedList({ key: (it) => it.sid, draw: (it) => this.row(it), height: ROW, label: "Conversations" });
    this.stage = h("div.conversation-stage");
    this.element = h(
      "div.conversations",
      h("h1.unseen", "Conversations"),
      h(
        "aside.handset-list",
        { "aria-label": "List of conversations" },
        h("div.list-head", h("h2", "Conversations"), iconButton("plus", "Open a conversation", () => this.add(), { "data-test": "open-conversation" })),
        h("div.search", icon("search"), this.search),
        this.counted,
        this.list.element,
      ),
      this.stage,
    );
    this.unbind = [
      this.session.live.on((events) => {
        if (events === null || events.some(({ event }) => ABOUT.test(event ?? ""))) this.read();
      }),
      bind("j", "Next conversation", () => this.step(1)),
      bind("k", "Previous conversation", () => this.step(-1)),
      bind("n", "Open a conversation", () => this.add()),
      bind("r", "Write", () => this.view?.focus()),
      bind("Escape", "Back", () => this.back()),
    ];
    this.read();
  }

  close() {
    this.unbind.forEach((end) => end());
    this.list.close();
    this.view?.close();
    this.inspector?.close();
  }

  /** @param {Pick<Route, "path">} route */
  show({ path }) {
    const [, sid, , message] = path;
    this.sid = sid ?? null;
    this.inspected = message ?? null;
    this.title = sid ? `${sid} · Conversations` : "Conversations";
    if (this.view?.sid !== this.sid) {
      this.view?.close();
      this.view = sid ? new ConversationView(this.console, sid, () => this.console.go(["conversations"])) : null;
    }
    arrange(this.stage, [this.view?.element ?? this.welcome()]);
    this.element.classList.toggle("holding", Boolean(sid));
    this.showInspector();
    this.showList();
  }

  showInspector() {
    if (this.inspected) {
      this.inspector ??= new Inspector(this.console, () => this.console.go(["conversations", this.sid]));
      this.inspector.show(this.inspected);
      this.element.append(this.inspector.element);
    } else if (this.inspector) {
      this.inspector.close();
      this.inspector.element.remove();
      this.inspector = null;
    }
    this.view?.select(this.inspected);
  }

  welcome() {
    return h(
      "div.welcome",
      icon("conversations"),
      h("h2", this.all.length ? "Choose a conversation" : "No conversation yet"),
      h("p", "An app opens one by REST, a text opens one where an address is configured so, or you open one here."),
      h("button.primary", { onclick: () => this.add() }, icon("plus"), "Open a conversation"),
    );
  }

  /** Reads the list; what changes meanwhile is read in the next turn. */
  async read() {
    if (this.reading) {
      this.again = true;
      return;
    }
    this.reading = true;
    const answer = await this.session.api.get("/conversations").catch(() => null);
    this.reading = false;
    if (answer) {
      this.all = answer.conversations;
      this.ready = true;
      this.showList();
      if (!this.sid) arrange(this.stage, [this.welcome()]);
    }
    if (this.again) {
      this.again = false;
      this.read();
    }
  }

  showList() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    this.found = words.length ? this.all.filter((each) => matches(each, words)) : this.all;
    this.list.set(this.found, !this.ready ? null : words.length ? "No conversation fits." : "No conversation yet.");
    this.counted.textContent = count(this.found.length, "conversation");
    for (const [sid, { element }] of this.list.rows) {
      const link = element.querySelector("a");
      if (sid === this.sid) link?.setAttribute("aria-current", "true");
      else link?.removeAttribute("aria-current");
    }
  }

  /** @param {Listed} it */
  row(it) {
    const name = plainly(nameOf(it));
    const last = it.last_message;
    return h(
      "div.handset-row",
      { "data-test": "conversation", "data-sid": it.sid },
      h(
        "a.handset-link",
        { href: this.console.address(["conversations", it.sid]), "aria-current": it.sid === this.sid && "true" },
        avatar(it.sid, name),
        h("span.row-words",
          h("strong", h("bdi", name), it.state !== "active" && h("span.tag", it.state)),
          h("span.preview", last ? `${plainly(this.session.handsets.nameOf(last.author) ?? last.author)}: ${plainly(last.body) || "Media"}` : it.members.map(plainly).join(", ") || "Nobody yet"),
        ),
        h("span.row-side", h("time", when(last?.at ?? it.date_created, this.session.clock.now())), h("small", String(it.message_count))),
      ),
    );
  }

  /** @param {number} by */
  step(by) {
    const index = this.found.findIndex((each) => each.sid === this.sid);
    const next = this.found[Math.min(Math.max(index + by, 0), this.found.length - 1)];
    if (!next) return;
    this.console.go(["conversations", next.sid]);
    this.list.reveal(next.sid);
  }

  back() {
    this.console.go(this.inspected ? ["conversations", this.sid] : ["conversations"]);
  }

  async add() {
    const opened = await trying(this.session.api.post("/conversations", {}));
    if (opened) this.console.go(["conversations", opened.sid]);
  }
}

/** @param {Listed} it */
export const nameOf = (it) => it.friendly_name || it.unique_name || it.members.slice(0, 3).join(", ") || it.sid;

/**
 * @param {Listed} it
 * @param {string[]} words
 */
function matches(it, words) {
  const text = [it.sid, it.friendly_name, it.unique_name, it.state, ...it.members].join(" ").toLowerCase();
  return words.every((/** @type {string} */ word) => text.includes(word));
}
