// Verify: codes that were sent and what became of them, factors with what they show now, and
// challenges that somebody approves or denies.

import { at } from "../api.js";
import { h, icon, iconButton } from "../dom.js";
import { part } from "../inspector/exchange.js";
import { json } from "../inspector/json.js";
import { copy, trying } from "../toast.js";
import { asSentence, bare, channelName, exactly, plainly, relative } from "../words.js";
import { SimplePage } from "./simple.js";

const LIVE = ["pending", "max_attempts_reached"];
const SHOWN = 100; // verifications and factors

/** @type {Record<string, string>} */
const MOODS = { approved: "good", verified: "good", pending: "accent", denied: "bad", max_attempts_reached: "bad", expired: "warn", canceled: "warn", unverified: "warn" };
/** @type {Record<string, string>} */
const TYPES = { totp: "Authenticator app", push: "Push", passkeys: "Passkey" };
/** @type {Record<string, string>} */
const WAYS = { call: "call", email: "e-mail", sna: "silent network authentication", rbm: "RCS" };

/** `#/verify` */
export default class VerifyPage extends SimplePage {
  /** @param {Host} console */
  constructor(console) {
    super(console);
    this.unwatch = this.session.clock.watch(() => this.count());
  }

  close() {
    super.close();
    this.unwatch();
  }

  get title() {
    return "Verify";
  }

  /** @param {LiveEvent} of */
  changes({ type, event }) {
    return type.startsWith("verification.") || type === "clock.advanced" || /^(Factor|Challenge|Entity|PushDevice)/.test(event ?? "");
  }

  async fetch() {
    const { api } = this.session;
    const [{ verifications }, { factors }] = await Promise.all([api.get("/verifications", { limit: SHOWN }), api.get("/verify/factors", { limit: SHOWN })]);
    return { verifications, factors };
  }

  /** Shows how long codes are good for; a new one of an authenticator app has to be read. */
  count() {
    const now = this.session.clock.now();
    for (const element of this.content.querySelectorAll("time[data-until]")) element.textContent = left(element.dataset.until ?? "", now);
    const over = (/** @type {Listed} */ each) => each.valid_until && Date.parse(each.valid_until) <= now;
    if (this.answer?.factors.some(over)) this.read();
  }

  /** @param {{ verifications: Listed[], factors: Listed[] }} of */
  draw({ verifications, factors }) {
    return h(
      "div.verify",
      h(
        "section",
        { "aria-label": "Verifications" },
        h("h2", "Verifications"),
        verifications.length ? verifications.map((each) => this.verification(each)) : h("p.empty", "No code was sent yet. One is with Verify's API, and arrives on a phone or in a mailbox."),
      ),
      h(
        "section",
        { "aria-label": "Factors" },
        h("h2", "Factors"),
        factors.length ? factors.map((each) => this.factor(each)) : h("p.empty", "No factor yet: no authenticator app, no push device, no passkey."),
      ),
    );
  }

  /** @param {Listed} it */
  verification(it) {
    const live = LIVE.includes(it.status);
    return h(
      "article.card",
      { "data-test": "verification", "data-sid": it.sid, "data-status": it.status },
      h(
        "div.card-head",
        h("h3", h("a", { href: this.console.address([it.to.includes("@") ? "mailboxes" : "handsets", bare(it.to)]) }, h("bdi", plainly(it.to)))),
        tag(it.status),
        h("span.grow"),
        live && this.until(it.expires_at),
        live && this.code(it.code),
      ),
      h("ol.steps", steps(it).map(([time, words, mood]) => h("li", { class: mood ?? "" }, h("time", { title: exactly(time) }, this.stamp(time)), h("span", plainly(words))))),
      live && this.deeds(it),
      this.folded(it),
    );
  }

  /** @param {Listed} it */
  deeds(it) {
    const end = (/** @type {string} */ step) => () => trying(this.session.api.post(`${at`/verifications/${it.sid}`}/${step}`));
    return h(
      "div.row",
      it.status === "pending" && h("button", { "data-test": "approve", onclick: end("approve") }, icon("tick"), "Approve"),
      h("button", { "data-test": "expire", onclick: end("expire") }, icon("clock"), "Expire"),
      h("button", { "data-test": "cancel", onclick: end("cancel") }, icon("close"), "Cancel"),
    );
  }

