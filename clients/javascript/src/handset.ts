/** A phone as a test holds it: wait for what comes, read it, write on it. */

import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import type { Calls, Given } from "./calls.js";
import type { components, paths } from "./control-api.js";
import { CannotCall, NotReceived } from "./errors.js";
import { type Button, type Channel, type HandsetMessage, read, told } from "./message.js";
import type { Since } from "./since.js";
import { type Camelled, snaked } from "./spelling.js";
import { type Duration, seconds } from "./time.js";
import { causes } from "./why.js";

type Schemas = components["schemas"];

/** How a phone is: `{ label: "Ann", network: "airplane" }`. */
export type HandsetSettings = Camelled<
  NonNullable<Given<paths["/handsets/{address}"]["patch"]>["body"]>
>;

/** Which messages a test waits for, and how long. */
export interface Wanted {
  /** A part of its body. */
  contains?: string | undefined;
  /** An expression that is found in its body; a RegExp's flags `i`, `m` and `s` are heeded. */
  regex?: string | RegExp | undefined;
  channel?: Channel | undefined;
  /** Who it is from. */
  peer?: string | undefined;
  /** Milliseconds of the machine, or `{ seconds: 5 }`; 5000 unless given. */
  timeout?: number | Duration | undefined;
}

/** What goes with what somebody writes. */
export interface Writing {
  /** `whatsapp:` in front makes it WhatsApp. Else who wrote what is quoted, or the account's number. */
  to?: string | undefined;
  channel?: Channel | undefined;
  /** URLs of what goes with it. */
  media?: readonly string[] | undefined;
  /** Paths of what goes with it; their type is told by how their names end. */
  files?: readonly string[] | undefined;
  /** The message that it quotes, as people do on WhatsApp. */
  replyTo?: HandsetMessage | undefined;
}

/** A message that a phone sent, and the conversation that captured it, if one did. */
export interface Sent {
  readonly sid: string;
  readonly conversationSid: string | null;
}

const TIMEOUT = 5_000;

/** How many other messages a failure shows. */
const NEAR_MISSES = 10;

const TYPES_BY_ENDING: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  gif: "image/gif",
  webp: "image/webp",
  mp4: "video/mp4",
  "3gp": "video/3gpp",
  mp3: "audio/mpeg",
  ogg: "audio/ogg",
  amr: "audio/amr",
  pdf: "application/pdf",
  vcf: "text/vcard",
  csv: "text/csv",
};

/** A phone of the emulator's account. */
export class Handset {
  private readonly answered: HandsetMessage[] = [];
  /** The marks at which the handle was made, and at which it was used last. */
  private readonly begin: number;
  private marks: number;

  /**
   * @param address the phone's number
   * @param number whom it writes to unless the test says otherwise
   * @param since from where on what went on in the account counts
   * @param begun answers the newest `seq` of the phone, when it is there
   */
  constructor(
    private readonly calls: Calls,
    readonly address: string,
    private readonly number: string,
    private readonly since: Since,
    protected readonly begun: Promise<number>,
  ) {
    this.begin = this.marks = since.marks;
  }

  /** What the phone holds, oldest first, what it sent too; not what waits for it, or waited in vain. */
  async inbox(): Promise<HandsetMessage[]> {
    await this.begun;
    const given = { path: { address: this.address }, query: { since: this.since.message } };
    const { items } = await this.calls.call("get", "/handsets/{address}/messages", given);
    return items.map(read).filter(({ state }) => state !== "pending" && state !== "expired");
  }

  /**
   * Wait for a message that came since the handle was made and was not returned by an earlier wait.
   *
   * @throws {NotReceived} it did not come; why, and what came instead, is shown
   */
  wait(wanted?: Wanted & { count?: undefined }): Promise<HandsetMessage>;
  /** The same for so many messages. */
  wait(wanted: Wanted & { count: number }): Promise<HandsetMessage[]>;
  async wait(wanted: Wanted & { count?: number | undefined } = {}): Promise<unknown> {
    const newest = await this.begun;
    if (this.marks !== this.since.marks) this.anew();
    const after = String(this.since.marks === this.begin ? newest : this.since.message);
    const { count = 1 } = wanted;
    const limit = milliseconds(wanted.timeout);
    const end = performance.now() + limit;
    for (;;) {
      const left = Math.max(end - performance.now(), 0);
      const items = await this.await(wanted, after, count, left, limit);
      // Another wait, which went on meanwhile, may have had the same.
      if (items.some(({ id }) => this.answered.some((had) => had.id === id))) continue;
      this.answered.push(...items);
      return wanted.count === undefined ? items[0] : items;
    }
  }

