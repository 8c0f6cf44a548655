// The calls to a phone: those that ring or go on, and the last one that was over.

import { at } from "../api.js";
import { arrange, h, icon, iconButton } from "../dom.js";
import { trying } from "../toast.js";
import { plainly } from "../words.js";

const LIVE = ["ringing", "in-progress"];
const WORDS = {
  ringing: "Incoming call",
  "in-progress": "Call",
  completed: "Call ended",
  busy: "Turned away",
  "no-answer": "Missed call",
  failed: "Call failed",
};
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

/** The cards of one phone's calls, kept up to date. */
export class CallCards {
  /**
   * @param {Session} session
   * @param {string} address
   */
  constructor(session, address) {
    this.session = session;
    this.address = address;
    /** @type {Listed[]} */
    this.calls = [];
    this.cards = new Map(); // by id: { shown, element }
    this.element = h("div.phone-calls", { "aria-live": "polite" });
    this.unheard = session.live.on((events) => {
      if (events === null || events.some((event) => this.concerns(event))) this.read();
    });
    this.read();
  }

  close() {
    this.unheard();
  }

  /** @param {LiveEvent} of */
  concerns({ event, fields }) {
    return fields?.call?.handset === this.address || (event === "CallsCleared" && fields.handset === this.address);
  }

  /** Reads anew; what changes meanwhile is read in the next turn. */
  async read() {
    if (this.reading) {
      this.again = true;
      return;
    }
    this.reading = true;
    do {
      this.again = false;
      try {
        this.calls = (await this.session.api.get(at`/handsets/${this.address}/calls`, { limit: 10 })).calls;
        this.draw();
      } catch {
        // The phone or the emulator is gone: the part that shows this hears of either by itself.
      }
    } while (this.again);
    this.reading = false;
  }

  draw() {
    const live = this.calls.filter((each) => LIVE.includes(each.status));
    const over = this.calls.filter((each) => each.date_ended !== null).slice(-1);
    arrange(this.element, [...live, ...(live.length ? [] : over)].map((each) => this.card(each)));
  }

  /** @param {Listed} call */
  card(call) {
    const shown = JSON.stringify(call);
    const known = this.cards.get(call.id);
    if (known?.shown === shown) return known.element;
    const element = h(
      "section.call-card",
      { "data-test": "phone-call", "data-call": call.id, "data-status": call.status, class: `call-card ${call.status}`, tabindex: "-1", "aria-label": `Call from ${call.from}` },
      h("div.call-head", icon("ring"), h("div.call-name", h("strong", h("bdi", call.from)), h("small", wordsOf(call.status))), h("span.grow"), ...this.deeds(call)),
      call.spoken.length > 0 && h("blockquote.call-words", call.spoken.map((/** @type {string} */ each) => h("p", plainly(each)))),
      call.send_digits && h("p.hint", "The caller pressed ", h("code", call.send_digits)),
      call.status === "in-progress" && this.keypad(call),
    );
    const active = known?.element.contains(document.activeElement) ? document.activeElement : null;
    known?.element.replaceWith(element);
    if (active) {
      const name = active.getAttribute("aria-label");
      const same = [...element.querySelectorAll("button")].find((each) => each.getAttribute("aria-label") === name && each.textContent === active.textContent);
      (same ?? element).focus();
    }
    this.cards.set(call.id, { shown, element });
    return element;
  }

  /** @param {Listed} call */
  deeds(call) {
    if (!LIVE.includes(call.status)) return [iconButton("close", "Forget the calls that are over", () => trying(this.session.api.delete(at`/handsets/${this.address}/calls`)), { "data-test": "forget-calls" })];
    const hangUp = h("button.danger", { "data-test": "hang-up", onclick: () => this.post(call, "hang-up") }, "Hang up");
    if (call.status === "in-progress") return [hangUp];
    return [h("button.primary", { "data-test": "answer", onclick: () => this.post(call, "answer") }, "Answer"), hangUp];
  }

  /** @param {Listed} call */
  keypad(call) {
    return h(
      "div.keypad",
      { role: "group", "aria-label": "Keys" },
      KEYS.map((key) => h("button", { "aria-label": `Key ${key}`, "data-test": "key", onclick: () => this.post(call, "press", { digits: key }) }, key)),
      call.pressed && h("output.pressed", { "aria-label": "Pressed" }, call.pressed),
    );
  }

  /**
   * @param {Listed} call
   * @param {string} deed
   * @param {object} [body]
   */
  post(call, deed, body) {
    return trying(this.session.api.post(`${at`/handsets/${this.address}/calls/${call.id}`}/${deed}`, body));
  }
}

/** @param {string} status */
const wordsOf = (status) => /** @type {Record<string, string>} */ (WORDS)[status] ?? status;
