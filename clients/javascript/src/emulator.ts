/** An emulator of its own, or an account on a running one, for a test or a script. */

import { readFile } from "node:fs/promises";
import { Authenticator } from "./authenticator.js";
import { type Answer, Calls, type Given, type MethodOf } from "./calls.js";
import { Command, type StartOptions } from "./command.js";
import type { components, paths } from "./control-api.js";
import { CannotCall, DidNotHold } from "./errors.js";
import { type Handset, OpeningHandset } from "./handset.js";
import { type Environment, HeldAccount } from "./held-account.js";
import { type JournalEntry, type Report, type Webhook, entries } from "./journal.js";
import { Mailbox } from "./mailbox.js";
import { Orchestrator } from "./orchestrator.js";
import type { HandsetSettings } from "./phone.js";
import { sentences } from "./sentences.js";
import { Since } from "./since.js";
import { type Camelled, type Spelled, camelled, snaked, spelled } from "./spelling.js";
import { SharedService } from "./sync.js";
import { AccountClock } from "./time.js";
import { Verify } from "./verify.js";

type Schemas = components["schemas"];

/** What a fresh account has other than others: `{ clock: "frozen", seed: 7 }`. */
export type AccountSettings = Partial<Camelled<Schemas["NewAccount"]>>;

/** Whose account is held on a running emulator. */
export interface AttachOptions {
  /** One that is there; a fresh one unless given, which `stop` closes. */
  accountSid?: string | undefined;
  /** Its token, where it came from the environment of a stack and the emulator does not tell it. */
  authToken?: string | undefined;
  /** What the fresh one has other than others. */
  account?: AccountSettings | undefined;
}

/** How texts go wrong, and which. */
export interface Failing {
  /** The status with which the request to send is refused; else it is taken on and fails later. */
  http?: number | undefined;
  /** How often; always unless given. */
  times?: number | undefined;
  /** For these only, as all that follow. It may end in `*`, or begin with `regex:`. */
  to?: string | undefined;
  from?: string | undefined;
  channel?: string | undefined;
  body?: string | undefined;
  /** The messaging service. */
  service?: string | undefined;
}

/** What Lookup says of a number. */
export type LookedUp = Spelled<Schemas["LookedUp"]>;

/** What Lookup is to say of a number. */
export type LookupSettings = Partial<Spelled<Schemas["NumberDefinition"]>> & {
  /** What sort of line it is. */
  lineType?: Schemas["NumberType"] | undefined;
};

/** An account of an emulator, until it is stopped. */
export class Emulator extends HeldAccount implements AsyncDisposable {
  readonly clock: AccountClock;
  readonly verify: Verify;
  readonly sync: SharedService;
  readonly orchestrator: Orchestrator;
  private readonly calls: Calls;
  private readonly since: Since;
  private readonly mailboxes = new Map<string, Mailbox>();
  /** Those of this handle, by their ids. */
  private readonly faults: string[] = [];
  private stopping: Promise<void> | undefined;

  private constructor(
    url: string,
    account: Schemas["Account"],
    private end: () => Promise<unknown>,
    environment: Environment = process.env,
    authToken?: string,
  ) {
    super(url, account, environment, authToken);
    this.calls = new Calls(url, this.accountSid);
    this.since = new Since(this.calls);
    this.clock = new AccountClock(this.calls);
    this.verify = new Verify(this.calls, this.verifyServiceSid);
    this.sync = new SharedService(this.calls, this.syncServiceSid, this.since);
    this.orchestrator = new Orchestrator(
      this.calls,
      this.conversationConfigurationId,
      this.memoryStoreId,
    );
  }

  /**
   * Run the command `twilio-emulator`, whose default account this is. It ends with this process.
   *
   * @throws {CannotStart} it is not there, ended, or was not ready in time
   */
  static async start(options: StartOptions = {}): Promise<Emulator> {
    const { command, ready } = await Command.start(options);
    // It is on this machine: a name needs no look-up.
    const url = ready.url.replace("//localhost:", `//${options.host === "::1" ? "[::1]" : "127.0.0.1"}:`);
    try {
      const [account] = await accountsAt(new Calls(url));
      const environment = { ...process.env, ...options.env };
      return new Emulator(url, checked(account, url), () => command.stop(), environment);
    } catch (error) {
      await command.stop();
      throw error;
    }
  }

