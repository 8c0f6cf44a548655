// The details of an entry of the journal, shown when it is unfolded.

import { h } from "../dom.js";
import { copyMenu } from "./copies.js";
import { sidsOf } from "./entries.js";
import { exchangeDetails, part } from "./exchange.js";
import { json, table } from "./json.js";

/**
 * Links to everything that an entry names, but to what is looked at already.
 * @param {Host} console
 * @param {Entry} entry
 * @param {string | null} [own]
 */
export function sidLinks(console, entry, own = null) {
  const links = sidsOf(entry).filter((sid) => sid !== own).slice(0, 8).map((sid) => {
    const page = sid.startsWith("CH") ? "conversations" : "messages";
    return h("a.chip.mono", { href: console.address([page, sid]), title: sid }, `${sid.slice(0, 6)}…${sid.slice(-4)}`);
  });
  return links.length > 0 && h("div.buttons", links);
}

/**
 * The details of an entry: a webhook's exchange, a request and its answer, else all there is.
 * @param {Session} session
 * @param {Entry} entry
 */
export function details(session, entry) {
  if (entry.kind === "webhook") return exchangeDetails(session, entry);
  if (entry.kind === "request") return requestDetails(session, entry);
  if (entry.kind === "webhook-reply" && entry.verbs) return h("div.exchange", entry.verbs.map(verb));
  return json(entry);
}

/**
 * @param {Session} session
 * @param {any} of
 */
function requestDetails(session, { form, answer, ...entry }) {
  return h(
    "div.exchange",
    h("code.block", `${entry.method} https://${entry.product}.twilio.com${entry.path}`),
    copyMenu(session, { request: { ...entry, form } }),
    form && part("Parameters", () => (isPairs(form) ? table(form, "Parameters") : json(form)), true),
    answer && part("Answer", () => json(answer), true),
    part("Entry", () => json(entry), !form && !answer),
  );
}

/**
 * A verb of TwiML as it was understood.
 * @param {any} of
 */
function verb({ verb: name, ...said }) {
  const shown = Object.entries(said).filter(([, value]) => value !== null && value !== "" && value.length !== 0);
  return table([["verb", name], ...shown], `TwiML verb ${name}`);
}

/** @param {any} form */
const isPairs = (form) => Array.isArray(form) && form.every((each) => Array.isArray(each) && each.length === 2);
