/** Documents, lists, maps and streams of Sync as a test holds them, and waits for what becomes of them. */

import type { Calls } from "./calls.js";
import type { components } from "./control-api.js";
import { CannotCall, NotReceived } from "./errors.js";
import type { Since } from "./since.js";
import { type Spelled, spelled } from "./spelling.js";
import { type Timeout, inVain, milliseconds } from "./waits.js";

type Schemas = components["schemas"];

/** What a document, an item or a message holds: a JSON object. */
export type Value = Record<string, unknown>;

/** All about an object of Sync. */
export type SharedDetails = Spelled<Schemas["SyncObject"]>;

/** How a value is written. */
export interface Setting {
  /** Seconds after which it is removed. */
  ttl?: number | undefined;
  /** Of the client that does it; the back end does unless one is named. */
  identity?: string | undefined;
}

/** How long a wait lasts. */
export interface Patience {
  /** Milliseconds of the machine, or `{ seconds: 5 }`; 5000 unless given. */
  timeout?: Timeout | undefined;
}

/** How far a test has come with a stream, whichever of its handles it uses. */
export interface StreamProgress {
  /** The entry of the journal behind which its next wait looks. */
  after: number;
  /** How often a place was marked by then. */
  marks: number;
}

/** An object of a Sync service by its unique name or sid; it need not be there yet. */
export abstract class SharedObject {
  protected abstract readonly kind: "document" | "list" | "map" | "stream";

  /**
   * @param serviceSid the Sync service that it is in
   * @param name its unique name or sid
   */
  constructor(
    private readonly api: Calls,
    readonly serviceSid: string,
    readonly name: string,
  ) {}

  /**
   * All about it.
   *
   * @throws {CannotCall} it is not there
   */
  async fetch(): Promise<SharedDetails> {
    const shown = (await this.ask("get", "")) as Schemas["SyncObject"];
    return spelled(shown, { data: true });
  }

  /** The identities of the client SDKs that have it open. */
  async watchedBy(): Promise<string[]> {
    return (await this.fetch()).watchedBy.map(({ identity }) => identity);
  }

  /**
   * Remove it with all that is in it.
   *
   * @throws {CannotCall} it is not there
   */
  async remove(): Promise<void> {
    await this.ask("delete", "");
  }

  protected ask(method: string, below: string, query: object = {}, wait = 0): Promise<unknown> {
    const asked = { query: { service: this.serviceSid, ...query }, wait };
    return this.api.send(method, `${this.path}${below}`, asked);
  }

  protected write(method: string, below: string, data: Value, setting: Setting): Promise<unknown> {
    const { ttl = null, identity = null } = setting;
    const content = JSON.stringify({ service: this.serviceSid, data, ttl, identity });
    return this.api.send(method, `${this.path}${below}`, { content });
  }

  /**
   * What a wait answers.
   *
   * @throws {NotReceived} it did not become so; what is there instead is shown
   */
  protected async await(wanted: Value, { timeout }: Patience, query: object = {}): Promise<unknown> {
    const data = JSON.stringify(wanted);
    const limit = milliseconds(timeout);
    try {
      return await this.ask("get", "/wait", { ...query, data, timeout: limit / 1000 }, limit);
    } catch (error) {
      const answer = inVain(error);
      const unmet = `${this.kind} ${this.name} did not come to have ${data} in ${limit / 1000} s.`;
      throw new NotReceived([unmet, ...instead(answer)].join("\n"));
    }
  }

  private get path(): string {
    return `/sync/${this.kind}s/${encodeURIComponent(this.name)}`;
  }
}

interface Held {
  key?: string | null;
  index?: number | null;
  data: unknown;
}

/** What there is instead of what was waited for. */
function instead(answer: { object?: Held | null; items?: Held[]; messages?: Held[] }): string[] {
  const held = answer.object ? [answer.object] : (answer.items ?? answer.messages ?? []);
  if (held.length === 0) return ["There is nothing."];
  const lines = held.map(({ key, index, data }) => {
    const name = key ?? index;
    return `  ${name === null || name === undefined ? "" : `${name}: `}${JSON.stringify(data)}`;
  });
  return ["There is this:", ...lines];
}

/** One value: `await emulator.sync.document("cart").data()`. */
export class SharedDocument extends SharedObject {
  protected readonly kind = "document";

  /**
   * Its value.
   *
   * @throws {CannotCall} it is not there
   */
  async data(): Promise<Value> {
    return (await this.fetch()).data ?? {};
  }

  /**
   * Give it another value; it comes into being where there is none.
   *
   * @throws {CannotCall} it cannot have that value, or that client may not
   */
  async set(data: Value, setting: Setting = {}): Promise<Value> {
    return dataOf(await this.write("put", "", data, setting));
  }

  /**
   * Change some keys of its value, and leave the others; answers the value.
   *
   * @throws {CannotCall} it is not there, or cannot have that value
   */
  async update(data: Value, setting: Setting = {}): Promise<Value> {
    return dataOf(await this.write("patch", "", data, setting));
  }