  /** After a reset the same texts have the same sids. */
  private anew(): void {
    this.answered.length = 0;
    this.marks = this.since.marks;
  }

  private async await(
    wanted: Wanted,
    after: string,
    count: number,
    left: number,
    limit: number,
  ): Promise<HandsetMessage[]> {
    const { regex } = wanted;
    const query = {
      after,
      count,
      timeout: left / 1000,
      without: this.answered.map(({ id }) => id).join(","),
      contains: wanted.contains ?? null,
      regex: regex instanceof RegExp ? source(regex) : (regex ?? null),
      channel: wanted.channel ?? null,
      peer: wanted.peer ?? null,
    };
    const given = { path: { address: this.address }, query };
    try {
      const came = await this.calls.call("get", "/handsets/{address}/messages/wait", given, left);
      return came.items.map(read);
    } catch (error) {
      if (!(error instanceof CannotCall) || error.status !== 408) throw error;
      const answer = error.answer as Schemas["DidNotCome"];
      throw new NotReceived(await this.missed(words(wanted, count), limit, answer));
    }
  }

  /**
   * Wait for a message with codes, and answer these: `const [code] = await ann.codes()`.
   *
   * @throws {NotReceived} none came
   */
  async codes(wanted: Wanted = {}): Promise<readonly string[]> {
    const end = performance.now() + milliseconds(wanted.timeout);
    for (;;) {
      const timeout = Math.max(end - performance.now(), 0);
      const { codes } = await this.wait({ ...wanted, timeout });
      if (codes.length > 0) return codes;
    }
  }

  /**
   * Write on the phone.
   *
   * @throws {CannotCall} nothing of the account has that number, or no phone sends such a file
   */
  async send(body = "", writing: Writing = {}): Promise<Sent> {
    const { to, channel, media = [], files = [], replyTo } = writing;
    await this.begun;
    const sent = await this.calls.call("post", "/handsets/{address}/messages", {
      path: { address: this.address },
      body: {
        to: to ?? replyTo?.peer ?? this.number,
        body,
        channel: channel ?? null,
        media: [...media.map((url) => ({ url })), ...(await Promise.all(files.map(file)))],
        reply_to: replyTo?.id ?? null,
      },
    });
    return { sid: sent.message_sid, conversationSid: sent.conversation_sid };
  }

  /** Answer a message and quote it, to whom it is from; the rest is as of `send`. */
  replyTo(message: HandsetMessage, body = "", writing: Writing = {}): Promise<Sent> {
    return this.send(body, { ...writing, replyTo: message });
  }

  /**
   * Press a button of a message, or an entry of its list.
   *
   * @param button its title or its id, or which of `message.buttons` it is, from 0
   * @param on on which card of a carousel it is, from 0; of its buttons alone is counted then
   * @returns what the phone sent; undefined for a button that sends nothing
   * @throws {CannotCall} the message has no such button; the text has those that there are
   */
  async press(
    message: HandsetMessage,
    button: string | number,
    { card }: { card?: number | undefined } = {},
  ): Promise<Sent | undefined> {
    const there = message.buttons.filter((each) => card === undefined || each.card === card);
    const pressed = find(there, button);
    if (!pressed) {
      const shown = there.map(({ title }) => JSON.stringify(title)).join(", ") || "none";
      const named = JSON.stringify(button);
      throw new CannotCall(`the message has no button ${named}: it has ${shown}`);
    }
    const sent = await this.calls.call("post", "/handsets/{address}/messages/{item}/press", {
      path: { address: this.address, item: message.id },
      body: { button: pressed.id, card: pressed.card },
    });
    return sent && { sid: sent.message_sid, conversationSid: sent.conversation_sid };
  }

