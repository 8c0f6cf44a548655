// Numbers and services: where texts come from and go to, and whom their webhooks call. All of that can
// be changed here.

import { at } from "../api.js";
import { h, icon } from "../dom.js";
import { plainly } from "../words.js";
import { SimplePage } from "./simple.js";

const SMS = "http://localhost:3000/sms";
const TALK = "http://localhost:3000/conversations";
const METHODS = ["POST", "GET"];

// What can be set: the field of the API, its words, and an example.
const OF_NUMBERS = [
  ["sms_url", "A text comes in", SMS, "sms_method"],
  ["sms_fallback_url", "That fails", "http://localhost:3000/fallback", "sms_fallback_method"],
];
const OF_SENDERS = [...OF_NUMBERS, ["status_callback", "A message has another status", "http://localhost:3000/status", "status_callback_method"]];
const OF_POOLS = [
  ["inbound_request_url", "A text comes in", SMS, "inbound_method"],
  ["fallback_url", "That fails", "http://localhost:3000/fallback", "fallback_method"],
  ["status_callback", "A message has another status", "http://localhost:3000/status"],
];
const OF_ROOMS = [
  ["pre_webhook_url", "Before it happens (PreWebhookUrl)", TALK],
  ["post_webhook_url", "After it happened (PostWebhookUrl)", TALK],
];

/** `#/numbers/{number or sid}` */
export default class NumbersPage extends SimplePage {
  get title() {
    return "Numbers and services";
  }

  /** @param {{ event: any }} of */
  changes({ event }) {
    return /^(Number|MessagingService|Service|Webhook)/.test(event ?? "");
  }

  async fetch() {
    const [{ numbers }, services, { conversation_events: events }] = await Promise.all([
      this.session.api.get("/numbers"),
      this.session.api.get("/services"),
      this.session.api.get("/choices"),
    ]);
    return { numbers, ...services, events };
  }

  /** @param {{ numbers: Listed[], webhooks: Listed[], messaging: Listed[], conversations: Listed[], events: string[] }} of */
  draw({ numbers, webhooks, messaging, conversations, events }) {
    return [
      section("Numbers", numbers.map((/** @type {any} */ each) => this.number(each)), "No number."),
      section("Messaging services", messaging.map((/** @type {any} */ each) => this.pool(each)), "No messaging service."),
      section("Conversations", [
        this.room(webhooks, events, "The account", "for every service without webhooks of its own", "/conversation-webhooks"),
        ...conversations.map((/** @type {any} */ each) => this.room(each, events, plainly(each.friendly_name) || "Service", each.sid, at`/services/${each.sid}`)),
      ], "No conversation service."),
    ];
  }

  /**
   * One thing that has webhooks: its name, what is known of it, and forms to change them.
   * @param {string} key
   * @param {string} name
   * @param {any} about
   * @param {Content} tags
   * @param {Content} reported
   * @param {any} form
   */
  entry(key, name, about, tags, reported, form) {
    return h(
      "details.entry-card",
      { open: key === this.path[1] || this.opened.has(key), "data-test": `webhooks-of-${key}`, ontoggle: (/** @type {{ target: any }} */ { target }) => this.opened[target.open ? "add" : "delete"](key) },
      h("summary", icon("forward"), h("span.row-words", h("strong", name), h("small", about)), tags, h("span.grow"), reported),
      form,
    );
  }

  /**
   * A number shows at once where its texts are reported; the rest is unfolded.
   * @param {Listed} it
   */
  number(it) {
    const fields = it.kind === "whatsapp" ? OF_SENDERS : OF_NUMBERS;
    const about = [it.capabilities.join(", "), it.messaging_service_sid && `in ${short(it.messaging_service_sid)}`].filter(Boolean).join(", ");
    const path = at`/numbers/${it.address}`;
    return h(
      "div.entry-card",
      { "data-test": `webhooks-of-${it.address}`, class: `entry-card ${it.address === this.path[1] ? "wanted" : ""}` },
      h(
        "div.number-head",
        h("span.row-words", h("strong", it.address), h("small", about)),
        h("span.tag", it.kind),
        it.sandbox_code && h("span.tag.accent", `join ${it.sandbox_code}`),
        this.quick(it, path),
      ),
      h(
        "details",
        { open: this.opened.has(it.address), ontoggle: (/** @type {{ target: any }} */ { target }) => this.opened[target.open ? "add" : "delete"](it.address) },
        h("summary", icon("forward"), "All its webhooks"),
        this.form(it, path, fields),
      ),
    );
  }

