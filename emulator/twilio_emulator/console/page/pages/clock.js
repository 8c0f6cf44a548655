// The account's clock: what it shows, how fast it runs, and moving it on.

import { h, icon } from "../dom.js";
import { redraw } from "../kept.js";
import { trying } from "../toast.js";
import { clockSeconds, day, exactly, relative } from "../words.js";

const MODES = [["real", "Real"], ["frozen", "Frozen"], ["x10", "× 10"], ["x60", "× 60"], ["x3600", "× 3600"]];
const STEPS = [["PT1S", "1 s"], ["PT10S", "10 s"], ["PT1M", "1 min"], ["PT10M", "10 min"], ["PT1H", "1 h"], ["P1D", "1 day"], ["P7D", "7 days"]];

/** `#/clock` */
export default class ClockPage {
  /** @param {Host} console */
  constructor(console) {
    this.session = console.session;
    this.title = "Clock";
    /** @type {any} */
    this.soon = null;
    /** @type {string | undefined} */
    this.mode = undefined;
    /** @type {Instant | null | undefined} */
    this.shownDue = undefined;
    this.time = h("p.clock-time", { "aria-live": "off" });
    this.date = h("p.clock-day");
    this.modes = h("div.choices", { role: "group", "aria-label": "How fast it runs" });
    this.due = h("p.due");
    this.by = h("input", { placeholder: "PT36H or seconds", "aria-label": "Advance by", name: "by" });
    this.to = h("input", { placeholder: "2026-01-05T09:00:00Z", "aria-label": "Advance to", name: "to" });
    this.element = h(
      "div.simple",
      h("header.page-head", h("h1", "Clock")),
      h(
        "div.simple-content.clock-page",
        h("section.card.clock-face", this.time, this.date, this.modes, this.due),
        h(
          "section.card",
          h("h2", "Move it on"),
          h("p.hint", "Whatever falls due on the way happens at its own time, and the webhooks that it causes are waited for."),
          h("div.buttons", STEPS.map(([advance, words]) => h("button", { "data-test": `advance-${advance}`, onclick: () => this.change({ advance }) }, `+ ${words}`))),
          h("form.row", { onsubmit: (/** @type {any} */ event) => this.submit(event, { advance: this.seconds() }) }, this.by, h("button", { type: "submit" }, "Advance by")),
          h("form.row", { onsubmit: (/** @type {any} */ event) => this.submit(event, { now: this.to.value }) }, this.to, h("button", { type: "submit" }, "Advance to")),
        ),
      ),
    );
    this.unwatch = this.session.clock.watch(() => this.tick());
    this.unheard = this.session.live.on(() => this.readSoon());
  }

  close() {
    this.unwatch();
    this.unheard();
    clearTimeout(this.soon);
  }

  show() {
    this.session.clock.load();
  }

  /** What happens may set timers: when the next is due is read again, seldom. */
  readSoon() {
    this.soon ??= setTimeout(() => {
      this.soon = null;
      this.session.clock.load();
    }, 500);
  }

  seconds() {
    const text = this.by.value.trim();
    return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  }

  /**
   * @param {any} event
   * @param {object} wish
   */
  submit(event, wish) {
    event.preventDefault();
    this.change(wish);
  }

  /** @param {object} wish */
  change(wish) {
    return trying(this.session.clock.change(wish));
  }

  tick() {
    const { clock } = this.session;
    this.time.textContent = clockSeconds(clock.now());
    this.date.textContent = `${day(clock.now())} UTC`;
    const known = MODES.some(([mode]) => mode === clock.mode) ? MODES : [...MODES, [clock.mode, clock.mode]];
    if (this.mode !== clock.mode) {
      this.mode = clock.mode;
      redraw(this.modes, known.map(([mode, words]) =>
        h("button", { "data-test": `clock-${mode}`, "aria-pressed": String(mode === clock.mode), onclick: () => this.change({ mode }) }, words),
      ));
    }
    this.showDue({ nextDue: clock.nextDue ?? null });
  }

  /** @param {{ nextDue: Instant | null }} of */
  showDue({ nextDue }) {
    if (this.shownDue !== nextDue) {
      this.shownDue = nextDue;
      this.dueTime = h("span");
      const go = () => this.change({ now: nextDue });
      redraw(this.due, nextDue ? [h("span", "Next timer ", this.dueTime), h("button", { onclick: go }, icon("forward"), "Advance to it")] : [h("span.hint", "No timer is set.")]);
    }
    if (nextDue) {
      this.dueTime.textContent = relative(nextDue, this.session.clock.now());
      this.dueTime.title = exactly(nextDue);
    }
  }
}