  /**
   * Hold an account on the emulator that runs there: a fresh one, unless one is named.
   *
   * What went on before in one that is named is noise: waits, inboxes, the journal and the webhooks
   * begin here. `stop` takes its faults away and lets its clock run as it did.
   *
   * @param url `TWILIO_EMULATOR_URL` of the environment unless given
   * @throws {CannotCall} no emulator answers there, or it has no such account
   */
  static async attach(url?: string, options: AttachOptions = {}): Promise<Emulator> {
    const there = (url ?? process.env["TWILIO_EMULATOR_URL"] ?? "").replace(/\/$/, "");
    const calls = new Calls(there);
    const { accountSid, authToken } = options;
    if (accountSid === undefined) {
      const body = snaked(options.account ?? {}) as Given<paths["/accounts"]["post"]>["body"] & object;
      const account = checked(await calls.call("post", "/accounts", { body }), there);
      const path = { account: account.account_sid };
      const close = () => calls.call("delete", "/accounts/{account}", { path });
      return new Emulator(there, account, close);
    }
    const accounts = await accountsAt(calls);
    const account = accounts.find((each) => each.account_sid === accountSid);
    if (!account) {
      const known = accounts.map((each) => each.account_sid).join(", ");
      throw new CannotCall(`the emulator at ${there} has no account ${accountSid}: it has ${known}`);
    }
    const held = new Emulator(there, account, () => Promise.resolve(), process.env, authToken);
    const { mode } = await held.calls.call("get", "/clock");
    held.end = () => held.leave(mode);
    await held.mark();
    return held;
  }

  /** Take away what would disturb the stack that goes on. */
  private async leave(mode: string): Promise<void> {
    const { faults } = await this.calls.call("get", "/faults");
    for (const { id } of faults.filter((each) => this.faults.includes(each.id))) {
      await this.calls.call("delete", "/faults/{fault}", { path: { fault: id } });
    }
    const now = await this.calls.call("get", "/clock");
    if (now.mode !== mode) await this.calls.call("post", "/clock", { body: { mode } });
  }

  /** Count from here on: the journal, the webhooks and the inboxes of phones begin anew. */
  mark(): Promise<void> {
    return this.since.here();
  }

  /** A fresh account here, complete and isolated from all others: one per test. */
  account(settings: AccountSettings = {}): Promise<Emulator> {
    return Emulator.attach(this.url, { account: settings });
  }

