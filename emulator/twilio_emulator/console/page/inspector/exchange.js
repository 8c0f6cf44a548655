// One call of a webhook: what was sent and signed, what came back, and sending it once more.

import { at } from "../api.js";
import { h, icon } from "../dom.js";
import { say, trying } from "../toast.js";
import { copyMenu } from "./copies.js";
import { asSentence } from "../words.js";
import { json, pairsOf, raw, table } from "./json.js";

/**
 * The parts of an exchange, as the journal shows it.
 * @param {Session} session
 * @param {Exchange} exchange
 */
export function exchangeDetails(session, exchange) {
  const query = exchange.url.includes("?") ? exchange.url.slice(exchange.url.indexOf("?") + 1) : "";
  return h(
    "div.exchange",
    h("div.buttons", replayButton(session, exchange), copyMenu(session, { webhook: exchange })),
    isJson(exchange) ? part("Body", () => readable(exchange.body, "Body"), true) : part("Parameters", () => table(pairsOf(exchange.body || query), "Parameters"), true),
    part("Request headers", () => table(exchange.headers, "Request headers")),
    part("Signature base string", () => signature(exchange)),
    exchange.answer_headers.length > 0 && part("Response headers", () => table(exchange.answer_headers, "Response headers")),
    exchange.answer_body && part("Response", () => readable(exchange.answer_body, "Response"), true),
    exchange.dropped && h("p.hint", { "data-test": "dropped" }, asSentence(exchange.dropped)),
  );
}

/**
 * One foldable part; its content is made when it is first unfolded.
 * @param {string} title
 * @param {() => Content} make
 */
export function part(title, make, open = false) {
  const unfold = () => {
    if (element.open && element.childElementCount === 1) element.append(make());
  };
  const element = h("details.part", { open, ontoggle: unfold }, h("summary", title));
  unfold();
  return element;
}

/** @param {{ signed: string }} of */
function signature({ signed }) {
  const words = "X-Twilio-Signature is the base64 of HMAC-SHA1 over this, with the account's auth token as key.";
  return h("div", h("p.hint", words), raw(signed, "Signature base string"));
}

/** @param {Exchange} exchange */
const isJson = ({ headers, body }) => Boolean(body) && headers.some((/** @type {[string, string]} */ [name, value]) => name.toLowerCase() === "content-type" && value.includes("json"));

/**
 * A body: as JSON when it is that, else as it stands.
 * @param {string} text
 * @param {string} label
 */
export function readable(text, label) {
  try {
    return json(JSON.parse(text));
  } catch {
    return raw(indented(text), label);
  }
}

/**
 * XML with a line for each element, which is easier on the eye.
 * @param {string} text
 */
function indented(text) {
  if (!text.trimStart().startsWith("<") || text.includes("\n")) return text;
  let depth = 0;
  return text
    .replace(/></g, ">\n<")
    .split("\n")
    .map((/** @type {string} */ line) => {
      if (/^<\//.test(line)) depth -= 1;
      const shown = "  ".repeat(Math.max(depth, 0)) + line;
      if (/^<[^/?!][^>]*[^/]>$/.test(line) || /^<[^/?!]>$/.test(line)) depth += 1;
      return shown;
    })
    .join("\n");
}

/**
 * @param {Session} session
 * @param {Exchange} exchange
 */
function replayButton(session, exchange) {
  const button = h("button", {
    "data-test": "replay",
    onclick: async () => {
      button.disabled = true;
      const answered = await trying(session.api.post(at`/webhooks/${exchange.seq}/replay`));
      button.disabled = false;
      if (answered) say(`Sent once more: ${answered.webhooks.at(-1)?.outcome ?? "no answer"}`);
    },
  }, icon("replay"), "Replay");
  return button;
}
