// A page that reads something, shows it, and reads it again when events say that it changed.

import { h } from "../dom.js";
import { begunForms, redraw } from "../kept.js";
import { Live } from "../live.js";
import { Press } from "../press.js";
import { trying } from "../toast.js";
import { stamp } from "../words.js";

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
    this.late = false; // whether there is news that is not shown yet
    this.wanted = false; // whether what is read next is shown whoever has the focus
    this.content = h("div.simple-content", { onfocusout: () => setTimeout(() => this.showLate()) });
    this.begun = begunForms(this.content);
    this.press = new Press(this.content, () => this.showLate());
    this.element = h("div.simple", h("header.page-head", h("h1", this.title), h("span.grow"), this.tools()), this.content);
    this.unheard = this.session.live.on((events) => {
      if (events === null || events.some((event) => this.changes(event))) this.read();
    });
    this.read();
  }

  close() {
    this.unheard();
    this.besides?.stop();
  }

  /**
   * Hears of kinds of entries that the usual stream does not tell, too.
   * @param {string} types with commas
   */
  hearBesides(types) {
    const live = (this.besides = new Live(this.session.api, { types }));
    live.on(() => this.read());
    live.watch((state) => state === "live" && this.read()); // what was before it is not told
    live.follow();
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

  /** @param {string} instant */
  stamp(instant) {
    return stamp(instant, this.session.clock.now());
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
      // That the emulator does not answer the head of the page says: what was read stays until then.
      if (refusal.status !== 0 || !this.answer) this.content.replaceChildren(h("p.empty", refusal.message));
    }
    this.reading = false;
    if (this.again) {
      this.again = false;
      this.read();
    }
  }

  /**
   * Waits for a call, and shows what became of it; what a refused form says stays, to be mended.
   * @param {Promise<any>} call
   * @param {HTMLFormElement | null} [form] that asked for it
   */
  async after(call, form = null) {
    if ((await trying(call.then(() => true))) && form) this.begun.delete(form);
    await this.readAndShow();
  }

  /** Reads what somebody has asked for. */
  readAndShow() {
    this.wanted = true;
    return this.read();
  }

  redraw() {
    // What is being written in, or is about to be clicked, stays as it is until then.
    const writing = this.content.contains(document.activeElement) && document.activeElement?.matches("input, select, textarea");
    this.late = this.press.held || (Boolean(writing) && !this.wanted);
    if (this.late) return;
    this.wanted = false;
    redraw(this.content, [this.draw(this.answer)].flat().filter(Boolean), this.begun);
  }

  /** Shows what came while somebody was writing. */
  showLate() {
    if (this.late && this.content.isConnected) this.redraw();
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
