/** A mailbox as a test holds it: wait for e-mail, and read it. */

import type { Calls } from "./calls.js";
import type { components } from "./control-api.js";
import type { Since } from "./since.js";
import {
  type Timeout,
  arrivals,
  clockTime,
  expression,
  inVain,
  milliseconds,
  notReceived,
} from "./waits.js";

type Schemas = components["schemas"];

/** An e-mail. */
export interface MailboxMessage {
  readonly id: string;
  readonly seq: number;
  readonly to: string;
  readonly sender: string;
  readonly senderName: string | null;
  readonly subject: string;
  /** Its text. */
  readonly body: string;
  /** The same as a page. */
  readonly html: string;
  /** One-time codes in it: `["424242"]`. */
  readonly codes: readonly string[];
  /** Web addresses in it. */
  readonly links: readonly string[];
  readonly templateId: string | null;
  /** What a template of the sender's would be filled with. */
  readonly substitutions: Readonly<Record<string, string>>;
  /** Sids of what it was sent for. */
  readonly about: Readonly<Record<string, string>>;
  readonly receivedAt: Date;
}

/** Which e-mail a test waits for, and how long. */
export interface WantedMail {
  /** A part of its subject or text. */
  contains?: string | undefined;
  /** An expression that is found in its subject or text; a RegExp's flags `i`, `m` and `s` are heeded. */
  regex?: string | RegExp | undefined;
  /** A part of its subject. */
  subject?: string | undefined;
  /** The address that it is from. */
  sender?: string | undefined;
  /** Milliseconds of the machine, or `{ seconds: 5 }`; 5000 unless given. */
  timeout?: Timeout | undefined;
}

/** A mailbox of the emulator's account. */
export class Mailbox {
  private returned: MailboxMessage[] = [];
  private returnedAt: number;

  /**
   * @param address the e-mail address
   * @param since from where on what went on in the account counts
   */
  constructor(
    private readonly api: Calls,
    readonly address: string,
    private readonly since: Since,
  ) {
    this.returnedAt = since.marks;
  }

  /** Everything that is in the mailbox, oldest first. */
  async inbox(): Promise<MailboxMessage[]> {
    const given = { path: { mailbox: this.address }, query: { since: this.since.message } };
    return (await this.api.call("get", "/mailboxes/{mailbox}/messages", given)).items.map(read);
  }

  /**
   * Wait for an e-mail that no earlier wait for this mailbox returned.
   *
   * @throws {NotReceived} it did not come; what came instead is shown
   */
  wait(wanted?: WantedMail & { count?: undefined }): Promise<MailboxMessage>;
  /** The same for so many. */
  wait(wanted: WantedMail & { count: number }): Promise<MailboxMessage[]>;
  async wait(wanted: WantedMail & { count?: number | undefined } = {}): Promise<unknown> {
    if (this.returnedAt !== this.since.marks) {
      this.returned = []; // after a reset, other mail has these ids
      this.returnedAt = this.since.marks;
    }
    const { contains = null, regex, subject = null, sender = null, count } = wanted;
    const limit = milliseconds(wanted.timeout);
    const query = {
      contains,
      subject,
      from: sender,
      regex: expression(regex),
      count: count ?? 1,
      after: String(this.since.message),
    };
    const items = await arrivals(this.returned, limit, async (left, without) => {
      const asked = { ...query, without, timeout: left / 1000 };
      const given = { path: { mailbox: this.address }, query: asked };
      try {
        const path = "/mailboxes/{mailbox}/messages/wait";
        return (await this.api.call("get", path, given, left)).items.map(read);
      } catch (error) {
        const { items: came, others } = inVain(error) as Schemas["NoMail"];
        const words = `${this.address} did not receive the expected e-mail`;
        throw notReceived(words, limit, came.map(told), others.map(told));
      }
    });
    return count === undefined ? items[0] : items;
  }

  /**
   * Delete all e-mail in it.
   *
   * @throws {CannotCall} nothing has come to it yet
   */
  async clear(): Promise<void> {
    const path = { mailbox: this.address };
    await this.api.call("delete", "/mailboxes/{mailbox}/messages", { path });
  }
}

/** The e-mail that the control API shows. */
function read(shown: Schemas["Mail"]): MailboxMessage {
  return {
    id: shown.id,
    seq: shown.seq,
    to: shown.to,
    sender: shown.from,
    senderName: shown.from_name,
    subject: shown.subject,
    body: shown.body,
    html: shown.html,
    codes: shown.codes,
    links: shown.links,
    templateId: shown.template_id,
    substitutions: shown.substitutions,
    about: shown.about,
    receivedAt: new Date(shown.received_at),
  };
}

function told(shown: Schemas["Mail"]): string {
  const at = clockTime(new Date(shown.received_at));
  return `${at} from ${shown.from}: ${JSON.stringify(shown.subject)}`;
}