  /**
   * Wait until it is there and its value has these keys: `wait({ total: 3 })`; answers the value.
   *
   * @param wanted keys with their values; what is in an object may have more keys
   * @throws {NotReceived} it did not become so; what it is instead is shown
   */
  async wait(wanted: Value = {}, patience: Patience = {}): Promise<Value> {
    return dataOf(await this.await(wanted, patience));
  }
}

/** What lists and maps have in common. */
abstract class SharedCollection extends SharedObject {
  protected async held(): Promise<Schemas["SyncItem"][]> {
    try {
      return ((await this.ask("get", "/items")) as Schemas["SyncItemList"]).items;
    } catch (error) {
      if (error instanceof CannotCall && error.status === 404) return [];
      throw error;
    }
  }
}

/** Items in order: `await emulator.sync.list("orders").items()`. */
export class SharedList extends SharedCollection {
  protected readonly kind = "list";

  /** The values of its items, in order; none while it is not there. */
  async items(): Promise<Value[]> {
    return (await this.held()).map(({ data }) => data);
  }

  /**
   * Add an item at its end, and answer the index; the list comes into being where there is none.
   *
   * @throws {CannotCall} an item cannot have that value, or that client may not
   */
  async push(data: Value, setting: Setting = {}): Promise<number> {
    const pushed = await this.write("post", "/items", data, setting);
    return (pushed as { index: number }).index;
  }

  /**
   * Give an item another value.
   *
   * @throws {CannotCall} there is no such item, or it cannot have that value
   */
  async set(index: number, data: Value, setting: Setting = {}): Promise<void> {
    await this.write("put", `/items/${index}`, data, setting);
  }

  /**
   * Remove an item.
   *
   * @throws {CannotCall} there is no such item
   */
  async removeItem(index: number): Promise<void> {
    await this.ask("delete", `/items/${index}`);
  }

  /**
   * Wait until an item has these keys: `wait({ number: 7 })`; answers the item's value.
   *
   * @throws {NotReceived} none has; what is there instead is shown
   */
  async wait(wanted: Value = {}, patience: Patience = {}): Promise<Value> {
    return dataOf(await this.await(wanted, patience));
  }
}

/** Items by their keys: `await emulator.sync.map("prices").items()`. */
export class SharedMap extends SharedCollection {
  protected readonly kind = "map";

  /** The values of its items, by their keys; none while it is not there. */
  async items(): Promise<Record<string, Value>> {
    return Object.fromEntries((await this.held()).map(({ key, data }) => [key ?? "", data]));
  }

  /**
   * Have a value under a key; the map comes into being where there is none.
   *
   * @throws {CannotCall} an item cannot have that value, or that client may not
   */
  async set(key: string, data: Value, setting: Setting = {}): Promise<void> {
    await this.write("put", `/items/${encodeURIComponent(key)}`, data, setting);
  }

  /**
   * Remove an item.
   *
   * @throws {CannotCall} there is no such item
   */
  async removeItem(key: string): Promise<void> {
    await this.ask("delete", `/items/${encodeURIComponent(key)}`);
  }

  /**
   * Wait until the item under a key has these keys: `wait("apple", { amount: 2 })`; answers the item's
   * value.
   *
   * @throws {NotReceived} it has not; what is there instead is shown
   */
  wait(key: string, wanted?: Value, patience?: Patience): Promise<Value>;
  /** The same for any item: `wait({ amount: 2 })`. */
  wait(wanted?: Value, patience?: Patience): Promise<Value>;
  async wait(...given: unknown[]): Promise<Value> {
    const item = typeof given[0] === "string" ? (given.shift() as string) : null;
    const [wanted = {}, patience = {}] = given as [Value?, Patience?];
    return dataOf(await this.await(wanted, patience, { item }));
  }
}

/** Messages that nobody keeps: `await emulator.sync.stream("pointers").wait()`. */
export class SharedStream extends SharedObject {
  protected readonly kind = "stream";

  /** @param since from where on messages count */
  constructor(
    api: Calls,
    serviceSid: string,
    name: string,
    private readonly since: Since,
    private readonly progress: StreamProgress,
  ) {
    super(api, serviceSid, name);
  }

  /**
   * Say something in it; it comes into being where there is none.
   *
   * @throws {CannotCall} that cannot be said
   */
  async publish(data: Value, { identity }: Omit<Setting, "ttl"> = {}): Promise<void> {
    await this.write("post", "/messages", data, { identity });
  }

  /**
   * Wait for a message with these keys that was not returned by an earlier wait, nor came before the
   * one that was; answers what it says.
   *
   * @throws {NotReceived} none came; what came instead is shown
   */
  async wait(wanted: Value = {}, patience: Patience = {}): Promise<Value> {
    const { progress, since } = this;
    if (progress.marks !== since.marks) {
      progress.after = since.entry;
      progress.marks = since.marks;
    }
    const answer = await this.await(wanted, patience, { after: progress.after });
    const { messages, next_seq: next } = answer as Schemas["StreamMessages"];
    progress.after = next;
    return messages.at(-1)?.data ?? {};
  }
}

function dataOf(shown: unknown): Value {
  return (shown as { data: Value }).data;
}
