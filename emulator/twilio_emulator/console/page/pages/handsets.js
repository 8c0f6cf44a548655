// The phones of the account: a list of them, those that are open, and what is behind a
// message.

import { at } from "../api.js";
import { clearButton } from "../clear.js";
import { arrange, h, icon, iconButton } from "../dom.js";
import { bind } from "../keys.js";
import { WindowedList } from "../list.js";
import { avatar } from "../phones/avatar.js";
import { Phone } from "../phones/phone.js";
import { trying } from "../toast.js";
import { bare, count, nameOf, plainly, when } from "../words.js";

const ROW = 64; // pixels

/** `#/handsets/{address}/threads/{peer}?beside={address}~{peer},...&inspect={sid}` */
export default class HandsetsPage {
  /** @param {Host} console */
  constructor(console) {
    this.console = console;
    this.session = console.session;
    this.title = "Handsets";
    this.phones = new Map(); // by address
    /** @type {import("../inspector/inspector.js").Inspector | null} */
    this.inspector = null;
    /** @type {Handset[]} */
    this.found = [];
    this.closed = false;
    /** @type {any[]} */
    this.held = []; // { address, peer }, the one that the address names first
    this.search = h("input", {
      type: "search",
      placeholder: "Search phones",
      "data-test": "search",
      "aria-label": "Search phones",
      oninput: () => this.showList(),
      onkeydown: (/** @type {any} */ event) => this.searchKey(event),
    });
    this.counted = h("p.counted", { role: "status" });
    this.list = new WindowedList({ key: (it) => it.address, draw: (it) => this.row(it), height: ROW, label: "Phones" });
    this.stage = h("div.stage");
    this.element = h(
      "div.handsets",
      h("h1.unseen", "Handsets"),
      h(
        "aside.handset-list",
        { "aria-label": "List of phones" },
        h(
          "div.list-head",
          h("h2", "Handsets"),
          h("span.grow"),
          clearButton("Remove all phones", "every phone with all that it holds", () => this.session.api.delete("/handsets"), () => this.go([])),
          iconButton("plus", "Add a phone", () => this.add(), { "data-test": "add-phone" }),
        ),
        h("div.search", icon("search"), this.search),
        this.counted,
        this.list.element,
      ),
      this.stage,
    );
    this.unbind = [
      this.session.handsets.watch(() => this.showList()),
      bind("j", "Next phone", () => this.step(1)),
      bind("k", "Previous phone", () => this.step(-1)),
      bind("n", "Add a phone", () => this.add()),
      bind("r", "Write on the phone in hand", () => this.write()),
      bind("Escape", "Back", () => this.back()),
    ];
  }

  close() {
    this.closed = true;
    this.unbind.forEach((end) => end());
    this.list.close();
    for (const phone of this.phones.values()) phone.close();
    this.inspector?.close();
  }

  /** @param {Route} route */
  show({ path, query }) {
    const [, address, , peer] = path;
    this.inspected = query.inspect ?? null;
    const beside = (query.beside ?? "").split(",").filter(Boolean).map((/** @type {any} */ each) => each.split("~"));
    this.held = (address ? [[address, peer], ...beside] : beside).map((/** @type {any} */ [each, thread]) => ({ address: each, peer: thread || null }));
    this.title = address ? `${address} · Handsets` : "Handsets";
    this.element.classList.toggle("holding", this.held.length > 0);
    this.showPhones();
    this.showInspector();
    this.showList();
  }

  async showInspector() {
    this.element.classList.toggle("inspecting", Boolean(this.inspected));
    if (this.inspected) {
      const { Inspector } = await import("../inspector/inspector.js"); // most visits do without
      if (this.closed || !this.inspected) return; // gone on
      this.inspector ??= new Inspector(this.console, () => this.go(this.held, null));
      this.inspector.show(this.inspected);
      this.element.append(this.inspector.element);
    } else if (this.inspector) {
      this.inspector.close();
      this.inspector.element.remove();
      this.inspector = null;
    }
  }

  /**
   * The address of this page with these phones.
   * @param {any} held
   * @param {string | null} [inspect]
   */
  go(held, inspect = this.inspected) {
    const [first, ...beside] = held;
    const path = first ? ["handsets", first.address, ...(first.peer ? ["threads", first.peer] : [])] : ["handsets"];
    this.console.go(path, {
      beside: beside.map((/** @type {{ address: string, peer: string }} */ { address, peer }) => (peer ? `${address}~${peer}` : address)).join(","),
      inspect,
    });
  }

  showPhones() {
    const wanted = new Set(this.held.map(({ address }) => address));
    for (const [address, phone] of this.phones) {
      if (wanted.has(address)) continue;
      phone.close();
      this.phones.delete(address);
    }
    for (const { address, peer } of this.held) {
      if (!this.phones.has(address)) this.phones.set(address, this.phone(address));
      this.phones.get(address).open(peer, this.inspected);
    }
    const shown = this.held.map(({ address }) => this.phones.get(address).element);
    arrange(this.stage, shown.length ? shown : [this.welcome()]);
  }

