// A page that reads something, shows it, and reads it again when events say that it changed.

import { h } from "../dom.js";
import { Press } from "../press.js";

/**
 * Subclasses have `title`, `changes(event)` and `draw(answer)`, and read with `fetch()`.
 * What `draw` answers becomes the content of the page.
 */
export class SimplePage {
  /** @param {Host} console */
  constructor(console) {
    this.console = console;
    this.session = console.session;
    /** @type {string[]} */
    this.path = [];
    this.opened = new Set(); // keys of what is unfolded
    this.content = h("div.simple-content");
    this.press = new Press(this.content, () => this.late && this.redraw());
    this.element = h("div.simple", h("header.page-head", h("h1", this.title), h("span.grow"), this.tools()), this.content);
    this.unheard = this.session.live.on((events) => {
      if (events === null || events.some((event) => this.changes(event))) this.read();
    });
    this.read();
  }

  close() {
    this.unheard();
  }

  /** @param {Pick<Route, "path">} route */
  show({ path }) {
    this.path = path;
    if (this.answer) this.redraw();
  }

  get title() {
    return "";
  }

  /** @returns {any} */
  tools() {
    return null;
  }

  /** @returns {Promise<any>} */
  async fetch() {
    return null;
  }

  /**
   * @param {any} answer
   * @returns {any}
   */
  draw(answer) {
    return answer;
  }

  /** @param {LiveEvent} _event */
  changes(_event) {
    return false;
  }

  /** Reads anew; what changes meanwhile is read in the next turn. */
  async read() {
    if (this.reading) {
      this.again = true;
      return;
    }
    this.reading = true;
    try {
      this.answer = await this.fetch();
      this.redraw();
    } catch (refusal) {
      this.content.replaceChildren(h("p.empty", refusal.message));
    }
    this.reading = false;
    if (this.again) {
      this.again = false;
      this.read();
    }
  }

  redraw() {
    // A form that is being filled in must not be lost to news from elsewhere.
    const held = this.content.contains(document.activeElement) && document.activeElement?.matches("input, select, textarea");
    this.late = this.press.held;
    if (held || this.late) return;
    this.content.replaceChildren(...[this.draw(this.answer)].flat().filter(Boolean));
  }
}

/**
 * A table with these columns; a row is a list of cells.
 * @param {string} label
 * @param {string[]} columns
 * @param {Content[][]} rows
 * @param {string} empty
 */
export function grid(label, columns, rows, empty) {
  if (!rows.length) return h("p.empty", empty);
  return h(
    "div.grid-scroll",
    { tabindex: "0", role: "region", "aria-label": label },
    h(
      "table.grid",
      h("thead", h("tr", columns.map((/** @type {any} */ column) => h("th", { scope: "col" }, column || h("span.unseen", "What to do"))))),
      h("tbody", rows.map((/** @type {any} */ cells) => h("tr", cells.map((/** @type {any} */ cell, /** @type {number} */ n) => h("td", { "data-column": columns[n] }, cell))))),
    ),
  );
}
