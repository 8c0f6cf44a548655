// Content templates: how each type of them looks on a phone, and what WhatsApp thinks of them.

import { at } from "../api.js";
import { h } from "../dom.js";
import { part } from "../inspector/exchange.js";
import { json } from "../inspector/json.js";
import { interactive } from "../phones/interactive.js";
import { body } from "../phones/bubble.js";
import { plainly } from "../words.js";
import { SimplePage } from "./simple.js";

const STATUSES = ["unsubmitted", "received", "pending", "approved", "rejected", "paused", "disabled"];

/** `#/templates/{sid}` */
export default class TemplatesPage extends SimplePage {
  get title() {
    return "Templates";
  }

  /** @param {{ event: any }} of */
  changes({ event }) {
    return event?.startsWith("Content") ?? false;
  }

  async fetch() {
    return (await this.session.api.get("/content")).contents;
  }

  /** @param {Listed[]} contents */
  draw(contents) {
    const [, wanted] = this.path;
    if (!contents.length) return h("p.empty", "No template yet. An app makes them with Twilio's Content API.");
    return contents
      .toSorted((/** @type {any} */ one, /** @type {any} */ two) => Number(two.sid === wanted) - Number(one.sid === wanted))
      .map((/** @type {any} */ each) => this.card(each, each.sid === wanted));
  }

  /**
   * @param {Listed} it
   * @param {any} wanted
   */
  card(it, wanted) {
    const good = it.approval.status === "approved";
    return h(
      "section.card.template",
      { "data-test": "template", "data-sid": it.sid, class: `card template ${wanted ? "wanted" : ""}` },
      h(
        "div.card-head",
        h("h2", h("bdi", plainly(it.friendly_name) || "Template")),
        h("span.tag", it.language),
        h("span.tag", { class: `tag ${good ? "good" : it.approval.status === "rejected" ? "bad" : ""}` }, it.approval.status),
        h("span.grow"),
        h("a.mono", { href: this.console.address(["templates", it.sid]) }, it.sid),
      ),
      h("div.looks", it.looks.map((/** @type {any} */ each) => this.look(each))),
      it.approval.rejection_reason && h("p.hint", plainly(it.approval.rejection_reason)),
      this.approval(it),
      part("As JSON", () => json(it)),
    );
  }

  /** @param {Listed} it */
  look(it) {
    return h("figure.look", h("figcaption", h("small", it.type)), h("div.bubble", it.text && body(it.text), interactive(it, null)));
  }

  /** @param {Listed} it */
  approval(it) {
    const status = h("select", { "aria-label": "Status", name: "status" }, STATUSES.map((each) => h("option", { value: each, selected: each === it.approval.status }, each)));
    const reason = h("input", { placeholder: "Reason, when it is rejected", "aria-label": "Reason", name: "reason" });
    /** @param {any} event */
    const change = (event) => {
      event.preventDefault();
      this.after(this.session.api.post(at`/content/${it.sid}/approval`, { status: status.value, reason: reason.value }), event.target);
    };
    return h("form.row.approval", { onsubmit: change }, h("span.hint", "WhatsApp says"), status, reason, h("button", { type: "submit" }, "Say so"));
  }
}