  /**
   * Where the texts of a number are reported.
   * @param {Listed} it
   * @param {string} path
   */
  quick(it, path) {
    const input = h("input", { value: it.sms_url, placeholder: SMS, "aria-label": `Webhook of ${it.address}`, type: "url", title: `An URL such as ${SMS}` });
    /** @param {any} event */
    const save = (event) => {
      event.preventDefault();
      input.blur();
      this.after(this.session.api.patch(path, { sms_url: input.value }), event.target);
    };
    return h("form.row", { onsubmit: save }, input, h("button", { type: "submit", "data-test": "set-webhook" }, "Set"));
  }

  /** @param {Listed} it */
  pool(it) {
    const settings = [it.sticky_sender && "sticky", it.smart_encoding && "smart encoding", it.us_app_to_person_registered && "registered", `valid ${it.validity_period} s`];
    const about = `${it.sid}, ${it.senders.join(", ") || "no sender"}`;
    const deferring = h("input", { type: "checkbox", name: "use_inbound_webhook_on_number", checked: it.use_inbound_webhook_on_number });
    const flag = h("label.flag", deferring, "Leave texts to the webhook of the number");
    const reported = it.use_inbound_webhook_on_number ? h("span.hint", "left to the number") : whom(it.inbound_request_url);
    return this.entry(it.sid, plainly(it.friendly_name) || "Service", about, h("small", settings.filter(Boolean).join(", ")), reported, this.form(it, at`/services/${it.sid}`, OF_POOLS, [flag], () => ({ use_inbound_webhook_on_number: deferring.checked })));
  }

  /**
   * @param {Listed} it
   * @param {string[]} events
   * @param {string} name
   * @param {any} about
   * @param {string} path
   */
  room(it, events, name, about, path) {
    const boxes = events.map((/** @type {any} */ event) => h("label.flag", h("input", { type: "checkbox", name: "filters", value: event, checked: it.filters.includes(event) }), event));
    const filters = h("fieldset", h("legend", "Events that are sent"), h("div.flags", boxes));
    /** @param {any} form */
    const read = (form) => ({ filters: new FormData(form).getAll("filters") });
    const urls = [it.pre_webhook_url, it.post_webhook_url].filter(Boolean);
    const reported = urls.length && !it.filters.length ? h("span.tag.warn", "no event is named") : whom(urls.join(", "));
    return this.entry(it.sid ?? "account", name, about, null, reported, this.form(it, path, OF_ROOMS, [filters], read));
  }

  /**
   * @param {any} it
   * @param {string} path
   * @param {any[][]} fields
   * @param {any[]} [besides]
   * @param {(form: HTMLFormElement) => object} [read] what else there is to change
   */
  form(it, path, fields, besides = [], read = () => ({})) {
    /** @param {any} event */
    const save = (event) => {
      event.preventDefault();
      const said = Object.fromEntries(new FormData(form));
      /** @type {Record<string, any>} */
      const wish = { ...read(form) };
      for (const [name, , , method] of fields) {
        wish[name] = String(said[name]).trim();
        if (method) wish[method] = said[method];
      }
      this.after(this.session.api.patch(path, wish), form);
    };
    const form = h(
      "form.webhook-form",
      { onsubmit: save },
      fields.map(([name, words, example, method]) =>
        h(
          "div.row",
          h("label.field", h("span", words), h("input", { name, type: "url", value: it[name], placeholder: example, title: `An URL such as ${example}` })),
          method && h("select", { name: method, "aria-label": `Method, when ${words.toLowerCase()}` }, METHODS.map((each) => h("option", { value: each, selected: each === it[method] }, each))),
        ),
      ),
      besides,
      h("div.buttons", h("button.primary", { type: "submit", "data-test": "save-webhooks" }, "Save")),
    );
    return form;
  }
}

/**
 * @param {string} title
 * @param {Content[]} entries
 * @param {string} empty
 */
const section = (title, entries, empty) => h("section.card", h("h2", title), entries.length ? entries : h("p.empty", empty));
/** @param {string} url */
const whom = (url) => (url ? h("code.whom", url) : h("span.hint", "nobody is told"));
/** @param {string} sid */
const short = (sid) => `${sid.slice(0, 6)}…${sid.slice(-4)}`;