  /** End the emulator that was started, or close the account that was opened. */
  stop(): Promise<void> {
    this.stopping ??= this.end().then(() => undefined);
    return this.stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /**
   * An access token for a client SDK, which lives for `ttl` seconds of the clock. `sync` has it open
   * Sync too: the default service, or the one with this sid.
   */
  async token(
    identity: string,
    {
      serviceSid,
      sync,
      ttl,
    }: {
      serviceSid?: string | undefined;
      sync?: boolean | string | undefined;
      ttl?: number | undefined;
    } = {},
  ): Promise<string> {
    const lives = ttl === undefined ? {} : { ttl };
    const body = { identity, service_sid: serviceSid ?? null, sync: sync ?? null, ...lives };
    return (await this.calls.call("post", "/tokens", { body })).token;
  }

  /**
   * The phone with this number, made when there is none: `handset("+1...", { label: "Ann" })`.
   *
   * It can be used at once. Awaited, it is there, and waits for what comes from then on.
   */
  handset(address: string, settings: HandsetSettings = {}): Handset & PromiseLike<Handset> {
    return new OpeningHandset(this.calls, address, this.number, this.since, settings);
  }

  /**
   * The mailbox with this e-mail address, always the same one: a wait returns what no earlier one
   * did.
   */
  mailbox(address: string): Mailbox {
    const name = address.trim().toLowerCase();
    const there = this.mailboxes.get(name) ?? new Mailbox(this.calls, address, this.since);
    this.mailboxes.set(name, there);
    return there;
  }

  /**
   * The authenticator app and the device of an entity of Verify, in the account's first service
   * unless one is named.
   */
  authenticator(
    identity: string,
    { service }: { service?: string | undefined } = {},
  ): Authenticator {
    return new Authenticator(this.calls, identity, service);
  }

  /**
   * What Lookup says of a number, once it says this too:
   * `lookup("+1...", { lineType: "landline", error: { sim_swap: 60606 } })`.
   *
   * @param said what sort of line it is; packages with some of their keys, or null to take one back;
   *   `valid`, `validationErrors` and `error`. What belongs to the phone itself, such as
   *   `simSwapped`, is a setting of its handset.
   * @throws {CannotCall} no answer of Lookup's is like that
   */
  async lookup(number: string, said: LookupSettings = {}): Promise<LookedUp> {
    const { lineType, ...packages } = said;
    const line = lineType === undefined ? {} : { lineTypeIntelligence: { type: lineType } };
    const given = { ...packages, ...line };
    const path = { number };
    const told =
      Object.values(given).some((each) => each !== undefined)
        ? this.calls.call("put", "/lookups/{number}", { path, body: snaked(given, "error") })
        : this.calls.call("get", "/lookups/{number}", { path });
    return spelled(await told, { packages: true, defined: true });
  }

  /** Let texts go wrong with one of Twilio's error codes: `fail(30006, { to, times: 1 })`. */
  async fail(code: number, failing: Failing = {}): Promise<void> {
    const { http, times = null, ...given } = failing;
    const { to = null, from = null, channel = null, body: words = null, service = null } = given;
    const match = { to, from, channel, body: words, service };
    let wrong: Schemas["Fault"];
    if (http === undefined) {
      const { error_codes: known } = await this.calls.call("get", "/choices");
      const status = known.find((each) => each.code === code)?.status ?? "undelivered";
      wrong = { final: { status, error_code: code } };
    } else {
      wrong = { api_error: { status: http, code } };
    }
    const body = { match, do: wrong, times };
    this.faults.push((await this.calls.call("post", "/faults", { body })).id);
  }

  /** Every webhook that was sent, with what came back, oldest first. */
  webhooks(): Promise<Webhook[]> {
    return this.journal("webhook");
  }

  /**
   * Every request, command, event and webhook that the log still holds, in order.
   *
   * @param kind of these alone: `journal("refused")`
   */
  async journal<Kind extends JournalEntry["kind"]>(
    kind?: Kind,
  ): Promise<Extract<JournalEntry, { kind: Kind }>[]> {
    const found = await entries(this.calls, this.since.entry, kind);
    return found as Extract<JournalEntry, { kind: Kind }>[];
  }

  /** The end of the journal as sentences, the newest last: for whoever wonders why a test failed. */
  sentences(): Promise<string> {
    return sentences(this.calls, this.since.entry);
  }

  /**
   * Play a scenario here.
   *
   * @param path of a file
   * @returns the report
   * @throws {CannotCall} the file is wrong; the text says where
   * @throws {DidNotHold} an expectation failed
   */
  async play(path: string): Promise<Report> {
    const content = await readFile(path, "utf8");
    const given = { content, query: { name: path } };
    const report = camelled((await this.calls.send("post", "/scenarios", given)) as Schemas["Report"]);
    if (!report.held) throw new DidNotHold(report);
    return report;
  }

  /** Make the account what it was at its start, or after the scenarios of the start. */
  async reset(): Promise<void> {
    await this.calls.call("post", "/reset");
    this.since.resets += 1;
    this.faults.length = 0; // they are gone, and others may have their ids
    await this.mark();
  }

  /**
   * Any call of the control API, for this account:
   * `call("patch", "/carrier", { body: { profile: "flaky" } })`.
   *
   * @throws {CannotCall} it is refused; the text says why
   */
  call<Path extends keyof paths, Name extends MethodOf<Path>>(
    method: Name,
    path: Path,
    given?: Given<paths[Path][Name]>,
  ): Promise<Answer<paths[Path][Name]>> {
    return this.calls.call(method, path, given);
  }
}

async function accountsAt(calls: Calls): Promise<Schemas["Account"][]> {
  const said: Partial<Schemas["AccountList"]> = await calls.call("get", "/accounts");
  return said.accounts?.map((account) => checked(account, calls.url)) ?? [checked(undefined, calls.url)];
}

/** An account that something answered, which may be no emulator. */
function checked(account: Partial<Schemas["Account"]> | undefined, url: string): Schemas["Account"] {
  if (account?.account_sid !== undefined && account.numbers) return account as Schemas["Account"];
  throw new CannotCall(`what answers at ${url} is no emulator`);
}
