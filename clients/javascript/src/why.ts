/**
 * Why nothing came to a phone, as far as the account's journal knows.
 *
 * What went on before the last message that a wait returned has done its work, and explains nothing.
 * Of what went on before an `expect` counts what holds still: texts under way, and hints. The newest
 * comes first. A webhook that failed and was answered in another attempt is no cause. What is said of
 * a setting is true now: when that was changed since, no more is said than that.
 */

import type { Calls } from "./calls.js";
import type { components } from "./control-api.js";
import { CannotCall } from "./errors.js";
import * as telling from "./telling.js";

type Schemas = components["schemas"];
type Entry = Schemas["JournalPart"]["entries"][number];

/** What a wait that was in vain knows. */
export interface Vain {
  /** The entry of the journal behind which it counts. */
  since: number;
  /** The entry behind which the wait began, when what was over by then explains nothing; else 0. */
  begun: number;
  /** Ids of messages that earlier waits returned. */
  returned: readonly string[];
  /** Ids of messages that came, and are shown besides. */
  shown: readonly string[];
}

interface Situation {
  /** What about the phone keeps texts from coming. */
  off: string;
  /** When the next thing happens by the account's clock. */
  due: string;
}

/** Entries that are looked at. */
const NEWEST = 1000;
const KINDS = "request,command,event,webhook,webhook-decision,hint";

/** Causes that are told. */
const MOST = 4;

const MOVING = ["accepted", "queued", "sending", "scheduled"];
const BAD = ["failed", "undelivered", "canceled"];
const INBOUND = "inbound text";
const OPTED_OUT = 21610;

/** Hints about something else than what comes to phones; and what a decision says of each text. */
const NO_CAUSE = ["callback-of-calls", "no-sms-url"];

/** Events of settings that say where inbound texts go. */
const ROUTING = ["NumberChanged", "ApplicationChanged", "MessagingServiceChanged"];

/** Commands that change the webhooks of conversations, which all other hints are about. */
const CONFIGURING = [
  ...["ConfigureAccountWebhooks", "ConfigureServiceWebhooks"],
  ...["AddScopedWebhook", "UpdateScopedWebhook", "RemoveScopedWebhook"],
  ...["ChangeConversationConfiguration", "SetConversationConfiguration"],
];

/** Kinds of entries that may say what holds still. */
const LASTING = ["event", "command", "hint"];

/** What may be why nothing came to a phone, most likely first. */
export async function causes(calls: Calls, address: string, vain: Vain): Promise<string[]> {
  try {
    const query = { newest: NEWEST, kinds: KINDS, after: vain.since };
    const journal = await calls.call("get", "/journal", { query });
    const { now, next_due: next } = await calls.call("get", "/clock");
    const late = next === null ? 0 : Math.max((Date.parse(next) - Date.parse(now)) / 1000, 0);
    const situation = {
      off: await off(calls, address),
      due:
        next === null
          ? ""
          : `: what is due next is ${late} s of the account's clock away: ` +
            `clock.advance({ seconds: ${late} })`,
    };
    const search = new Search(address, vain, situation);
    const found = since(journal.entries, vain.returned).flatMap((entry) => search.of(entry));
    return [...new Set(found.length > 0 ? found : search.rest(journal.note))].slice(0, MOST);
  } catch (error) {
    if (error instanceof CannotCall) return []; // it went meanwhile, and that nothing came is still true
    throw error;
  }
}

/** What about the phone keeps texts from coming; somebody may have thrown it away meanwhile. */
async function off(calls: Calls, address: string): Promise<string> {
  try {
    const phone = await calls.call("get", "/handsets/{address}", { path: { address } });
    if (phone.power !== "on") return `: the phone's power is ${phone.power}`;
    if (phone.network === "online") return "";
    return `: the phone's network is ${phone.network}, until online()`;
  } catch (error) {
    if (error instanceof CannotCall && error.status === 404) return "";
    throw error;
  }
}

/** What went on since the last message that a wait returned, newest first. */
function since(entries: readonly Entry[], returned: readonly string[]): Entry[] {
  const backwards = [...entries].reverse();
  const last = backwards.findIndex((entry) => {
    if (entry.kind !== "event" || entry.event !== "HandsetReceived") return false;
    return returned.includes((entry.fields["item"] as { sid: string }).sid);
  });
  return last < 0 ? backwards : backwards.slice(0, last);
}

class Search {
  private readonly called = new Set<string>();
  /** Numbers, applications and services whose settings were changed since. */
  private readonly changed = new Set<string>();
  /** Whether the webhooks of conversations were. */
  private configured = false;
  /** Who opted out, or in again. */
  private readonly isOut = new Map<string, boolean>();
  private readonly told: Set<string>;
  /** What explains it only when nothing else does. */
  private readonly later: string[] = [];
  private readonly elsewhere: string[] = [];
  private sent: boolean;

