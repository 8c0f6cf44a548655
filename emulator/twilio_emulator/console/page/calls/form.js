// A form that makes one call of the control API, and shows what is answered.

import { confirming } from "../clear.js";
import { h, icon } from "../dom.js";
import { quoted } from "../inspector/copies.js";
import { json, raw } from "../inspector/json.js";
import { copy } from "../toast.js";
import { ask } from "./asking.js";
import { blamed, filled, isDangerous, Misread, parsed, said } from "./declared.js";
import { inputs } from "./fields.js";

const WHOLE = "body"; // the name of the input that holds a body as it is sent

export class CallForm {
  /**
   * @param {Session} session
   * @param {DeclaredCall} call
   */
  constructor(session, call) {
    this.session = session;
    this.call = call;
    /** @type {AbortController | null} */
    this.asking = null;
    this.isWritten = Boolean(call.body && !call.body.fields); // as JSON or text, rather than in fields
    this.bodyPlace = h("div.call-body");
    this.answer = h("div.call-answer", { "data-test": "call-answer" });
    this.status = h("p.call-status", { role: "status" });
    this.stop = h("button", { hidden: true, onclick: () => this.asking?.abort() }, icon("close"), "Stop");
    this.element = h(
      "form.call-form",
      { onsubmit: (/** @type {Event} */ event) => this.submitted(event), novalidate: true },
      this.part("Path", "path", call.places, (field) => field.example),
      this.part("Query", "query", call.query, (field) => (field.isRequired ? field.example : undefined)),
      call.body && this.body(call.body),
      h(
        "div.buttons",
        h("button", { type: "submit", class: isDangerous(call) ? "danger" : "primary", "data-test": "try-call" }, icon(isDangerous(call) ? "trash" : "play"), "Try it"),
        this.stop,
        h("button", { onclick: () => this.copyCurl() }, icon("copy"), "Copy as curl"),
      ),
      this.status,
      this.answer,
    );
    if (call.body) this.fill(call.body.examples[0]);
  }

  /** Ends what is still waited for. */
  close() {
    this.asking?.abort();
  }

  /**
   * @param {string} title
   * @param {string} prefix
   * @param {DeclaredField[]} fields
   * @param {(field: DeclaredField) => unknown} first what stands there at first
   */
  part(title, prefix, fields, first) {
    if (!fields.length) return null;
    const value = Object.fromEntries(fields.map((field) => [field.name, first(field)]));
    return h("fieldset", h("legend", title), inputs(fields, prefix, this.call.name, value));
  }

  /** @param {DeclaredBody} body */
  body({ type, examples, fields, isJson }) {
    /** @param {unknown} value */
    const words = (value) => shortened(isJson ? JSON.stringify(value) : String(value).split("\n")[0]);
    this.chosen = h(
      "select",
      { "aria-label": "Example", onchange: () => this.fill(examples[Number(this.chosen.value)]) },
      examples.map((value, n) => h("option", { value: n }, words(value))),
    );
    this.asJson = h("button.chip", { "aria-pressed": "false", onclick: () => this.turn() }, "As JSON");
    return h(
      "fieldset",
      h("legend", isJson ? "Body" : `Body, ${type}`),
      h("div.row.call-tools", examples.length > 1 && h("label.row", h("span.hint", "Example"), this.chosen), fields && this.asJson),
      this.bodyPlace,
    );
  }

  /**
   * Shows a body, in fields or as it is sent.
   * @param {any} value
   */
  fill(value) {
    const { body, name } = this.call;
    if (!body) return;
    if (!this.isWritten) {
      this.bodyPlace.replaceChildren(inputs(body.fields ?? [], WHOLE, name, value));
      return;
    }
    const text = body.isJson ? JSON.stringify(value ?? {}, null, 2) : String(value ?? "");
    this.bodyPlace.replaceChildren(
      h("textarea.mono.whole", { name: WHOLE, value: text, rows: Math.min(Math.max(text.split("\n").length + 1, 4), 16), spellcheck: "false", "aria-label": "Body", "aria-describedby": `${name}-${WHOLE}-mistake` }),
      h("p.mistake", { id: `${name}-${WHOLE}-mistake`, "data-of": WHOLE, hidden: true }),
    );
  }

