/** A phone as a test holds it: wait for what comes, read it, write on it. */

import type { Calls } from "./calls.js";
import type { components } from "./control-api.js";
import { CannotCall, NotReceived } from "./errors.js";
import { Expectation } from "./expectation.js";
import { type Button, type Channel, type HandsetMessage, read, told } from "./message.js";
import { CallTaking } from "./phone-calls.js";
import type { HandsetSettings } from "./phone.js";
import type { Since } from "./since.js";
import { snaked } from "./spelling.js";
import { AccountClock } from "./time.js";
import { type Timeout, arrivals, expression, inVain, listed, milliseconds } from "./waits.js";
import { causes } from "./why.js";
import { type Sent, type Writing, file } from "./writing.js";

type Schemas = components["schemas"];

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
  timeout?: Timeout | undefined;
}

/** Where a wait looks. */
interface Place {
  /** Behind which message. */
  after: string;
  /** What earlier waits returned. */
  without?: string;
  /** The entry of the journal behind which it began, when what was over by then explains nothing. */
  begun?: number;
}

/** A phone of the emulator's account. */
export class Handset extends CallTaking {
  /**
   * @param address the phone's number
   * @param number whom it writes to unless the test says otherwise
   * @param since from where on what went on in the account counts
   * @param settings how the phone is made, or changed when it is there
   */
  constructor(
    api: Calls,
    address: string,
    private readonly number: string,
    since: Since,
    settings: HandsetSettings,
  ) {
    super(api, address, since, settings);
  }

  /**
   * What the phone holds, oldest first, what it sent too; not what still waits for it at the carrier,
   * nor what came before somebody attached to the account.
   */
  inbox(): Promise<HandsetMessage[]> {
    return this.held({ since: this.since.message });
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
    await this.there();
    const after = this.beginWait();
    const { count = 1 } = wanted;
    const limit = milliseconds(wanted.timeout);
    const items = await arrivals(this.progress.returned, limit, (left, without) =>
      this.await(wanted, count, left, limit, { after, without }),
    );
    return wanted.count === undefined ? items[0] : items;
  }

  /** What comes from here on, whatever earlier waits returned: `await (await ann.expect()).one()`. */
  async expect(wanted: Wanted = {}): Promise<Expectation> {
    await this.there();
    const { marks } = this.since;
    const { message, seq } = await this.api.call("get", "/mark");
    const limit = milliseconds(wanted.timeout);
    // Where it was made, or a later mark.
    const place = (): { after: string; begun: number } =>
      this.since.marks === marks
        ? { after: String(message), begun: seq }
        : { after: String(this.since.message), begun: this.since.entry };
    return new Expectation({
      address: this.address,
      clock: new AccountClock(this.api),
      await: (count) => this.await(wanted, count, limit, limit, place()),
      arrived: () =>
        this.held({ ...asked(wanted), since: Number(place().after), direction: "to_handset" }),
    });
  }

  private async await(
    wanted: Wanted,
    count: number,
    left: number,
    limit: number,
    { begun = 0, ...place }: Place,
  ): Promise<HandsetMessage[]> {
    const query = { ...asked(wanted), ...place, count, timeout: left / 1000 };
    const given = { path: await this.there(), query };
    try {
      const came = await this.api.call("get", "/handsets/{address}/messages/wait", given, left);
      return came.items.map(read);
    } catch (error) {
      const answer = inVain(error) as Schemas["DidNotCome"];
      throw new NotReceived(await this.missed(words(wanted, count), limit, answer, begun));
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
    const sent = await this.api.call("post", "/handsets/{address}/messages", {
      path: await this.there(),
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
    const sent = await this.api.call("post", "/handsets/{address}/messages/{item}/press", {
      path: { ...(await this.there()), item: message.id },
      body: { button: pressed.id, card: pressed.card },
    });
    return sent && { sid: sent.message_sid, conversationSid: sent.conversation_sid };
  }

  /** Switch the phone: `change({ network: "airplane" })`, `change({ receipts: "hold" })`. */
  async change(settings: HandsetSettings): Promise<void> {
    const given = { path: await this.there(), body: snaked(settings) };
    await this.api.call("patch", "/handsets/{address}", given);
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
    const path = { ...(await this.there()), item: message.id };
    await this.api.call("post", "/handsets/{address}/messages/{item}/read", { path });
  }

  private async held(query: object): Promise<HandsetMessage[]> {
    const given = { path: await this.there(), query };
    const { items } = await this.api.call("get", "/handsets/{address}/messages", given);
    return items.map(read).filter(({ state }) => state !== "pending" && state !== "expired");
  }

  /** Why something did not come, and what came. */
  private async missed(
    wanted: string,
    limit: number,
    answer: Schemas["DidNotCome"],
    begun: number,
  ): Promise<string> {
    const [came, others] = [answer.items.map(read), answer.others.map(read)];
    const why = await causes(this.api, this.address, {
      since: this.since.entry,
      begun,
      returned: this.progress.returned.map(({ id }) => id),
      shown: [...came, ...others].map(({ id }) => id),
    });
    const unmet = `${this.address} did not receive ${wanted} in ${limit / 1000} s.`;
    if (came.length + others.length === 0) {
      const [first = "its journal does not say why", ...more] = why;
      const begin = `Nothing came to ${this.address}: ${first}`;
      return [begin, ...more.map((each) => `  and ${each}`), unmet].join("\n");
    }
    return [
      unmet,
      ...why.map((each) => `  ${each}`),
      ...listed("This much came:", came.map(told)),
      ...listed("This came instead:", others.map(told)),
    ].join("\n");
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
    return this.there().then(() => there).then(done, failed);
  }
}

/** The same as the control API takes it. */
function asked(wanted: Wanted) {
  const { contains = null, regex, channel = null, peer = null } = wanted;
  return { contains, regex: expression(regex), channel, peer };
}

/** The same for people. */
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

/** The button that is meant: by its place, its id or its title. */
function find(there: readonly Button[], named: string | number): Button | undefined {
  if (typeof named === "number") return there[named];
  return there.find(({ id, title }) => named === id || named === title);
}
