// Who does not want to hear from a number or a messaging service any more.

import { h, iconButton } from "../dom.js";
import { part } from "../inspector/exchange.js";
import { json } from "../inspector/json.js";
import { exactly } from "../words.js";
import { SimplePage, grid } from "./simple.js";

/** `#/optouts` */
export default class OptOutsPage extends SimplePage {
  get title() {
    return "Opt-outs";
  }

  /** @param {{ type: string }} of */
  changes({ type }) {
    return type === "optout.changed";
  }

  fetch() {
    return this.session.api.get("/optouts");
  }

  /** @param {{ optouts: Listed[], advanced: Listed[] }} of */
  draw({ optouts, advanced }) {
    const rows = optouts.map((/** @type {any} */ each) => [
      h("a", { href: this.console.address(["handsets", each.recipient]) }, each.recipient),
      h("span.mono", each.scope),
      exactly(each.date_created),
      iconButton("trash", `Opt ${each.recipient} in again`, () => this.after(this.session.api.delete("/optouts", { recipient: each.recipient, scope: each.scope }))),
    ]);
    return h(
      "section.card",
      h("p.hint", "A phone that texts STOP is listed here. For a number in a messaging service, it has opted out of the whole service."),
      grid("Opt-outs", ["Phone", "From", "Since", ""], rows, "Nobody has opted out."),
      this.form(),
      advanced.length > 0 && part("Advanced opt-out", () => json(advanced)),
    );
  }

  form() {
    const recipient = h("input", { placeholder: "+12025550199", "aria-label": "Phone", required: true });
    const { messaging_service_sid: service, numbers } = this.session.account;
    const scope = h("select", { "aria-label": "From" }, [service, ...numbers].map((each) => h("option", { value: each }, each)));
    /** @param {any} event */
    const add = (event) => {
      event.preventDefault();
      this.after(this.session.api.put("/optouts", { recipient: recipient.value.trim(), scope: scope.value }), event.target);
    };
    return h("form.row", { "data-test": "opt-out", onsubmit: add }, recipient, scope, h("button", { type: "submit" }, "Opt out"));
  }
}
