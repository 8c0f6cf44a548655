// Debugger alerts: what Twilio would tell the developers of an app that is wrong with it.

import { h } from "../dom.js";
import { pairsOf, raw, table } from "../inspector/json.js";
import { clockSeconds, exactly, plainly } from "../words.js";
import { SimplePage } from "./simple.js";

/** `#/alerts/{sid}` */
export class AlertsPage extends SimplePage {
  get title() {
    return "Debugger alerts";
  }

  changes({ type }) {
    return type === "debugger.alert";
  }

  async fetch() {
    return (await this.session.api.get("/alerts")).alerts.reverse();
  }

  draw(alerts) {
    this.opened ??= new Set(); // sids of those that somebody unfolded
    if (!alerts.length) return h("p.empty", "No alerts. A webhook that fails raises one.");
    return alerts.map((each) => this.alert(each));
  }

  alert(it) {
    const about = it.resource_sid.startsWith("CH") ? "conversations" : "messages";
    return h(
      "details.card.alert",
      { open: it.sid === this.path[1] || this.opened.has(it.sid), ontoggle: ({ target }) => this.opened[target.open ? "add" : "delete"](it.sid) },
      h(
        "summary.card-head",
        h("span.tag", { class: `tag ${it.log_level === "error" ? "bad" : "warn"}` }, `${it.log_level} ${it.error_code}`),
        h("strong", plainly(it.alert_text)),
        h("span.grow"),
        h("time", { title: exactly(it.date_generated) }, clockSeconds(it.date_generated)),
      ),
      h("p", "About ", h("a.mono", { href: this.console.address([about, it.resource_sid]) }, it.resource_sid), " ", h("a", { href: this.console.address(["alerts", it.sid]) }, "Link to this alert")),
      it.request_url && h("p", h("code", `${it.request_method} ${it.request_url}`)),
      it.request_variables && table(pairsOf(it.request_variables), "Parameters"),
      it.response_body && raw(it.response_body, "Response"),
    );
  }
}
