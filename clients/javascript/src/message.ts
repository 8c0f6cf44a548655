/** A message on a phone, as a test reads it. */

import type { components } from "./control-api.js";
import { type Camelled, camelled } from "./spelling.js";
import { clockTime } from "./waits.js";

type Schemas = components["schemas"];

/** What carries a text. */
export type Channel = Schemas["Channel"];

/**
 * Something to press in a message.
 *
 * `kind` is QUICK_REPLY or LIST_ITEM, which answer the app, or what it does on the phone, as URL.
 */
export type Button = Camelled<Schemas["Button"]>;

/** A file that came with a message. */
export type MediaFile = Camelled<Schemas["MediaFile"]>;

/** A message on a phone. */
export interface HandsetMessage {
  readonly id: string;
  readonly seq: number;
  /** The phone's address. */
  readonly handset: string;
  /** Who is at the other end. */
  readonly peer: string;
  /** Whose words they are in a group, when that is neither this phone nor the peer. */
  readonly author: string | null;
  /** Who else is in the group. */
  readonly others: readonly string[];
  readonly direction: Schemas["Side"];
  readonly channel: Channel;
  readonly body: string;
  /** What looks like a code in it: `["424242"]`. */
  readonly codes: readonly string[];
  readonly links: readonly string[];
  readonly media: readonly MediaFile[];
  /** What there is to press. */
  readonly buttons: readonly Button[];
  /** The sid of the message that it quotes. */
  readonly replyTo: string | null;
  readonly state: Schemas["ItemState"];
  /** Whether a network says it by itself. */
  readonly system: boolean;
  readonly receivedAt: Date;
  readonly messageSid: string | null;
  readonly conversationSid: string | null;
}

/** The item that the control API shows. */
export function read(shown: Schemas["Item"]): HandsetMessage {
  return {
    id: shown.id,
    seq: shown.seq,
    handset: shown.handset,
    peer: shown.thread,
    author: shown.author,
    others: shown.others,
    direction: shown.direction,
    channel: shown.channel,
    body: shown.body,
    codes: shown.codes,
    links: shown.links,
    media: shown.media.map(camelled),
    buttons: (shown.content?.buttons ?? []).map(camelled),
    replyTo: shown.reply_to,
    state: shown.state,
    system: shown.system,
    receivedAt: new Date(shown.received_at),
    messageSid: shown.message_sid,
    conversationSid: shown.conversation_sid,
  };
}

/** A message in one line. */
export function told(message: HandsetMessage): string {
  const sender = message.author ?? message.peer;
  return `${clockTime(message.receivedAt)} ${message.channel} from ${sender}: ${JSON.stringify(message.body)}`;
}
