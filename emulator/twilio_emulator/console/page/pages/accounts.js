// Accounts: which there are, what is needed to use them, and looking at another one.

import { at } from "../api.js";
import { h, icon, iconButton } from "../dom.js";
import { copy, trying } from "../toast.js";
import { SimplePage } from "./simple.js";

/** `#/accounts` */
export default class AccountsPage extends SimplePage {
  get title() {
    return "Accounts";
  }

  tools() {
    return h("button.primary", { onclick: () => this.open() }, icon("plus"), "New account");
  }

  async fetch() {
    return (await this.session.api.get("/accounts", { account: null })).accounts;
  }

  /** @param {Listed[]} accounts */
  draw(accounts) {
    return accounts.map((/** @type {any} */ each, /** @type {number} */ n) => this.card(each, n === 0));
  }

  async open() {
    const made = await trying(this.session.api.post("/accounts"));
    if (made) location.hash = `#/handsets?account=${made.account_sid}`;
  }

  /**
   * @param {Listed} it
   * @param {boolean} standard
   */
  card(it, standard) {
    const shown = it.account_sid === this.session.account.account_sid;
    return h(
      "section.card",
      { "data-test": "account-card", "data-sid": it.account_sid, class: `card ${shown ? "wanted" : ""}` },
      h(
        "div.card-head",
        h("h2.mono", it.account_sid),
        standard && h("span.tag", "default"),
        shown && h("span.tag.accent", "shown"),
        h("span.grow"),
        !shown && h("a", { href: standard ? "#/handsets" : `#/handsets?account=${it.account_sid}` }, "Look at it"),
        !standard && iconButton("trash", `Close ${it.account_sid}`, () => this.closeAccount(it, shown)),
      ),
      h("dl.facts-list", [
        this.secret("Auth token", it.auth_token),
        this.secret("API key", it.api_key),
        this.secret("API secret", it.api_secret),
        this.secret("Conversations", it.conversation_service_sid),
        this.secret("Messaging", it.messaging_service_sid),
        this.secret("Sync", it.sync_service_sid),
        [h("dt", "Numbers"), h("dd", it.numbers.join(", "))],
      ]),
      shown && this.token(),
    );
  }

  /**
   * @param {string} name
   * @param {any} value
   */
  secret(name, value) {
    const content = value === null ? h("span.hint", "from the environment, not shown") : [h("span.mono", value), iconButton("copy", `Copy ${name}`, () => copy(value, name))];
    return [h("dt", name), h("dd.secret", content)];
  }

  /**
   * @param {Listed} it
   * @param {any} shown
   */
  async closeAccount(it, shown) {
    await trying(this.session.api.delete(at`/accounts/${it.account_sid}`, { account: null }));
    if (shown) location.hash = "#/accounts";
    else this.read();
  }

  /** An access token for a client SDK. */
  token() {
    const identity = h("input", { placeholder: "alice", "aria-label": "Identity", required: true });
    /** @param {any} event */
    const make = async (event) => {
      event.preventDefault();
      const answer = await trying(this.session.api.post("/tokens", { identity: identity.value.trim(), sync: true }));
      if (answer) copy(answer.token, `Access token for ${identity.value.trim()}`);
    };
    return h("form.row.token", { onsubmit: make }, h("span.hint", "Access token for"), identity, h("button", { type: "submit" }, icon("copy"), "Copy a token"));
  }
}
