// What goes wrong on purpose, and what the carrier is like.

import { at } from "../api.js";
import { h, icon, iconButton } from "../dom.js";
import { trying } from "../toast.js";
import { SimplePage, grid } from "./simple.js";

const PROFILES = ["ideal", "realistic", "flaky", "strict-us", "no-dlr"];
const RULES = {
  opt_outs: "Opt-outs hold",
  whatsapp_window: "WhatsApp's 24 hours hold",
  any_sender: "Any sender will do",
  auto_provision: "Unknown numbers get a phone",
  magic_numbers_on_live: "Magic numbers on live accounts",
  lookup_at_api: "Landlines are refused at once",
};

// What a rule does: words, the fields that it needs, and the JSON of it.
const DEEDS = {
  final: ["Ends as", ["status", "error_code"], (said) => ({ final: { status: said.status || "undelivered", error_code: Number(said.error_code) || null } })],
  api_error: ["The API answers an error", ["http", "error_code"], (said) => ({ api_error: { status: Number(said.http) || 429, code: Number(said.error_code) || 20429 } })],
  delay: ["Waits longer", ["stage", "ms"], (said) => ({ delay: { stage: said.stage || "sent", ms: Number(said.ms) || 1000 } })],
  hold: ["The receipt is held", [], () => ({ hold: true })],
  drop_callback: ["Callbacks are lost", [], () => ({ drop_callback: true })],
  duplicate_callback: ["Callbacks come twice", [], () => ({ duplicate_callback: true })],
  reorder_callbacks: ["Callbacks overtake each other", [], () => ({ reorder_callbacks: true })],
  corrupt_signature: ["The signature is wrong", [], () => ({ corrupt_signature: true })],
  webhook_timeout: ["The webhook gets no answer", [], () => ({ webhook_timeout: true })],
  segment_loss: ["A segment is lost", ["part"], (said) => ({ segment_loss: Number(said.part) || 1 })],
};
const WORDS = { status: "Status", error_code: "Error code", http: "HTTP status", stage: "Before", ms: "Milliseconds", part: "Segment" };
const FIELDS = { status: "undelivered", error_code: "30003", http: "429", stage: "sent", ms: "1000", part: "1" };
const MATCHES = { to: ["If it is to", "+1202555*"], from: ["and from", "+12025550100"], body: ["and says", "regex:code"], channel: ["on the channel", "sms"] };

/** `#/faults` */
export class FaultsPage extends SimplePage {
  get title() {
    return "Faults and carrier";
  }

  changes({ event }) {
    return event === "FaultHappened" || event === "CarrierChanged";
  }

  async fetch() {
    const [{ faults }, carrier] = await Promise.all([this.session.api.get("/faults"), this.session.api.get("/carrier")]);
    return { faults, carrier };
  }

  draw({ faults, carrier }) {
    const { console: page, ...shown } = carrier;
    return [
      h("section.card", h("h2", "Rules"), h("p.hint", "Tried in this order. The first that matches a message is bound to it, and counts down."), this.rules(faults), this.form(faults.length > 0)),
      h("section.card", h("h2", "Carrier"), this.carrier(shown)),
    ];
  }

  rules(faults) {
    const rows = faults.map((rule) => [
      Object.entries(rule.match ?? {}).map(([name, value]) => h("span.pair", h("small", name), " ", h("code", value))),
      h("code", JSON.stringify(rule.do)),
      rule.times === null ? "always" : `${rule.times} ×`,
      iconButton("trash", "Remove the rule", () => this.after(this.session.api.delete(at`/faults/${rule.id}`))),
    ]);
    return grid("Rules", ["For", "Does", "Left", ""], rows, "Nothing goes wrong on purpose.");
  }

  async after(call) {
    document.activeElement?.blur();
    await trying(call);
    await this.read();
  }

  form(some) {
    const details = h("span.deed-fields");
    const kind = h("select", { name: "kind", onchange: () => showDetails() }, Object.entries(DEEDS).map(([name, [words]]) => h("option", { value: name }, words)));
    const showDetails = () => details.replaceChildren(...DEEDS[kind.value][1].map((name) => field(WORDS[name], h("input", { name, placeholder: FIELDS[name], size: "9" }))));
    showDetails();
    const form = h(
      "form.rule-form",
      { onsubmit: (event) => this.add(event, form) },
      h("div.row", field("What goes wrong", kind), details, field("How often", h("input", { name: "times", type: "number", min: "1", placeholder: "always" }))),
      h("div.row", Object.entries(MATCHES).map(([name, [words, example]]) => field(words, h("input", { name, placeholder: example })))),
      h(
        "div.buttons",
        h("button.primary", { type: "submit" }, icon("fault"), "Add the rule"),
        some && h("button", { onclick: () => this.after(this.session.api.delete("/faults")) }, "Remove all"),
      ),
    );
    return form;
  }

  add(event, form) {
    event.preventDefault();
    const said = Object.fromEntries(new FormData(form));
    const match = Object.fromEntries(Object.keys(MATCHES).filter((name) => said[name]).map((name) => [name, said[name]]));
    this.after(this.session.api.post("/faults", { match, do: DEEDS[said.kind][2](said), times: said.times ? Number(said.times) : null }));
  }

  carrier(carrier) {
    const change = (wish) => this.after(this.session.api.patch("/carrier", wish));
    const profile = h("select", { "aria-label": "Profile", onchange: () => change({ profile: profile.value }) }, PROFILES.map((name) => h("option", { value: name, selected: name === carrier.profile }, name)));
    return h(
      "div.carrier",
      h("label.field", h("span", "Profile"), profile),
      h("div.flags", Object.entries(RULES).map(([name, words]) =>
        h("label.flag", h("input", { type: "checkbox", checked: carrier[name], onchange: (event) => change({ [name]: event.target.checked }) }), words),
      )),
    );
  }
}

const field = (words, input) => h("label.field", h("span", words), input);
