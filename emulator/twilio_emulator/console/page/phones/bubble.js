// One message as a phone shows it, and beneath it what only an emulator can know: its status, its
// segments and their encoding.

import { h, icon, iconButton } from "../dom.js";
import { showLong } from "../long.js";
import { copy } from "../toast.js";
import { clockTime, count, exactly, plainly, revealed, size } from "../words.js";
import { interactive } from "./interactive.js";
import { attachment, place } from "./media.js";

const LINK = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}']/gi;

/** @type {Record<string, string>} */
const TICKS = { accepted: "", queued: "", sending: "", sent: "tick", delivered: "ticks", received: "ticks", read: "ticks" };

/**
 * A body: its links can be followed, and characters that would deceive are named.
 * @param {string} text
 */
export const body = (text) => showLong(h("div.text", { dir: "auto" }), text, pieces);

/** @param {string} text */
function pieces(text) {
  const shown = [];
  let last = 0;
  for (const found of text.matchAll(LINK)) {
    shown.push(...plain(text.slice(last, found.index)));
    shown.push(h("a", { href: found[0], target: "_blank", rel: "noopener noreferrer" }, ...plain(found[0])));
    last = found.index + found[0].length;
  }
  shown.push(...plain(text.slice(last)));
  return shown;
}

/** @param {string} text */
function plain(text) {
  return revealed(text).map((piece) =>
    typeof piece === "string" ? piece : h("span.hidden-character", { title: "A character that cannot be seen" }, piece.hidden),
  );
}

/**
 * A bubble.
 * `actions` says what can be done with it: `reply(item)`, `inspect(item)`, `press(item, button)`
 * and `quoted(id)`, which finds the message that another one quotes.
 * @param {Session} session
 * @param {Item} item
 * @param {any} actions
 */
export function bubble(session, item, actions) {
  const out = item.direction === "from_handset";
  const quoted = item.reply_to ? actions.quoted(item.reply_to) : null;
  const words = item.content?.text || item.body;
  const onCards = new Set((Array.isArray(item.content?.data.cards) ? item.content.data.cards : []).map((/** @type {any} */ each) => each?.media));
  /** @param {string} url */
  const picture = (url) => item.media.filter((/** @type {Listed} */ file) => file.url === url).slice(0, 1).map((/** @type {Listed} */ file) => attachment(session, file));
  return h(
    "div.message",
    {
      class: `message ${out ? "out" : "in"} ${item.state} ${item.system ? "system" : ""}`,
      "data-message": item.id,
      "data-test": "message",
    },
    h(
      "div.bubble",
      item.others.length > 0 && h("div.group", { title: `In a group with ${item.others.join(", ")}` }, h("bdi", group(item))),
      item.forwarded && h("div.forwarded", "Forwarded"),
      quoted && h("div.quote", h("bdi", plainly(quoted.body).slice(0, 120) || "Media")),
      item.location && place(item.location),
      item.media.filter((/** @type {Listed} */ file) => !onCards.has(file.url)).map((/** @type {Listed} */ file) => attachment(session, file)),
      words && body(words),
      item.content && interactive(item.content, (/** @type {any} */ button) => actions.press(item, button), picture),
      item.state === "pending" && h("div.waiting", icon("hold"), "Not on the phone yet"),
      item.state === "expired" && h("div.waiting", icon("hold"), "It never reached the phone"),
    ),
    h("div.tools", tools(item, actions)),
    h("div.facts", facts(item)),
  );
}

/** @param {Item} item */
function group(item) {
  if (item.direction === "from_handset") return `and to ${item.others.join(", ")}`;
  const rest = item.others.filter((/** @type {any} */ each) => each !== item.author);
  return [item.author, rest.length && `also to ${rest.join(", ")}`].filter(Boolean).join(", ");
}

/**
 * @param {Item} item
 * @param {any} actions
 */
function tools(item, actions) {
  return [
    item.codes.map((/** @type {string} */ code) => h("button.code", { "data-test": "code", title: "Copy the code", onclick: () => copy(code, "Code") }, code)),
    !item.system && iconButton("reply", "Reply to this message", () => actions.reply(item), { "data-test": "reply" }),
    !item.system && iconButton("inspect", "Inspect this message", () => actions.inspect(item), { "data-test": "inspect" }),
  ];
}

/** @param {Item} item */
function facts(item) {
  return [
    h("time", { datetime: item.received_at, title: exactly(item.received_at) }, clockTime(item.received_at)),
    item.system && h("span", "from the network"),
    status(item),
    segments(item),
    item.media.length > 0 && h("span", size(item.media.reduce((/** @type {number} */ sum, /** @type {Listed} */ file) => sum + (file.size ?? 0), 0))),
  ];
}

/** @param {Item} item */
function status(item) {
  if (!item.status) return null;
  const bad = item.error_code !== null || item.status === "failed" || item.status === "undelivered";
  const words = item.error_code ? `${item.status} ${item.error_code}` : item.status;
  const drawing = TICKS[item.status];
  return h("span", { class: `status status-${item.status} ${bad ? "bad" : ""}` }, drawing && icon(drawing), words);
}

/** @param {Item} item */
function segments(item) {
  if (!item.segments.length) return null;
  const { encoding } = item.segments[0];
  return h("span.segments", { title: count(item.body.length, "character") }, `${count(item.segments.length, "segment")} ${encoding}`);
}
