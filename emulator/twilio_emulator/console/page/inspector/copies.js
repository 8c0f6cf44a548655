// The same thing once more, outside of the page: as curl, as Python, as a step of a scenario.

import { PREFIX } from "../api.js";
import { h, icon } from "../dom.js";
import { copy } from "../toast.js";

/**
 * Buttons that copy what would make this again: `{ text }`, `{ message }` `{ webhook }` or `{ request }`.
 * @param {Session} session
 * @param {any} thing
 */
export function copyMenu(session, thing) {
  const made = copies(session, thing);
  return h(
    "span.copies",
    { role: "group", "aria-label": "Copy as" },
    h("span", icon("copy"), "Copy as"),
    Object.entries(made).map(([name, text]) => h("button", { onclick: () => copy(text, `The ${name}`), title: text }, name)),
  );
}

/**
 * What each of the buttons copies, by its name.
 * @param {Session} session
 * @param {{ text: Story, message: Listed, webhook: Exchange, request: any }} of
 */
export function copies(session, { text, message, webhook, request }) {
  if (webhook) return { curl: webhookCurl(webhook) };
  if (request) return { curl: requestCurl(session, request) };
  if (message) return ofMessage(session, message);
  return text.direction === "inbound" ? ofInbound(session, text) : ofOutbound(session, text);
}

/**
 * @param {Session} session
 * @param {Story} text
 */
function ofOutbound(session, text) {
  const { account_sid: account, auth_token: token } = session.account;
  const said = { To: text.to, ...sender(text), Body: text.body };
  const python = { to: text.to, ...pythonSender(text), body: text.body };
  return {
    curl: asCurl(`${location.origin}/2010-04-01/Accounts/${account}/Messages.json`, said, `${account}:${token ?? "$TWILIO_AUTH_TOKEN"}`),
    Python: `client.messages.create(${keywords(python)})`,
    "scenario step": step("messages.create", yamlOf(python)),
  };
}

/** @param {Story} text */
const sender = (text) => (text.messaging_service_sid ? { MessagingServiceSid: text.messaging_service_sid } : { From: text.from });
/** @param {Story} text */
const pythonSender = (text) => (text.messaging_service_sid ? { messaging_service_sid: text.messaging_service_sid } : { from_: text.from });

/**
 * @param {Session} session
 * @param {Story} text
 */
function ofInbound(session, text) {
  const [, phone] = text.from.match(/(?:\w+:)?(.*)/);
  const wish = { to: text.to, body: text.body };
  const account = session.api.account ? `?account=${session.api.account}` : "";
  return {
    curl: [
      `curl -X POST '${location.origin}${PREFIX}/handsets/${phone}/messages${account}'`,
      `  -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(wish))}`,
    ].join(" \\\n"),
    Python: `twilio_emulator.handset(${python(phone)}).send(${python(text.body)}, to=${python(text.to)})`,
    "scenario step": step(`${session.handsets.get(phone)?.label || phone} texts`, text.body),
  };
}

/**
 * @param {Session} session
 * @param {Listed} message
 */
function ofMessage(session, message) {
  const { account_sid: account, auth_token: token } = session.account;
  const said = { author: message.author, body: message.body ?? "" };
  const path = `/v1/Conversations/${message.conversation_sid}/Messages`;
  return {
    curl: asCurl(`${location.origin}${path}`, { Author: said.author, Body: said.body }, `${account}:${token ?? "$TWILIO_AUTH_TOKEN"}`),
    Python: `client.conversations.v1.conversations(${python(message.conversation_sid)}).messages.create(${keywords(said)})`,
    "scenario step": step("conversations.messages.create", yamlOf({ conversation: message.conversation_sid, ...said })),
  };
}

/**
 * @param {Session} session
 * @param {{ method: string, product: any, path: string, form: any }} of
 */
function requestCurl(session, { method, product, path, form }) {
  const { account_sid: account, auth_token: token } = session.account;
  const url = `${location.origin}/${product}.twilio.com${path}`;
  const login = `-u "${account}:${token ?? "$TWILIO_AUTH_TOKEN"}"`;
  const fields = Array.isArray(form)
    ? form.map(([name, value]) => `--data-urlencode ${quoted(`${name}=${value}`)}`)
    : form ? ["-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(form))}`] : [];
  return [`curl -X ${method} ${quoted(url)}`, login, ...fields].join(" \\\n  ");
}

/** @param {{ url: string, method: string, headers: any, body: any }} of */
function webhookCurl({ url, method, headers, body }) {
  const said = headers
    .filter((/** @type {any} */ [name]) => !["host", "content-length", "accept-encoding", "authorization"].includes(name.toLowerCase()))
    .map((/** @type {any} */ [name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  return [`curl -X ${method} ${quoted(url)}`, ...said, ...(body ? [`--data-raw ${quoted(body)}`] : [])].join(" \\\n  ");
}

/**
 * @param {string} url
 * @param {any} form
 * @param {any} login
 */
function asCurl(url, form, login) {
  const fields = Object.entries(form).map(([name, value]) => `--data-urlencode ${quoted(`${name}=${value}`)}`);
  return [`curl -X POST '${url}'`, `-u ${login.includes("$") ? `"${login}"` : `'${login}'`}`, ...fields].join(" \\\n  ");
}

/**
 * A text within single quotes of a shell.
 * @param {Story} text
 */
export const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * A text in Python; what JSON escapes, Python reads as it was.
 * @param {Story} text
 */
const python = (text) => JSON.stringify(text).replace(/[\u007f-\uffff]/g, (letter) =>
  /\p{L}|\p{Emoji}|\p{P}|\p{Surrogate}/u.test(letter) ? letter : `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
);

/** @param {any} values */
const keywords = (values) => Object.entries(values).map(([name, value]) => `${name}=${python(value)}`).join(", ");
/** @param {any} values */
const yamlOf = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name.replace(/_$/, ""), value]));

/**
 * JSON is YAML too, so that nothing has to be escaped by hand.
 * @param {string} sentence
 * @param {any} said
 */
function step(sentence, said) {
  const value = typeof said === "string"
    ? JSON.stringify(said)
    : `{${Object.entries(said).map(([name, each]) => `${name}: ${JSON.stringify(each)}`).join(", ")}}`;
  return `- ${sentence}: ${value}`;
}
