// Debugger alerts: what Twilio would tell the developers of an app that is wrong with it. And hints:
// why an app was told nothing, which Twilio would not say.

import { h, icon } from "../dom.js";
import { readable } from "../inspector/exchange.js";
import { pairsOf, raw, table } from "../inspector/json.js";
import { whereIs } from "../inspector/where.js";
import { asSentence, exactly, plainly } from "../words.js";
import { SimplePage } from "./simple.js";

const PAGE = 200; // alerts that are read at once
const HINTS = 100;

/** `#/alerts/{sid}` */
export default class AlertsPage extends SimplePage {
  get title() {
    return "Debugger alerts";
  }

  /** @param {{ type: string }} of */
  changes({ type }) {
    return type === "debugger.alert" || type === "hint";
  }

  async fetch() {
    this.shown = this.shown ?? PAGE;
    const [{ alerts, next, note }, { entries }] = await Promise.all([
      this.session.api.get("/alerts", { limit: this.shown }),
      this.session.api.get("/journal", { kinds: "hint", newest: HINTS }),
    ]);
    return { alerts: alerts.reverse(), more: Boolean(next), lacks: note ?? "", hints: entries.reverse() };
  }

  /** @param {{ alerts: Listed[], more: boolean, lacks: string, hints: Entry[] }} of */
  draw({ alerts, more, lacks, hints }) {
    return [
      ...hints.map((/** @type {any} */ each) => this.hint(each)),
      !alerts.length && h("p.empty", hints.length ? "No alerts." : "No alerts. A webhook that fails raises one."),
      ...alerts.map((/** @type {any} */ each) => this.alert(each)),
      more && h("button", { onclick: () => this.readMore() }, "Older alerts"),
      !more && lacks && h("p.hint", { "data-test": "dropped" }, asSentence(lacks)),
    ];
  }

  readMore() {
    this.shown = (this.shown ?? PAGE) + PAGE;
    return this.read();
  }

  /** @param {Listed} it */
  hint(it) {
    return h(
      "section.card.hint-card",
      { "data-test": "hint" },
      h("div.card-head", h("span.tag.warn", "hint"), h("strong", "Nobody was told"), h("span.grow"), h("time", { title: exactly(it.at) }, this.stamp(it.at))),
      h("p", plainly(it.words)),
      h("p", h("a", { href: this.console.address(["numbers", it.about]) }, "Webhooks of numbers and services"), ", ", this.about(it.subject)),
    );
  }

  /** @param {string} sid */
  about(sid) {
    const place = whereIs(sid);
    return h("span", "about ", place ? h("a.mono", { href: this.console.address(place) }, sid) : h("code", sid));
  }

  /** @param {Listed} it */
  alert(it) {
    return h(
      "details.card.alert",
      { open: it.sid === this.path[1] || this.opened.has(it.sid), "data-test": "alert", "data-sid": it.sid, ontoggle: (/** @type {{ target: any }} */ { target }) => this.opened[target.open ? "add" : "delete"](it.sid) },
      h(
        "summary.card-head",
        { title: "What was asked and answered" },
        icon("forward"),
        h("span.tag", { class: `tag ${it.log_level === "error" ? "bad" : "warn"}` }, `${it.log_level} ${it.error_code}`),
        h("strong", plainly(it.alert_text)),
        h("span.grow"),
        h("time", { title: exactly(it.date_generated) }, this.stamp(it.date_generated)),
        it.request_url && h("code.asked", `${it.request_method} ${it.request_url}`),
      ),
      h("p", this.about(it.resource_sid), " ", h("a", { href: this.console.address(["alerts", it.sid]) }, "Link to this alert")),
      it.request_url && h("p", h("code", `${it.request_method} ${it.request_url}`)),
      it.request_variables && (it.request_variables.startsWith("{") ? readable(it.request_variables, "Body") : table(pairsOf(it.request_variables), "Parameters")),
      it.response_body && raw(it.response_body, "Response"),
    );
  }
}
