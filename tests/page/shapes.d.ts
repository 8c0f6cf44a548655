// What the control API answers and tells, as far as the page reads it. docs/control-api.md is the truth.

type Instant = string; // 2026-01-05T09:00:00Z

type Query = Record<string, string | number | boolean | null | undefined>;

interface Clock {
  mode: string; // real, frozen, or x and a factor
  now: Instant;
  next_due: Instant | null;
}

interface Account {
  account_sid: string;
  auth_token: string | null; // null when it is from the environment
  api_key: string;
  api_secret: string | null;
  conversation_service_sid: string;
  messaging_service_sid: string;
  numbers: string[];
}

interface Handset {
  address: string;
  label: string | null;
  profile_name: string | null;
  unread: number;
  last_message: { at: Instant; [more: string]: any } | null;
  date_created: Instant;
  power: string;
  network: string;
  receipts: string;
  read_receipts: string;
  carrier: { name: string | null; [more: string]: any };
  blocked_senders: string[];
  [more: string]: any;
}

type LiveState = "connecting" | "live" | "lost" | "gone";

/** One entry of the journal, as the stream tells it. */
interface LiveEvent {
  seq: number;
  type: string;
  at?: Instant;
  kind?: string;
  event: any;
  fields: any;
  [more: string]: any;
}

/** An account as pages see it: they are shown once it was read. */
type Session = Omit<import("../../emulator/twilio_emulator/console/page/session.js").Session, "account"> & {
  account: Account;
};

/** What the pages see of the console. */
interface Host {
  session: Session;
  frame: any;
  address(path: any[], query?: Query): string;
  go(path: any[], query?: Query): void;
  replace(path: any[], query?: Query): void;
}

/** What an address names. */
interface Route {
  path: string[];
  query: Record<string, string>;
}

/** Names and values, in order. */
type Pairs = any[];

/** What `h` takes as content of an element. */
type Content = any;

/** A message on a phone; a text, or a message of a conversation, with all that became of it; an entry
 * of the journal; an exchange with a webhook; and what else lists show. */
type Item = any;
type Story = any;
type Entry = any;
type Exchange = any;
type Listed = any;

/** A field of a call, as the control API declares it. */
interface DeclaredField {
  name: string;
  kind: string; // text, number, choice, choices, lines, json or group
  words: string;
  isRequired: boolean;
  example: any; // or what it is when it is not said
  types: string[]; // of JSON
  least: number | null;
  most: number | null;
  choices?: any[];
  fields?: DeclaredField[];
}

interface DeclaredBody {
  type: string;
  isJson: boolean;
  fields: DeclaredField[] | null; // null where a body may say anything
  examples: any[];
}

interface DeclaredCall {
  name: string;
  method: string;
  path: string;
  summary: string;
  places: DeclaredField[];
  query: DeclaredField[];
  body: DeclaredBody | null;
}

interface DeclaredGroup {
  name: string;
  words: string;
  calls: DeclaredCall[];
}

/** What came back of a call that somebody tried. */
interface ControlAnswer {
  status: number;
  isGood: boolean;
  text: string;
  json?: any;
}
