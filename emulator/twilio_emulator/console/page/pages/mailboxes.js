// Mailboxes, and the e-mail that is in one.

import { at } from "../api.js";
import { clearButton } from "../clear.js";
import { h, iconButton } from "../dom.js";
import { part } from "../inspector/exchange.js";
import { json } from "../inspector/json.js";
import { copy } from "../toast.js";
import { count, exactly, plainly, when } from "../words.js";
import { SimplePage } from "./simple.js";

/** `#/mailboxes/{address}` */
export default class MailboxesPage extends SimplePage {
  get title() {
    return "Mailboxes";
  }

  /** @param {LiveEvent} of */
  changes({ type }) {
    return type.startsWith("mailbox.");
  }

  /** @param {Pick<Route, "path">} route */
  show({ path }) {
    this.path = path;
    this.read();
  }

  async fetch() {
    const [, address] = this.path;
    const { mailboxes } = await this.session.api.get("/mailboxes");
    const mail = address ? (await this.session.api.get(at`/mailboxes/${address}/messages`)).items : [];
    return { mailboxes, address, mail };
  }

  /** @param {{ mailboxes: Listed[], address: string | undefined, mail: Listed[] }} of */
  draw({ mailboxes, address, mail }) {
    return h("div.mailboxes", this.list(mailboxes, address), address && this.mailbox(address, mail));
  }

  /**
   * @param {Listed[]} mailboxes
   * @param {string | undefined} open
   */
  list(mailboxes, open) {
    if (!mailboxes.length) return h("p.empty", "No e-mail yet. A code that Verify sends by e-mail arrives here.");
    const now = this.session.clock.now();
    const rows = mailboxes.toReversed().map((each) =>
      h(
        "li",
        h(
          "a.mailbox-link",
          { href: this.console.address(["mailboxes", each.address]), "data-test": "mailbox", "data-address": each.address, "aria-current": each.address === open?.toLowerCase() && "true" },
          h("span.row-words", h("strong", h("bdi", plainly(each.address))), h("span.preview", { dir: "auto" }, plainly(each.subject ?? "Nothing in it"))),
          h("span.row-side", each.received_at && h("time", when(each.received_at, now)), h("small", count(each.count, "e-mail"))),
        ),
      ),
    );
    return h("ul.mailbox-list.card", { "aria-label": "Mailboxes" }, rows);
  }

  /**
   * @param {string} address
   * @param {Listed[]} mail
   */
  mailbox(address, mail) {
    return h(
      "section.mailbox",
      { "aria-label": `Mailbox ${address}` },
      h("div.card-head", h("h2", h("bdi", plainly(address))), h("span.grow"), clearButton("Clear this mailbox", "all e-mail in it", () => this.session.api.delete(at`/mailboxes/${address}/messages`))),
      mail.length ? mail.toReversed().map((each) => this.mail(each)) : h("p.empty", "Nothing in it."),
    );
  }

  /** @param {Listed} it */
  mail(it) {
    const sender = it.from_name ? `${it.from_name} <${it.from}>` : it.from;
    return h(
      "article.card.mail",
      { "data-test": "mail", "data-mail": it.id },
      h("div.card-head", h("h3", h("bdi", plainly(it.subject))), h("span.grow"), h("time", exactly(it.received_at))),
      h("p.hint", "From ", h("bdi", plainly(sender)), " to ", h("bdi", plainly(it.to))),
      h("div.mail-text", it.text.split("\n").map((/** @type {string} */ line) => h("p", line ? linked(line, it.links) : " "))),
      it.codes.length > 0 && h("p.codes", it.codes.map((/** @type {string} */ code) => this.code(code))),
      part("As JSON", () => json(it)),
    );
  }

  /** @param {string} code */
  code(code) {
    return h("span.chip", { "data-test": "code" }, h("code", code), iconButton("copy", `Copy ${plainly(code)}`, () => copy(code, "Code")));
  }
}

/**
 * A line of text in which web addresses lead somewhere.
 * @param {string} line
 * @param {string[]} links
 */
function linked(line, links) {
  /** @type {Content[]} */
  const shown = [];
  let rest = line;
  for (const link of links) {
    const [before, ...after] = rest.split(link);
    if (!after.length) continue;
    shown.push(plainly(before), h("a", { href: link, target: "_blank", rel: "noreferrer" }, link));
    rest = after.join(link);
  }
  return [...shown, plainly(rest)];
}