  /** @param {string} address */
  phone(address) {
    /** @param {string | null} peer */
    const change = (peer) => this.go(this.held.map((each) => (each.address === address ? { address, peer } : each)));
    return new Phone(this.session, address, {
      open: change,
      inspect: (/** @type {string} */ sid) => this.go(this.held, sid),
      close: () => this.go(this.held.filter((each) => each.address !== address)),
    });
  }

  /** The page while no phone is open. */
  welcome() {
    const number = this.session.account.numbers[0];
    return h(
      "div.welcome",
      icon("phone"),
      h("h2", this.session.handsets.all.size ? "Take a phone" : "No phone has rung yet"),
      h("p", "Send a message to any number with Twilio's API, and its phone appears here. Or add one, and write to ", h("code", number), "."),
      h("button.primary", { onclick: () => this.add() }, icon("plus"), "Add a phone"),
    );
  }

  showList() {
    const all = this.session.handsets.inOrder();
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    this.found = words.length ? all.filter((each) => matches(each, words)) : all;
    this.list.set(this.found, words.length ? "No phone fits." : "No phone yet.");
    this.counted.textContent = words.length ? `${count(this.found.length, "phone")} of ${all.length}` : count(all.length, "phone");
    this.mark();
  }

  mark() {
    for (const [address, { element }] of this.list.rows) {
      const held = this.held.some((each) => each.address === address);
      const anchor = element.querySelector("a");
      if (held) anchor?.setAttribute("aria-current", "true");
      else anchor?.removeAttribute("aria-current");
    }
  }

  /** @param {Handset} handset */
  row(handset) {
    const { address, unread, last_message: last } = handset;
    const name = nameOf(handset);
    const state = handset.power === "off" ? "power" : handset.network === "airplane" ? "airplane" : handset.receipts === "hold" ? "hold" : null;
    const held = this.held.some((each) => each.address === address);
    return h(
      "div.handset-row",
      { "data-test": "handset", "data-address": address },
      h(
        "a.handset-link",
        { href: this.console.address(["handsets", address]), "aria-current": held && "true" },
        avatar(address, name),
        h("span.row-words", h("strong", h("bdi", plainly(name)), state && icon(state)), h("span.preview", { dir: "auto" }, last ? plainly(last.body) || "Media" : name === address ? "" : address)),
        h("span.row-side", last && h("time", when(last.at, this.session.clock.now())), unread > 0 && h("span.badge", String(unread), h("span.unseen", " unread"))),
      ),
      iconButton("beside", `Hold ${plainly(name)} beside the others`, () => this.holdBeside(address)),
    );
  }

  /** @param {string} address */
  holdBeside(address) {
    if (!this.held.some((each) => each.address === address)) this.go([...this.held, { address, peer: null }]);
  }

  /**
   * Arrow keys lead from the search to the list, Enter takes the first.
   * @param {any} event
   */
  searchKey(event) {
    if (event.key === "Enter" && this.found[0]) this.go([{ address: this.found[0].address, peer: null }]);
    else if (event.key === "ArrowDown") this.list.element.querySelector("a")?.focus();
    else if (event.key === "Escape") this.search.blur();
  }

  /** @param {number} by */
  step(by) {
    const held = this.found.findIndex((each) => each.address === this.held[0]?.address);
    const next = this.found[Math.min(Math.max(held + by, 0), this.found.length - 1)];
    if (!next) return;
    this.go([{ address: next.address, peer: null }]);
    this.list.reveal(next.address);
  }

  write() {
    const address = this.session.inHand?.address ?? this.held[0]?.address;
    this.phones.get(address)?.composer?.focus();
  }

  back() {
    const [first] = this.held;
    if (this.inspected) this.go(this.held, null);
    else if (first?.peer) this.go([{ address: first.address, peer: null }, ...this.held.slice(1)]);
    else this.go([]);
  }

  add() {
    const number = h("input", { name: "address", type: "tel", required: true, placeholder: "+12025550199", pattern: "\\+?[0-9 \\-]{5,20}", title: "A number with its country code, such as +12025550199" });
    const label = h("input", { name: "label", placeholder: "Ann" });
    /** @param {any} event */
    const add = async (event) => {
      event.preventDefault();
      const address = number.value.replace(/[^\d+]/g, "");
      const made = await trying(this.session.api.put(at`/handsets/${address}`, label.value ? { label: label.value } : {}));
      if (!made) return;
      this.session.handsets.take(made);
      dialog.close();
      this.go([{ address: made.address, peer: null }, ...this.held]);
    };
    const dialog = h(
      "dialog",
      { "aria-label": "Add a phone", onclose: () => dialog.remove() },
      h(
        "form.settings",
        { onsubmit: add },
        h("h2", "Add a phone"),
        h("label.field", h("span", "Number"), number),
        h("label.field", h("span", "Label"), label),
        h("div.buttons", h("span.grow"), h("button", { onclick: () => dialog.close() }, "Cancel"), h("button.primary", { type: "submit" }, "Add")),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  }
}

/**
 * @param {Handset} handset
 * @param {string[]} words
 */
function matches(handset, words) {
  const text = [handset.address, handset.label, handset.profile_name, bare(handset.address), ...handset.tags].join(" ").toLowerCase();
  return words.every((/** @type {string} */ word) => text.includes(word));
}
