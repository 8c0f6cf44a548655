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
