/** What went on in an account, as a test reads it. */

import type { Calls } from "./calls.js";
import type { components } from "./control-api.js";
import { type Camelled, camelled } from "./spelling.js";

type Schemas = components["schemas"];
type Dated<Entry> = Entry extends { at: string } ? Omit<Entry, "at"> & { at: Date } : never;

/**
 * One thing that went on: a request, a command, a refusal, an event, a webhook, ...
 *
 * `kind` says which, and with it what else there is.
 */
export type JournalEntry = Dated<Camelled<Schemas["JournalPart"]["entries"][number]>>;

/** A webhook that was sent, and what came back. */
export type Webhook = Extract<JournalEntry, { kind: "webhook" }>;

/** What became of a scenario. */
export type Report = Camelled<Schemas["Report"]>;

/** What an account's log still holds of one kind, or of all, behind an entry, in order. */
export async function entries(calls: Calls, after: number, kinds = ""): Promise<JournalEntry[]> {
  const found: JournalEntry[] = [];
  for (;;) {
    const page = await calls.call("get", "/journal", { query: { after, kinds } });
    if (page.entries.length === 0) return found;
    for (const shown of page.entries) {
      found.push({ ...camelled(shown), at: new Date(shown.at) });
    }
    after = page.next_seq;
  }
}
