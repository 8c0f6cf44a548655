// The messages that a phone has with one peer, with the days between them.

import { h } from "../dom.js";
import { WindowedList } from "../list.js";
import { channelOf, day } from "../words.js";
import { bubble } from "./bubble.js";

const GUESS = 84; // pixels

/** Bubbles in a window; `actions` is what bubbles can do. */
export class Thread {
  /**
   * @param {Session} session
   * @param {string} peer
   * @param {any} actions
   */
  constructor(session, peer, actions) {
    this.session = session;
    this.actions = actions;
    this.peer = peer;
    this.days = new Map();
    /** @type {string | null} */
    this.selected = null;
    this.list = new WindowedList({
      key: (item) => item.id,
      draw: (item) => this.draw(item),
      height: GUESS,
      label: `Messages with ${peer}`,
      stick: true,
      onstray: (strayed) => (this.toEnd.hidden = !strayed),
    });
    this.list.inner.setAttribute("aria-live", "polite");
    this.toEnd = h("button.to-end", { hidden: true, onclick: () => this.list.toEnd() }, "Newest");
    this.element = h("div.thread", { class: `thread ${channelOf(peer)}` }, this.list.element, this.toEnd);
    this.list.element.tabIndex = 0;
    this.list.element.setAttribute("aria-label", `Thread with ${peer}`);
    this.list.element.setAttribute("role", "region");
  }

  close() {
    this.list.close();
  }

  /**
   * Shows these messages.
   * @param {Item[]} items
   */
  set(items) {
    const rows = [];
    let last = "";
    for (const item of items) {
      const date = item.received_at.slice(0, 10);
      if (date !== last) rows.push(this.day(date, item.received_at));
      last = date;
      rows.push(item);
    }
    this.list.set(rows, "Nothing was said yet.");
  }

  /**
   * The same object for the same day, so that it is not drawn again.
   * @param {string} date
   * @param {Instant} instant
   */
  day(date, instant) {
    if (!this.days.has(date)) this.days.set(date, { id: `day ${date}`, day: day(instant) });
    return this.days.get(date);
  }

  /** @param {Item} item */
  draw(item) {
    if (item.day) return h("div.day", h("span", item.day));
    const element = bubble(this.session, item, this.actions);
    element.classList.toggle("selected", item.id === this.selected);
    return element;
  }

  /**
   * Marks a message, and scrolls to it.
   * @param {string | null} id
   */
  select(id) {
    if (this.selected === id) return;
    const old = this.list.rows.get(String(this.selected));
    old?.element.classList.remove("selected");
    this.selected = id;
    if (id) this.list.reveal(id)?.classList.add("selected");
  }
}
