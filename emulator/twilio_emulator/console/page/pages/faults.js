// What goes wrong on purpose, and what the carrier is like.

import { at } from "../api.js";
import { h, icon, iconButton } from "../dom.js";
import { SimplePage, grid } from "./simple.js";

const RULES = {
  opt_outs: "Opt-outs hold",
  whatsapp_window: "WhatsApp's 24 hours hold",
  any_sender: "Any sender will do",
  auto_provision: "Unknown numbers get a phone",
  magic_numbers_on_live: "Magic numbers on live accounts",
  lookup_at_api: "Landlines are refused at once",
};

// What a rule does: words, the fields that it needs, and the JSON of it.
/** @type {Record<string, [string, string[], (said: any) => object]>} */
const DEEDS = {
  final: ["A message ends as", ["status", "error_code"], (/** @type {any} */ said) => ({ final: { status: said.status, error_code: said.error_code ? Number(said.error_code) : null } })],
  api_error: ["The API answers an error", ["api_error"], (/** @type {any} */ said) => ({ api_error: { status: Number(said.api_error.split(" ")[1]), code: Number(said.api_error.split(" ")[0]) } })],
  delay: ["A message waits longer", ["stage", "ms"], (/** @type {any} */ said) => ({ delay: { stage: said.stage, ms: Number(said.ms) } })],
  hold: ["The receipt is held", [], () => ({ hold: true })],
  drop_callback: ["Callbacks are lost", [], () => ({ drop_callback: true })],
  duplicate_callback: ["Callbacks come twice", [], () => ({ duplicate_callback: true })],
  reorder_callbacks: ["Callbacks overtake each other", [], () => ({ reorder_callbacks: true })],
  corrupt_signature: ["The signature is wrong", [], () => ({ corrupt_signature: true })],
  webhook_timeout: ["The webhook gets no answer", [], () => ({ webhook_timeout: true })],
  segment_loss: ["A segment is lost", ["part"], (/** @type {any} */ said) => ({ segment_loss: Number(said.part) })],
  refuse: ["A client SDK is not let in", ["socket"], (/** @type {any} */ said) => ({ socket: { refuse: { status: Number(said.socket) } } })],
  drop_after: ["A client SDK loses its connection", ["drop_after"], (/** @type {any} */ said) => ({ socket: { drop_after: Number(said.drop_after) } })],
  delay_ms: ["A client SDK waits for answers", ["ms"], (/** @type {any} */ said) => ({ socket: { delay_ms: Number(said.ms) } })],
};

// What a field is asked with: words, and an input of what the emulator knows.
/** @type {Record<string, [string, (known: any) => HTMLElement]>} */
const FIELDS = {
  status: ["Status", ({ final_statuses: known }) => options("status", known.map((/** @type {any} */ each) => [each, each]))],
  error_code: ["Error code", ({ error_codes: known }) => options("error_code", [...known.map((/** @type {any} */ each) => [each.code, `${each.code} ${each.message}`]), ["", "none"]], 30003)],
  api_error: ["Error", ({ api_errors: known }) => options("api_error", known.map((/** @type {any} */ each) => [`${each.code} ${each.status}`, `${each.code} ${each.message} (${each.status})`]), "20429 429")],
  stage: ["While it is", ({ stages: known }) => options("stage", known.map((/** @type {any} */ each) => [each, each]), "sent")],
  ms: ["Milliseconds", () => number("ms", 1000)],
  part: ["Segment", () => number("part", 1, 1)],
  socket: ["Status", () => options("socket", [[401, "401 its token is wrong"], [403, "403 it may not"], [429, "429 too many"], [503, "503 try again"]])],
  drop_after: ["After so many requests", () => number("drop_after", 0)],
};
/** @type {Record<string, [string, () => HTMLElement]>} */
const MATCHES = {
  to: ["If it is to", () => text("to", "+1202555*")],
  from: ["and from", () => text("from", "+12025550100")],
  body: ["and says", () => text("body", "regex:code")],
  channel: ["on the channel", () => options("channel", [["", "any"], ["sms", "SMS"], ["mms", "MMS"], ["whatsapp", "WhatsApp"], ["rcs", "RCS"], ["messenger", "Messenger"]])],
  direction: ["which goes", () => options("direction", [["", "either way"], ["outbound", "to a phone"], ["inbound", "from a phone"]])],
};
/** @type {Record<string, [string, () => HTMLElement]>} */
const OF_CLIENTS = { identity: ["If its identity is", () => text("identity", "alice")] };

/** `#/faults` */
export default class FaultsPage extends SimplePage {
  get title() {
    return "Faults and carrier";
  }

  /** @param {{ event: any }} of */
  changes({ event }) {
    return event === "FaultHappened" || event === "CarrierChanged";
  }

