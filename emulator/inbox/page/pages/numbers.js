// Numbers and services: where texts come from and go to, and whom their webhooks call.

import { at } from "../api.js";
import { h } from "../dom.js";
import { trying } from "../toast.js";
import { plainly } from "../words.js";
import { SimplePage, grid } from "./simple.js";

/** `#/numbers` */
export class NumbersPage extends SimplePage {
  get title() {
    return "Numbers and services";
  }

  changes({ event }) {
    return /^(Number|MessagingService|Service|Webhook)/.test(event ?? "");
  }

  async fetch() {
    const [{ numbers }, services] = await Promise.all([this.session.api.get("/numbers"), this.session.api.get("/services")]);
    return { numbers, ...services };
  }

  draw({ numbers, messaging, conversations }) {
    return [
      h("section.card", h("h2", "Numbers"), grid("Numbers", ["Number", "Kind", "Can", "Messaging service", "Texts are reported to"], numbers.map((each) => this.number(each)), "No number.")),
      h("section.card", h("h2", "Messaging services"), grid("Messaging services", ["Service", "Senders", "Settings"], messaging.map((each) => this.messaging(each)), "No messaging service.")),
      h("section.card", h("h2", "Conversation services"), grid("Conversation services", ["Service", "Webhooks", "Filters"], conversations.map((each) => this.rooms(each)), "No conversation service.")),
    ];
  }

  number(it) {
    return [
      h("strong", it.address),
      h("span", h("span.tag", it.kind), it.sandbox_code && h("span.tag.accent", `join ${it.sandbox_code}`)),
      it.capabilities.join(", "),
      it.messaging_service_sid ? h("span.mono", short(it.messaging_service_sid)) : none(),
      this.url(it),
    ];
  }

  /** Where the texts of a number are reported, to be changed. */
  url(it) {
    if (it.kind === "whatsapp") return it.sms_url ? h("span.mono", it.sms_url) : none();
    const input = h("input", { value: it.sms_url, placeholder: "http://localhost:3000/sms", "aria-label": `Webhook of ${it.address}`, type: "url" });
    const save = async (event) => {
      event.preventDefault();
      input.blur();
      if (await trying(this.session.api.patch(at`/numbers/${it.address}`, { sms_url: input.value }))) this.read();
    };
    return h("form.row", { onsubmit: save }, input, h("button", { type: "submit" }, "Set"));
  }

  messaging(it) {
    const settings = [it.sticky_sender && "sticky", it.smart_encoding && "smart encoding", it.us_app_to_person_registered && "registered", `valid ${it.validity_period} s`];
    return [
      h("span", h("strong", plainly(it.friendly_name) || "Service"), h("br"), h("small.mono", it.sid)),
      it.senders.join(", ") || none(),
      h("span", settings.filter(Boolean).join(", "), it.inbound_request_url && h("code.block", it.inbound_request_url)),
    ];
  }

  rooms(it) {
    return [
      h("span", h("strong", plainly(it.friendly_name) || "Service"), h("br"), h("small.mono", it.sid)),
      it.pre_webhook_url || it.post_webhook_url
        ? h("span", it.pre_webhook_url && h("code.block", `before ${it.pre_webhook_url}`), it.post_webhook_url && h("code.block", `after ${it.post_webhook_url}`))
        : none(),
      it.filters.join(", ") || none(),
    ];
  }
}

const none = () => h("span.hint", "none");
const short = (sid) => `${sid.slice(0, 6)}…${sid.slice(-4)}`;