  /** From fields to JSON, or back; what is written is kept. */
  turn() {
    this.attempt(() => {
      const value = this.saidInBody();
      this.isWritten = !this.isWritten;
      this.asJson.setAttribute("aria-pressed", String(this.isWritten));
      this.fill(value);
    });
  }

  /** @returns {any} */
  saidInBody() {
    const { body } = this.call;
    if (!body) return undefined;
    if (!this.isWritten) return said(body.fields ?? [], WHOLE, this.read());
    const [text] = this.read()(WHOLE);
    return body.isJson ? parsed(WHOLE, text.trim() || "{}") : text;
  }

  /** What each input holds. */
  read() {
    const form = new FormData(this.element);
    return (/** @type {string} */ name) => form.getAll(name).map(String);
  }

  /** What is asked, as the form says it now. */
  asked() {
    const { method, path, places, query, body } = this.call;
    const read = this.read();
    const url = this.session.api.url(filled(path, said(places, "path", read)), said(query, "query", read));
    const value = this.saidInBody();
    if (!body) return { method, url };
    return { method, url, type: body.type, content: body.isJson ? JSON.stringify(value) : value };
  }

  /** @param {Event} event */
  submitted(event) {
    event.preventDefault();
    const empty = this.call.places.find(({ name }) => !this.read()(`path.${name}`)[0]?.trim());
    this.unblame();
    if (empty) {
      this.blame(`path.${empty.name}`, `expected ${empty.words || "something"}`);
      return;
    }
    this.attempt(() => {
      const asked = this.asked();
      if (!isDangerous(this.call)) this.go(asked);
      else confirming(`${this.call.method} ${this.call.path}`, `${this.call.summary} It cannot be undone.`, "Do it", () => this.go(asked));
    });
  }

  /** @param {{ method: string, url: string, type?: string, content?: string }} asked */
  async go(asked) {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    this.stop.hidden = false;
    this.status.replaceChildren("Asking…");
    this.answer.replaceChildren();
    try {
      this.show(await ask(asked, asking.signal, (answer) => this.show(answer)));
    } catch {
      if (this.asking === asking) this.status.replaceChildren(asking.signal.aborted ? "Stopped." : "The emulator does not answer.");
    }
    if (this.asking === asking) this.stop.hidden = true;
  }

  /** @param {ControlAnswer} answer */
  show({ status, isGood, text, json: value }) {
    this.status.replaceChildren(h("span", { class: `tag ${isGood ? "good" : "bad"}` }, String(status)), " ", isGood ? (text ? "Answered" : "Done; nothing is answered") : (value?.message ?? "Refused"));
    this.answer.replaceChildren(...(value !== undefined ? [json(value)] : text ? [raw(text, "Answer")] : []));
    const names = [...this.element.querySelectorAll("[data-of]")].map((each) => each.dataset.of);
    const about = isGood ? null : blamed(value?.message ?? "", names);
    if (about) this.blame(about.name, about.words);
  }

  /** @param {() => void} act */
  attempt(act) {
    this.unblame();
    try {
      act();
    } catch (error) {
      if (!(error instanceof Misread)) throw error;
      this.blame(error.field, error.message);
    }
  }

  unblame() {
    for (const each of this.element.querySelectorAll("[data-of]")) each.hidden = true;
    for (const each of this.element.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
  }

  /**
   * Says what is wrong beside the input that it is about.
   * @param {string} name
   * @param {string} words
   */
  blame(name, words) {
    const place = [...this.element.querySelectorAll("[data-of]")].find((each) => each.dataset.of === name);
    if (!place) return;
    place.textContent = words;
    place.hidden = false;
    const input = this.element.elements.namedItem(name);
    if (!(input instanceof HTMLElement)) return; // several boxes
    input.setAttribute("aria-invalid", "true");
    input.focus();
  }

  copyCurl() {
    this.attempt(() => {
      const { method, url, type, content } = this.asked();
      const sent = content === undefined ? [] : [`-H ${quoted(`Content-Type: ${type}`)}`, `--data-binary ${quoted(content)}`];
      copy([`curl -X ${method} ${quoted(location.origin + url)}`, ...sent].join(" \\\n  "), "The curl");
    });
  }
}

/** @param {string} text */
const shortened = (text) => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
