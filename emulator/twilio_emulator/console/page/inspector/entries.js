// What an entry of the journal says, in a line.

import { plainly } from "../words.js";

/**
 * `TextStatusChanged` is "Text status changed".
 * @param {string} name
 */
export function spaced(name) {
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words[0].toUpperCase() + words.slice(1);
}

/** @param {string} text */
const short = (text, length = 90) => {
  const line = plainly(String(text ?? ""));
  return line.length > length ? `${line.slice(0, length)}…` : line;
};

/** @param {string} url */
const address = (url) => url.replace(/^https?:\/\//, "");

/**
 * The records in an event or a command, the one that it is about first.
 * @param {any} fields
 */
function subjectOf(fields) {
  return Object.values(fields ?? {}).find((value) => value !== null && typeof value === "object") ?? {};
}

/**
 * Words for what is particular about an event.
 * @param {{ event: any, fields: any }} of
 */
function ofEvent({ event, fields }) {
  const it = subjectOf(fields);
  if (fields.text) {
    const code = it.error_code ? ` ${it.error_code}` : "";
    const how = event === "TextStatusChanged" || event === "TextCreated" ? `${it.status}${code}` : spaced(event);
    return { title: `Text ${how}`.replace("Text Text", "Text"), detail: `${it.sender ?? "?"} → ${it.to}  ${short(it.body ?? "", 60)}`, bad: Boolean(it.error_code) };
  }
  if (fields.item) return { title: spaced(event), detail: `${it.handset} ⇄ ${it.peer}  ${short(it.body ?? "", 60)}` };
  if (fields.message) {
    const status = fields.receipt?.status ? `receipt ${fields.receipt.status}  ` : "";
    return { title: spaced(event), detail: `${fields.message.author}: ${status}${short(fields.message.body ?? "", 60)}` };
  }
  if (fields.alert) return { title: `Alert ${it.error_code}`, detail: short(it.alert_text), bad: true };
  if (fields.participant) return { title: spaced(event), detail: it.identity ?? it.address ?? it.sid };
  if (event === "ConversationStateUpdated") return { title: "Conversation state updated", detail: `${fields.state_from} → ${it.state ?? "active"} (${fields.reason})` };
  if (event === "ClockMoved") return { title: "Clock moved", detail: `${fields.now ?? ""} rate ${fields.rate ?? 1}` };
  return { title: spaced(event), detail: short(it.friendly_name || it.unique_name || it.label || it.identity || it.address || it.recipient || it.sid || "") };
}

/** @param {{ command: any, fields: any }} of */
function ofCommand({ command, fields }) {
  const said = Object.entries(fields)
    .filter(([, value]) => typeof value === "string" || typeof value === "number")
    .map(([name, value]) => `${name} ${short(value, 40)}`);
  return { title: spaced(command), detail: short(said.join("  "), 140) };
}

/**
 * A verb of TwiML: what it says, or where it leads.
 * @param {any} verb
 */
const ofVerb = (verb) => `<${verb.verb}> ${verb.body || verb.url || verb.media?.join(" ") || ""}`;

/**
 * `{ title, detail, bad }` for an entry.
 * @param {Entry} entry
 * @returns {{ title: string, detail: Content, bad?: boolean }}
 */
export function describe(entry) {
  switch (entry.kind) {
    case "event":
      return ofEvent(entry);
    case "command":
      return ofCommand(entry);
    case "request":
      return {
        title: `${entry.method} ${entry.status}`,
        detail: `${entry.product} ${entry.path}${entry.code ? `  ${entry.code}: ${short(entry.message)}` : ""}`,
        bad: entry.status >= 400,
      };
    case "refused":
      return { title: `Refused ${entry.code}`, detail: short(entry.message, 160), bad: true };
    case "webhook":
      return {
        title: `Webhook ${entry.status ?? "failed"}: ${entry.event}`,
        detail: `${entry.method} ${address(entry.url)} in ${entry.milliseconds} ms: ${short(entry.outcome)}`,
        bad: !(entry.status >= 200 && entry.status < 300),
      };
    case "webhook-decision":
      return {
        title: `Webhook ${entry.sent ? "fires" : "not sent"}: ${entry.event}`,
        detail: `${entry.setting}: ${entry.because}${entry.url ? `  ${address(entry.url)}` : ""}`,
      };
    case "hint":
      return { title: "Hint", detail: entry.words, bad: true };
    case "webhook-reply":
      return { title: "TwiML", detail: short(entry.verbs?.map(ofVerb).join("  ") || "nothing to do", 160) };
    case "connection":
      return { title: `Client ${entry.state}`, detail: short(entry.identity ?? entry.message), bad: entry.state === "refused" };
    case "subscription":
      return { title: `Client ${entry.state === "watching" ? "watches" : "leaves"}`, detail: `${short(entry.identity)}  ${entry.object_sid}` };
    case "webhook-verdict":
      return { title: `Verdict: ${entry.event}`, detail: short(entry.outcome) };
    default:
      return { title: spaced(entry.kind), detail: short(JSON.stringify(entry)) };
  }
}

/** @type {Record<string, string>} */
const DRAWINGS = {
  command: "play",
  event: "message",
  request: "forward",
  connection: "connection",
  subscription: "eye",
  refused: "optout",
  webhook: "webhook",
  "webhook-decision": "webhook",
  hint: "alert",
  "webhook-verdict": "webhook",
  "webhook-reply": "reply",
};

/**
 * The drawing for a kind of entries.
 * @param {Entry} entry
 */
export const drawingOf = (entry) => (entry.event === "AlertRaised" ? "alert" : DRAWINGS[entry.kind] ?? "journal");

/**
 * Every sid that an entry names, each once.
 * @param {Entry} entry
 */
export function sidsOf(entry) {
  return [...new Set(JSON.stringify(entry).match(/\b(?:SM|MM|IM|CH)[0-9a-f]{32}\b/g) ?? [])];
}
