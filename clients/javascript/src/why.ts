/**
 * Why nothing came to a phone, as far as the account's journal knows.
 *
 * What went on before the last message that a wait returned has done its work, and explains nothing.
 * The newest comes first. A webhook that failed and was answered in another attempt is no cause.
 */

import type { Calls } from "./calls.js";
import type { components } from "./control-api.js";
import { CannotCall } from "./errors.js";

type Entry = components["schemas"]["JournalPart"]["entries"][number];
type Of<Kind extends Entry["kind"]> = Extract<Entry, { kind: Kind }>;

/** A text as an event of the journal shows it. */
interface Text {
  sid: string;
  to: string;
  sender?: string;
  body?: string;
  direction: string;
  status: string;
  error_code?: number | null;
}

/** Entries that are looked at. */
const NEWEST = 1000;
const KINDS = "request,event,webhook,webhook-decision,hint";

/** Causes that are told. */
const MOST = 4;

const MOVING = ["accepted", "queued", "sending", "scheduled"];
const BAD = ["failed", "undelivered", "canceled"];
const INBOUND = "inbound text";
const OPTED_OUT = 21610;

/** Characters of one value that a line shows. */
const WIDTH = 100;

/**
 * What may be why nothing came, most likely first.
 *
 * @param after the entry of the journal behind which it counts
 * @param returned ids of messages that earlier waits returned
 * @param shown ids of messages that came, and are shown besides
 */
export async function causes(
  calls: Calls,
  address: string,
  after: number,
  returned: readonly string[],
  shown: readonly string[],
): Promise<string[]> {
  try {
    const query = { newest: NEWEST, kinds: KINDS };
    const journal = await calls.call("get", "/journal", { query });
    const phone = await calls.call("get", "/handsets/{address}", { path: { address } });
    const { now, next_due: due } = await calls.call("get", "/clock");
    const late = due === null ? 0 : Math.max((Date.parse(due) - Date.parse(now)) / 1000, 0);
    const search = new Search(address, new Set([...returned, ...shown]), {
      phone:
        phone.power !== "on"
          ? `: the phone's power is ${phone.power}`
          : phone.network !== "online"
            ? `: the phone's network is ${phone.network}, until online()`
            : "",
      due:
        due === null
          ? ""
          : `: what is due next is ${late} s of the account's clock away: ` +
            `clock.advance({ seconds: ${late} })`,
    });
    const fresh = since(journal.entries.filter(({ seq }) => seq > after), returned);
    const found = fresh.flatMap((entry) => search.of(entry));
    return [...new Set(found.length > 0 ? found : search.rest(shown, journal.note))].slice(0, MOST);
  } catch (error) {
    if (error instanceof CannotCall) return []; // it went meanwhile, and that nothing came is still true
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
  /** What explains it only when nothing else does. */
  private readonly later: string[] = [];
  private readonly elsewhere: string[] = [];
  private sent = false;

  constructor(
    private readonly address: string,
    private readonly told: Set<string>,
    private readonly because: { phone: string; due: string },
  ) {}

  of(entry: Entry): string[] {
    switch (entry.kind) {
      case "request":
        return this.ofRequest(entry);
      case "webhook":
        return this.ofWebhook(entry);
      case "webhook-decision":
        return this.ofDecision(entry);
      case "hint":
        return entry.cause === "callback-of-calls" ? [] : [entry.words];
      case "event":
        return /^Text(Created|StatusChanged)$/.test(entry.event)
          ? this.ofText(entry.fields["text"] as Text)
          : [];
      default:
        return [];
    }
  }

  /** What is said when no entry is a cause. */
  rest(shown: readonly string[], dropped: string | undefined): string[] {
    if (this.later.length > 0 || this.sent || shown.length > 0) return this.later;
    const where = [...new Set(this.elsewhere)].join(", ");
    const only = where && `, only to ${where}`;
    const known = dropped === undefined ? "" : `, as far as is known: ${dropped}`;
    return [`no text was sent to ${this.address}${only}${known}`];
  }

  private ofRequest(entry: Of<"request">): string[] {
    if (entry.code === undefined) return [];
    const hints = (entry.hints ?? []).map((hint) => `; ${hint}`).join("");
    const again = ": it has opted out, and gets texts again after it writes START";
    const asked = `${entry.method} ${entry.product} ${entry.path}`;
    const refused = `${entry.status}: ${entry.code} ${entry.message}${hints}`;
    return [`${asked} was refused with ${refused}${entry.code === OPTED_OUT ? again : ""}`];
  }

  private ofWebhook(entry: Of<"webhook">): string[] {
    const call = `${entry.event} ${entry.subject}`;
    if (this.called.has(call)) return [];
    this.called.add(call);
    const asked = `the webhook ${entry.method} ${entry.url}`;
    if (entry.status === null) return [`${asked} gave no answer: ${entry.outcome}`];
    const body = entry.answer_body && `: ${short(entry.answer_body)}`;
    const answered = `${asked} answered ${entry.status}${body}`;
    if (entry.status >= 300) return [answered];
    if (entry.event === INBOUND && !entry.answer_body.includes("<Message")) {
      this.later.push(`${answered}, which sends nothing`);
    }
    return [];
  }

  private ofDecision(entry: Of<"webhook-decision">): string[] {
    if (entry.event === INBOUND && !entry.sent) return [entry.because];
    if (!entry.sent || this.called.has(`${entry.event} ${entry.subject}`)) return [];
    return [`the webhook ${entry.url} was called and has not answered yet`];
  }

  private ofText(text: Text): string[] {
    if (text.direction === "inbound") return [];
    if (text.to.slice(text.to.lastIndexOf(":") + 1) !== this.address) {
      this.elsewhere.push(text.to);
      return [];
    }
    if (this.told.has(text.sid)) return [];
    this.told.add(text.sid);
    this.sent = true;
    const what = `the text ${short(text.body ?? "")} from ${text.sender} (${text.sid})`;
    const code = text.error_code ? ` with ${text.error_code}` : "";
    const { phone, due } = this.because;
    if (BAD.includes(text.status)) return [`${what} is ${text.status}${code}${phone}`];
    if (MOVING.includes(text.status)) return [`${what} is still ${text.status}${due}`];
    if (text.status === "sent") return [`${what} is sent and not delivered${phone || due}`];
    this.later.push(`${what} came before, to another wait or before the phone was named`);
    return [];
  }
}

function short(value: string): string {
  const text = JSON.stringify(value);
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 3)}...`;
}
