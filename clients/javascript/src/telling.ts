/** What went on in an account, in words for people. */

import { STATUS_CODES } from "node:http";
import type { components } from "./control-api.js";

type Schemas = components["schemas"];

/** A text as an event of the journal shows it. */
export interface Text {
  sid: string;
  to: string;
  sender?: string;
  body?: string;
  direction: string;
  status: string;
  error_code?: number | null;
}

/** Characters of one value that a line shows. */
const WIDTH = 100;

/** A value in one line that is not too long. */
export function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 3)}...`;
}

/** What was asked of Twilio's API, and what was answered. */
export function request(entry: Schemas["RequestEntry"]): string {
  const said = pairs(entry.form).map(([name, value]) => `${name}=${short(value)}`);
  const form = said.length > 0 ? ` with ${said.join(", ")}` : "";
  const asked = `${entry.method} ${entry.product} ${entry.path}${form}`;
  if (entry.code === undefined) return `${asked} was answered ${status(entry.status)}`;
  const hints = (entry.hints ?? []).map((hint) => `; ${hint}`).join("");
  return `${asked} was refused with ${entry.status}: ${entry.code} ${entry.message}${hints}`;
}

function pairs(form: unknown): [string, unknown][] {
  if (Array.isArray(form)) return form as [string, unknown][];
  return typeof form === "object" && form !== null ? Object.entries(form) : [];
}

/** Which webhook was called, and what it answered. */
export function webhook(entry: Schemas["WebhookEntry"]): string {
  const asked = `the webhook ${entry.method} ${entry.url}`;
  if (entry.status === null) return `${asked} gave no answer: ${entry.outcome}`;
  const usual = entry.outcome === `answered ${entry.status}`;
  const words = `${asked} answered ${status(entry.status)}${usual ? "" : `, ${entry.outcome}`}`;
  return entry.answer_body ? `${words}: ${short(entry.answer_body)}` : words;
}

/** A status of HTTP with its name, if it has one. */
function status(code: number): string {
  const name = STATUS_CODES[code];
  return name === undefined ? String(code) : `${code} ${name}`;
}

/** Which text it is. */
export function text(it: Text): string {
  return `the text ${short(it.body ?? "")} from ${it.sender}`;
}

/** What an alert says. */
export function alert(it: Schemas["Alert"]): string {
  let words = `${it.error_code} ${it.alert_text}`;
  if (it.request_url) words += `: ${it.request_method} ${it.request_url.replace(/\?[^#]*/, "")}`;
  return it.response_body ? `${words} answered ${short(it.response_body)}` : words;
}