  constructor(
    private readonly address: string,
    private readonly vain: Vain,
    private readonly situation: Situation,
  ) {
    this.told = new Set([...vain.returned, ...vain.shown]);
    this.sent = vain.shown.length > 0;
  }

  of(entry: Entry): string[] {
    const isOver = entry.seq <= this.vain.begun;
    if (isOver && !LASTING.includes(entry.kind)) return [];
    switch (entry.kind) {
      case "request":
        return this.ofRequest(entry);
      case "command":
        this.configured ||= CONFIGURING.includes(entry.command);
        return [];
      case "webhook":
        return this.ofWebhook(entry);
      case "webhook-decision":
        return this.ofDecision(entry);
      case "hint":
        return this.configured || NO_CAUSE.includes(entry.cause) ? [] : [entry.words];
      case "event":
        return this.ofEvent(entry, isOver);
      default:
        return [];
    }
  }

  /** What is said when no entry is a cause. */
  rest(dropped: string | undefined): string[] {
    if (this.later.length > 0 || this.sent) return this.later;
    const where = [...new Set(this.elsewhere)].join(", ");
    const only = where && `, only to ${where}`;
    const known = dropped === undefined ? "" : `, as far as is known: ${dropped}`;
    return [`no text was sent to ${this.address}${only}${known}`];
  }

  private ofRequest(entry: Schemas["RequestEntry"]): string[] {
    if (entry.code === undefined) return [];
    const isOut = entry.code === OPTED_OUT && (this.isOut.get(this.address) ?? true);
    const again = ": it has opted out, and gets texts again after it writes START";
    return [`${telling.request(entry)}${isOut ? again : ""}`];
  }

  private ofWebhook(entry: Schemas["WebhookEntry"]): string[] {
    const call = `${entry.event} ${entry.subject}`;
    if (this.called.has(call)) return [];
    this.called.add(call);
    if (entry.status === null || entry.status >= 300) return [telling.webhook(entry)];
    if (entry.event === INBOUND && !entry.answer_body.includes("<Message")) {
      this.later.push(`${telling.webhook(entry)}, which sends nothing`);
    }
    return [];
  }

  private ofDecision(entry: Schemas["DecisionEntry"]): string[] {
    if (entry.event === INBOUND && !entry.sent) {
      const place = entry.setting.slice(entry.setting.lastIndexOf(" ") + 1);
      if (entry.url !== null || !this.changed.has(place)) return [entry.because];
      this.later.push(`a text came before ${place} was changed, and was told to nobody`);
      return [];
    }
    if (!entry.sent || this.called.has(`${entry.event} ${entry.subject}`)) return [];
    return [`the webhook ${entry.url} was called and has not answered yet`];
  }

  private ofEvent({ event, fields }: Schemas["EventEntry"], isOver: boolean): string[] {
    if (event === "TextCreated" || event === "TextStatusChanged") {
      return this.ofText(fields["text"] as telling.Text, isOver);
    }
    if (ROUTING.includes(event)) {
      this.changed.add(String(fields["sid"]));
      const number = fields["number"] as { address?: string } | null | undefined;
      this.changed.add(number?.address ?? "");
    } else if (event === "OptOutChanged") {
      const { recipient } = fields["optout"] as { recipient: string };
      const who = bare(recipient);
      if (!this.isOut.has(who)) this.isOut.set(who, fields["opted_out"] === true);
    } else if (event === "AlertRaised" && !isOver) {
      const alert = fields["alert"] as Schemas["Alert"];
      // Alerts 112xx are of webhooks that failed, which tell it themselves.
      const isOfRetrieval = Math.floor(alert.error_code / 100) === 112;
      if (!isOfRetrieval && alert.request_url) {
        return [`the webhook was answered with an error: ${telling.alert(alert)}`];
      }
    }
    return [];
  }

  private ofText(text: telling.Text, isOver: boolean): string[] {
    if (text.direction === "inbound") return [];
    if (bare(text.to) !== this.address) {
      this.elsewhere.push(text.to);
      return [];
    }
    if (this.told.has(text.sid)) return [];
    this.told.add(text.sid);
    this.sent = true;
    const what = `${telling.text(text)} (${text.sid})`;
    const { off, due } = this.situation;
    if (BAD.includes(text.status)) {
      const code = text.error_code ? ` with ${text.error_code}` : "";
      if (!isOver) return [`${what} is ${text.status}${code}${off}`];
      this.later.push(`${what} was ${text.status} before the wait began`);
    } else if (MOVING.includes(text.status)) {
      return [`${what} is still ${text.status}${due}`];
    } else if (text.status === "sent") {
      return [`${what} is sent and not delivered${off || due}`];
    } else {
      this.later.push(`${what} came before, to another wait or before the phone was named`);
    }
    return [];
  }
}

/** An address without the channel in front of it. */
function bare(address: string): string {
  return address.slice(address.lastIndexOf(":") + 1);
}