  /** @param {Listed} it */
  factor(it) {
    return h(
      "article.card",
      { "data-test": "factor", "data-sid": it.sid },
      h(
        "div.card-head",
        h("h3", h("bdi", plainly(it.friendly_name))),
        h("span.hint", `${TYPES[it.factor_type] ?? it.factor_type} of `, h("bdi", plainly(it.identity))),
        tag(it.status),
        h("span.grow"),
        it.valid_until && this.until(it.valid_until),
        it.code && this.code(it.code),
      ),
      it.challenges.map((/** @type {Listed} */ each) => this.challenge(each, it.device)),
      this.folded(it),
    );
  }

  /**
   * @param {Listed} it
   * @param {string | null} device
   */
  challenge(it, device) {
    const answer = (/** @type {string} */ verb) => () => trying(this.session.api.post(`${at`/push-devices/${device ?? ""}/challenges/${it.sid}`}/${verb}`));
    const open = it.status === "pending" && device;
    return h(
      "div.challenge",
      { "data-test": "challenge", "data-sid": it.sid, "data-status": it.status },
      h("div.card-head", h("strong", h("bdi", plainly(it.message ?? "Challenge"))), tag(it.status), h("span.grow"), it.status === "pending" ? this.until(it.expiration_date) : it.date_responded && h("time", { title: exactly(it.date_responded) }, this.stamp(it.date_responded))),
      it.fields.length > 0 && h("dl.facts-list", it.fields.map((/** @type {Listed} */ each) => [h("dt", plainly(each.label)), h("dd", plainly(each.value))])),
      open && h("div.row", h("button.primary", { "data-test": "approve-challenge", onclick: answer("approve") }, "Approve"), h("button.danger", { "data-test": "deny-challenge", onclick: answer("deny") }, "Deny")),
    );
  }

  /** @param {string} instant */
  until(instant) {
    return h("time.countdown", { "data-until": instant, title: exactly(instant) }, left(instant, this.session.clock.now()));
  }

  /** @param {string} code */
  code(code) {
    return h("span.chip", { "data-test": "code" }, h("code", code), iconButton("copy", `Copy ${plainly(code)}`, () => copy(code, "Code")));
  }

  /** @param {Listed} it */
  folded(it) {
    const details = part("As JSON", () => json(it), this.opened.has(it.sid));
    details.addEventListener("toggle", () => (details.open ? this.opened.add(it.sid) : this.opened.delete(it.sid)));
    return details;
  }
}

/**
 * What happened to a verification: when, in words, and whether that was good.
 * @param {Listed} it
 * @returns {[string, string, string?][]}
 */
export function steps(it) {
  /** @type {[string, string, string?][]} */
  const told = [];
  for (const each of it.sends) {
    const outcome = [each.delivery, each.error_code].filter(Boolean).join(", ");
    told.push([each.time, `Sent by ${WAYS[each.channel] ?? channelName(each.channel)}${outcome ? `: ${outcome}` : ""}`, each.error_code ? "bad" : undefined]);
  }
  for (const each of it.checks) told.push([each.time, each.valid ? "The right code was tried" : `A wrong code was tried: ${each.code}`, each.valid ? "good" : "bad"]);
  told.sort(([one], [other]) => one.localeCompare(other));
  if (it.ended_at) told.push([it.ended_at, `${words(it.status)}: ${asSentence(it.ended_by)}`, MOODS[it.status]]);
  return told;
}

/**
 * @param {string} until
 * @param {number} now
 */
const left = (until, now) => (Date.parse(until) > now ? relative(until, now).replace("in ", "for ") : "over");

/** @param {string} status */
const words = (status) => plainly(status[0].toUpperCase() + status.slice(1).replaceAll("_", " "));

/** @param {string} status */
const tag = (status) => h("span", { class: `tag ${MOODS[status] ?? ""}` }, words(status));