  /** Switch the phone: `change({ network: "airplane" })`, `change({ receipts: "hold" })`. */
  async change(settings: HandsetSettings): Promise<void> {
    await this.begun;
    const given = { path: { address: this.address }, body: snaked(settings) };
    await this.calls.call("patch", "/handsets/{address}", given);
  }

  /** Let nothing reach the phone, until it is `online` again. */
  airplane(): Promise<void> {
    return this.change({ network: "airplane" });
  }

  /** Let everything reach the phone, and what waited for it too. */
  online(): Promise<void> {
    return this.change({ network: "online" });
  }

  /** Read a message, as its sender learns on WhatsApp. */
  async read(message: HandsetMessage): Promise<void> {
    const path = { address: this.address, item: message.id };
    await this.calls.call("post", "/handsets/{address}/messages/{item}/read", { path });
  }

  private async missed(
    wanted: string,
    limit: number,
    answer: Schemas["DidNotCome"],
  ): Promise<string> {
    const came: [string, HandsetMessage[]][] = [
      ["This much came:", answer.items.map(read)],
      ["This came instead:", answer.others.map(read)],
    ];
    const shown = came.flatMap(([, items]) => items.map(({ id }) => id));
    const returned = this.answered.map(({ id }) => id);
    const why = await causes(this.calls, this.address, this.since.entry, returned, shown);
    const unmet = `${this.address} did not receive ${wanted} in ${limit / 1000} s.`;
    if (shown.length === 0) {
      const [first = "its journal does not say why", ...others] = why;
      const begin = `Nothing came to ${this.address}: ${first}`;
      return [begin, ...others.map((each) => `  and ${each}`), unmet].join("\n");
    }
    const lines = [unmet, ...why.map((each) => `  ${each}`)];
    for (const [title, items] of came) {
      if (items.length > 0) {
        lines.push(title, ...items.slice(-NEAR_MISSES).map((item) => `  ${told(item)}`));
      }
    }
    return lines.join("\n");
  }
}

/** A phone that one may use at once, or await to be sure that it is there. */
export class OpeningHandset extends Handset implements PromiseLike<Handset> {
  /** What `await` does: the phone is there when it is over. */
  then<Done = Handset, Failed = never>(
    done?: ((handset: Handset) => Done | PromiseLike<Done>) | null,
    failed?: ((reason: unknown) => Failed | PromiseLike<Failed>) | null,
  ): Promise<Done | Failed> {
    // Without this method of its own, or to await it would never end.
    const there = Object.create(this, { then: { value: undefined } }) as Handset;
    return this.begun.then(() => there).then(done, failed);
  }
}

function milliseconds(timeout: number | Duration = TIMEOUT): number {
  return typeof timeout === "number" ? timeout : seconds(timeout) * 1000;
}

/** An expression as the emulator's own engine reads it. */
function source(regex: RegExp): string {
  const flags = regex.flags.replace(/[^ims]/g, "");
  return flags ? `(?${flags})${regex.source}` : regex.source;
}

function words(wanted: Wanted, count: number): string {
  const { contains, regex, channel, peer } = wanted;
  return [
    count === 1 ? "a message" : `${count} messages`,
    ...(channel === undefined ? [] : [`by ${channel}`]),
    ...(peer === undefined ? [] : [`from ${peer}`]),
    ...(contains === undefined ? [] : [`with ${JSON.stringify(contains)} in it`]),
    ...(regex === undefined ? [] : [`that matches ${String(regex)}`]),
  ].join(" ");
}

/** A file from the disk, as the control API takes it. */
async function file(path: string): Promise<Schemas["Attachment"]> {
  const ending = extname(path).slice(1).toLowerCase();
  return {
    base64: (await readFile(path)).toString("base64"),
    content_type: TYPES_BY_ENDING[ending] ?? "application/octet-stream",
    filename: basename(path),
  };
}

/** The button that is meant: by its place, its id or its title. */
function find(there: readonly Button[], named: string | number): Button | undefined {
  if (typeof named === "number") return there[named];
  return there.find(({ id, title }) => named === id || named === title);
}