  async fetch() {
    const [{ faults }, carrier, known] = await Promise.all(["/faults", "/carrier", "/choices"].map((path) => this.session.api.get(path)));
    return { faults, carrier, known };
  }

  /** @param {{ faults: Listed[], carrier: any, known: any }} of */
  draw({ faults, carrier, known }) {
    return [
      h("section.card", h("h2", "Rules"), h("p.hint", "Tried in this order. The first that matches a message is bound to it, and counts down."), this.rules(faults), this.form(known, faults.length > 0)),
      h("section.card", h("h2", "Carrier"), this.carrier(carrier, known)),
    ];
  }

  /** @param {Listed[]} faults */
  rules(faults) {
    const rows = faults.map((/** @type {any} */ rule) => [
      Object.entries(rule.match ?? {}).map(([name, value]) => h("span.pair", h("small", name), " ", h("code", value))),
      h("code", JSON.stringify(rule.do)),
      rule.times === null ? "always" : `${rule.times} ×`,
      iconButton("trash", "Remove the rule", () => this.after(this.session.api.delete(at`/faults/${rule.id}`)), { "data-test": "remove-fault" }),
    ]);
    return grid("Rules", ["For", "Does", "Left", ""], rows, "Nothing goes wrong on purpose.");
  }

  /**
   * @param {any} known
   * @param {any} some
   */
  form(known, some) {
    const details = h("span.deed-fields");
    const matches = h("div.row");
    const kind = h("select", { name: "kind", "data-test": "fault-kind", onchange: () => showDetails() }, Object.entries(DEEDS).map(([name, [words]]) => h("option", { value: name }, words)));
    const showDetails = () => {
      details.replaceChildren(...DEEDS[kind.value][1].map((/** @type {string} */ name) => field(FIELDS[name][0], FIELDS[name][1](known))));
      matches.replaceChildren(...Object.values(isOfClients(kind.value) ? OF_CLIENTS : MATCHES).map(([words, make]) => field(words, make())));
    };
    showDetails();
    const form = h(
      "form.rule-form",
      { onsubmit: (/** @type {any} */ event) => this.add(event, form) },
      h("div.row", field("What goes wrong", kind), details, field("How often", number("times", "", 1, "always"))),
      matches,
      h(
        "div.buttons",
        h("button.primary", { type: "submit", "data-test": "add-fault" }, icon("fault"), "Add the rule"),
        some && h("button", { onclick: () => this.after(this.session.api.delete("/faults")) }, "Remove all"),
      ),
    );
    return form;
  }

  /**
   * @param {any} event
   * @param {any} form
   */
  add(event, form) {
    event.preventDefault();
    /** @type {Record<string, any>} */
    const said = Object.fromEntries(new FormData(form));
    const names = Object.keys(isOfClients(said.kind) ? OF_CLIENTS : MATCHES);
    const match = Object.fromEntries(names.filter((name) => said[name]).map((name) => [name, said[name]]));
    this.after(this.session.api.post("/faults", { match, do: DEEDS[said.kind][2](said), times: said.times ? Number(said.times) : null }), form);
  }

  /**
   * @param {any} carrier
   * @param {any} known
   */
  carrier(carrier, known) {
    /** @param {object} wish */
    const change = (wish) => this.after(this.session.api.patch("/carrier", wish));
    const profile = h("select", { "aria-label": "Profile", onchange: () => change({ profile: profile.value }) }, known.carrier_profiles.map((/** @type {string} */ name) => h("option", { value: name, selected: name === carrier.profile }, name)));
    return h(
      "div.carrier",
      h("label.field", h("span", "Profile"), profile),
      h("div.flags", Object.entries(RULES).map(([name, words]) =>
        h("label.flag", h("input", { type: "checkbox", checked: carrier[name], onchange: (/** @type {any} */ event) => change({ [name]: event.target.checked }) }), words),
      )),
    );
  }
}

/**
 * @param {string} words
 * @param {Content} input
 */
const field = (words, input) => h("label.field", h("span", words), input);

/**
 * @param {string} name
 * @param {any[]} choices
 * @param {string | number} [chosen]
 */
const options = (name, choices, chosen) => h("select", { name }, choices.map((/** @type {any} */ [value, words]) => h("option", { value, selected: String(value) === String(chosen) }, words)));
/** @type {(name: string, value: any, min?: number, placeholder?: string | null) => HTMLInputElement} */
const number = (name, value, min = 0, placeholder = null) => h("input", { name, type: "number", min, value, placeholder, required: placeholder === null });
/**
 * @param {string} name
 * @param {string} placeholder
 */
const text = (name, placeholder) => h("input", { name, placeholder });
/** @param {string} kind */
const isOfClients = (kind) => ["refuse", "drop_after", "delay_ms"].includes(kind);
