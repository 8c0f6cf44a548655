/** The end of an account's journal in sentences: who sent what to whom, what was called and answered. */

import type { Calls } from "./calls.js";
import type { components } from "./control-api.js";
import * as telling from "./telling.js";

type Schemas = components["schemas"];
type Entry = Schemas["JournalPart"]["entries"][number];
type Fields = Record<string, unknown>;

/** Entries that are looked at. */
const NEWEST = 400;

/** Sentences that are shown of them. */
const SENTENCES = 50;

/** Characters of such a sentence. */
const LONGEST = 600;

/** What each entry begins with. */
const HEAD = ["seq", "at", "kind"];

/** Fields by which people know what an event is about. */
const NAMING = ["friendly_name", "unique_name", "identity", "address", "author", "body"];

/** Events that only repeat what a text's own entries say. */
const NO_NEWS = ["HandsetSent", "ReceiptUpdated"];

/** What a text comes to that no other entry tells. */
const ENDS = ["undelivered", "failed", "canceled", "read"];

/** What went on behind an entry, as far as it is kept: the newest last. */
export async function sentences(calls: Calls, after: number): Promise<string> {
  const page = await calls.call("get", "/journal", { query: { newest: NEWEST, after } });
  const { entries } = page;
  const worthy = entries.filter((entry, at) => isWorthTelling(entry, entries.slice(at + 1, at + 4)));
  const lines = worthy.slice(-SENTENCES).map(line);
  if (worthy.length > SENTENCES || entries.length === NEWEST) {
    lines.unshift("(what was before is in the journal)");
  } else if (page.note !== undefined) {
    lines.unshift(`(${page.note})`);
  }
  return lines.join("\n");
}

function line(entry: Entry): string {
  const at = new Date(entry.at).toISOString().slice(11, 23);
  const told = `${at} ${sentence(entry)}`;
  return told.length <= LONGEST ? told : `${told.slice(0, LONGEST - 3)}...`;
}

/** Whether an entry tells what happened; the others say the same once more. */
function isWorthTelling(entry: Entry, next: readonly Entry[]): boolean {
  switch (entry.kind) {
    case "command":
    case "webhook-decision":
      return false;
    case "refused": // a request that ends with it says so
      return !next.some((each) => each.kind === "request" && each.code === entry.code);
    case "event":
      if (entry.event !== "TextStatusChanged") return !NO_NEWS.includes(entry.event);
      return ENDS.includes((entry.fields["text"] as telling.Text).status);
    default:
      return true;
  }
}

function sentence(entry: Entry): string {
  switch (entry.kind) {
    case "request":
      return telling.request(entry);
    case "webhook":
      return telling.webhook(entry);
    case "event":
      return event(entry.event, entry.fields);
    case "refused":
      return `refused: ${entry.code} ${entry.message}`;
    case "hint":
      return `hint: ${entry.words}`;
    default:
      return pairs(Object.fromEntries(Object.entries(entry).filter(([name]) => !HEAD.includes(name))));
  }
}

function event(name: string, fields: Fields): string {
  const text = fields["text"] as telling.Text & { channel: string };
  switch (name) {
    case "TextCreated": {
      const said = telling.short(text.body ?? "");
      return `${text.sender} sends ${text.to} by ${text.channel}: ${said} (${text.sid})`;
    }
    case "TextReceived":
      return `${text.sender} wrote ${text.to} by ${text.channel}: ${telling.short(text.body ?? "")}`;
    case "TextStatusChanged": {
      const code = text.error_code ? ` with ${text.error_code}` : "";
      return `${telling.text(text)} to ${text.to} is ${text.status}${code}`;
    }
    case "HandsetReceived": {
      const item = fields["item"] as Record<string, string>;
      const sender = item["author"] ?? item["peer"];
      const said = telling.short(item["body"] ?? "");
      return `${item["handset"]} got by ${item["channel"]} from ${sender}: ${said}`;
    }
    case "OptOutChanged": {
      const { recipient, scope } = fields["optout"] as Record<string, string>;
      return `${recipient} opted ${fields["opted_out"] ? "out of" : "in to"} ${scope}`;
    }
    case "AlertRaised":
      return `alert ${telling.alert(fields["alert"] as Schemas["Alert"])}`;
    default:
      return anyEvent(name, fields);
  }
}

/** An event of whatever kind: its name, what it is about, and how people know that. */
function anyEvent(name: string, fields: Fields): string {
  const words = name.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  const isRecord = (each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each);
  const about = (Object.values(fields).find(isRecord) ?? fields) as Fields;
  const named = NAMING.filter((key) => about[key]).map((key) => `${key}=${telling.short(about[key])}`);
  const sid = about["sid"];
  const said = [...(typeof sid === "string" ? [sid] : []), ...named].join(" ");
  return `${words}: ${said || pairs(about)}`;
}

function pairs(fields: Fields): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${telling.short(value)}`)
    .join(" ");
}
