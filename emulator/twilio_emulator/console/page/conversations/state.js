// The state of a conversation and its timers, with buttons that move the clock to them.

import { h, icon } from "../dom.js";
import { begunForms, redraw } from "../kept.js";
import { facts } from "../inspector/inspector.js";
import { part } from "../inspector/exchange.js";
import { json } from "../inspector/json.js";
import { say, trying } from "../toast.js";
import { exactly, relative } from "../words.js";

const STATES = ["active", "inactive", "closed"];

/** State, timers, attributes and webhooks of one conversation. */
export class State {
  /**
   * @param {Session} session
   * @param {string} path
   */
  constructor(session, path) {
    this.session = session;
    this.path = path;
    /** @type {any[][]} */
    this.times = []; // [element, instant]
    this.element = h("div.conversation-state");
    this.begun = begunForms(this.element);
  }

  /** @param {Listed} it */
  show(it) {
    /** @type {any[][]} */
    this.times = [];
    const { timers } = it;
    const parts = [
      h("section", h("h2", "State"), h("div.choices", { role: "group", "aria-label": "State" }, STATES.map((state) => this.choice(it, state)))),
      h(
        "section",
        h("h2", "Timers"),
        this.timer("Inactive", timers.date_inactive, it.state === "active"),
        this.timer("Closed", timers.date_closed, it.state !== "closed"),
        it.state !== "closed" && this.timersForm(timers),
      ),
      h("section", h("h2", "Attributes"), this.attributes(it)),
      h("section", h("h2", "More"), facts([
        ["Created by", it.created_by],
        ["Created", exactly(it.date_created)],
        ["Unique name", it.unique_name ?? "none"],
        ["Service", h("span.mono", it.service_sid)],
      ])),
      it.webhooks.length > 0 && h("section", h("h2", "Webhooks"), h("ul.plain", it.webhooks.map((/** @type {any} */ each) => h("li", h("span.tag", each.target), " ", each.url ?? "")))),
      part("As JSON", () => json(it)),
    ];
    redraw(this.element, parts.filter(Boolean), this.begun);
    this.showTime();
  }

  /**
   * @param {Listed} it
   * @param {string} state
   */
  choice(it, state) {
    return h("button", { "data-test": `state-${state}`, "aria-pressed": String(it.state === state), disabled: it.state === "closed", onclick: () => this.change({ state }) }, state);
  }

  /**
   * Asks for a change; a form whose wish is refused stays, to be mended.
   * @param {object} wish
   * @param {HTMLFormElement | null} [form]
   */
  async change(wish, form = null) {
    if ((await trying(this.session.api.patch(this.path, wish))) && form) this.begun.delete(form);
  }

  /**
   * When a timer fires, and a button that moves the clock there.
   * @param {string} name
   * @param {Instant} instant
   * @param {any} running
   */
  timer(name, instant, running) {
    if (!instant || !running) return h("p.timer", h("span", name), h("span.hint", instant ? "over" : "not set"));
    const time = h("span.hint", { title: exactly(instant) });
    this.times.push([time, instant]);
    const advance = async () => {
      if (await trying(this.session.clock.change({ now: instant }).then(() => true))) say(`The clock shows ${exactly(instant)}`);
    };
    return h("p.timer", h("span", name), time, h("button", { onclick: advance, title: "Move the clock on until then" }, icon("clock"), "Advance", h("span.unseen", ` the clock until ${name.toLowerCase()}`)));
  }

  /** @param {any} timers */
  timersForm(timers) {
    const inactive = h("input", { placeholder: "PT10M", "aria-label": "Inactive after", value: duration(timers.inactive_after) });
    const closed = h("input", { placeholder: "P1D", "aria-label": "Closed after", value: duration(timers.closed_after) });
    /** @param {any} event */
    const set = (event) => {
      event.preventDefault();
      const wish = {};
      if (inactive.value) wish.timers_inactive = inactive.value;
      if (closed.value) wish.timers_closed = closed.value;
      this.change(wish, event.target);
    };
    return h("form.row", { onsubmit: set }, inactive, closed, h("button", { type: "submit" }, "Set"));
  }

  /** @param {Listed} it */
  attributes(it) {
    const text = h("textarea", { "aria-label": "Attributes", rows: "3", spellcheck: "false", value: it.attributes });
    /** @param {any} event */
    const save = (event) => {
      event.preventDefault();
      this.change({ attributes: text.value }, event.target);
    };
    return h("form.attributes-form", { onsubmit: save }, text, it.state !== "closed" && h("button", { type: "submit" }, "Save attributes"));
  }

  showTime() {
    for (const [element, instant] of this.times) element.textContent = relative(instant, this.session.clock.now());
  }
}

/**
 * Seconds as an ISO 8601 duration.
 * @param {number} seconds
 */
const duration = (seconds) => (seconds ? `PT${seconds}S` : "");
