// The threads of a phone, the newest first, and whom else it could write to.

import { at } from "../api.js";
import { clearButton } from "../clear.js";
import { arrange, h, icon } from "../dom.js";
import { bare, channelName, channelOf, plainly, when } from "../words.js";
import { avatar } from "./avatar.js";

/** Rows stay as long as what they show does, and what is being typed stays in any case. */
export class ThreadList {
  /**
   * @param {Session} session
   * @param {string} address
   * @param {any} open
   */
  constructor(session, address, open) {
    this.session = session;
    this.open = open;
    this.rows = new Map(); // by peer: { shown, element }
    this.list = h("ul.thread-list");
    this.empty = h("p.empty", "Nothing yet.");
    this.numbers = h("div.new-numbers");
    const input = h("input", { placeholder: "Another number", "aria-label": "Number to write to", name: "to", "data-test": "new-thread" });
    /** @param {any} event */
    const write = (event) => {
      event.preventDefault();
      if (input.value.trim()) open(input.value.trim());
    };
    this.elements = [
      h(
        "div.threads-head",
        h("h2", "Messages"),
        clearButton("Clear this phone", "every message on it. Twilio's API still lists them", () => session.api.delete(at`/handsets/${address}/messages`)),
      ),
      this.list,
      this.empty,
      h("form.new-thread", { onsubmit: write }, h("h3", "Write to"), this.numbers, h("div.row", input, h("button", { type: "submit", "aria-label": "Open the thread" }, icon("forward")))),
    ];
  }

  /** @param {Listed[]} threads */
  set(threads) {
    const now = this.session.clock.now();
    arrange(this.list, threads.map((/** @type {Listed} */ thread) => this.row(thread, now)));
    this.empty.hidden = threads.length > 0;
    const known = new Set(threads.map((/** @type {{ peer: string }} */ { peer }) => peer));
    const unknown = this.session.account.numbers.filter((number) => !known.has(number));
    if (unknown.join() === this.unknown) return;
    this.unknown = unknown.join();
    this.numbers.replaceChildren(...unknown.map((number) => h("button.chip", { onclick: () => this.open(number) }, bare(number), " ", channelTag(number))));
  }

  /**
   * @param {{ peer: string, last: any, unread: number }} of
   * @param {any} now
   */
  row({ peer, last, unread }, now) {
    const known = this.rows.get(peer);
    const shown = [last.id, last.body, unread, when(last.received_at, now)].join(" ");
    if (known?.shown === shown) return known.element;
    const element = h("li", h(
      "button.thread-row",
      { "data-test": "thread", "data-peer": peer, onclick: () => this.open(peer), class: `thread-row ${unread ? "unread" : ""}` },
      avatar(peer, bare(peer)),
      h("span.row-words", h("strong", bare(peer), " ", channelTag(peer)), h("span.preview", { dir: "auto" }, preview(last))),
      h("span.row-side", h("time", when(last.received_at, now)), unread > 0 && h("span.badge", String(unread), h("span.unseen", " unread"))),
    ));
    const isHeld = known?.element.contains(document.activeElement);
    known?.element.replaceWith(element);
    if (isHeld) element.firstChild.focus();
    this.rows.set(peer, { shown, element });
    return element;
  }
}

/** @param {string} peer */
const channelTag = (peer) => h("span.tag", { class: `tag ${channelOf(peer)}` }, channelName(channelOf(peer)));
/** @param {Item} item */
const preview = (item) => `${item.direction === "from_handset" ? "You: " : ""}${plainly(item.body.slice(0, 200)) || "Media"}`;
