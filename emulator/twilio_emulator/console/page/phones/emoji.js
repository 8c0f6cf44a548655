// A few dozen emoji to pick from, by name; the system's own picker has the rest.

import { h, iconButton } from "../dom.js";
import { layer } from "../keys.js";

const EMOJI = {
  "😀": "grinning", "😂": "tears of joy", "😊": "smiling", "😍": "heart eyes", "😘": "kiss", "😉": "wink",
  "🤔": "thinking", "😅": "sweat", "😎": "sunglasses", "🙄": "rolling eyes", "😢": "crying", "😭": "sobbing",
  "😡": "angry", "😱": "screaming", "🤯": "mind blown", "🥳": "party", "😴": "sleeping", "🤷": "shrug",
  "👍": "thumbs up", "👎": "thumbs down", "👋": "wave", "🙏": "thanks", "👏": "clapping", "💪": "strong",
  "🤝": "handshake", "👀": "eyes", "❤️": "heart", "💔": "broken heart", "🔥": "fire", "✨": "sparkles",
  "🎉": "tada", "🎁": "gift", "☕": "coffee", "🍕": "pizza", "🍰": "cake", "🚚": "van",
  "📦": "parcel", "📍": "pin", "📅": "calendar", "⏰": "alarm", "✅": "check", "❌": "cross",
  "⚠️": "warning", "❓": "question", "💬": "speech", "👨‍👩‍👧": "family", "🇫🇷": "flag of France", "🏳️‍🌈": "rainbow flag",
};

/**
 * A button that opens the emoji; `pick` gets the one that was chosen.
 * @param {(emoji: string) => void} pick
 */
export function emojiPicker(pick) {
  const panel = h(
    "div.emoji",
    { hidden: true, role: "group", "aria-label": "Emoji" },
    Object.entries(EMOJI).map(([emoji, name]) =>
      h("button", { "aria-label": name, title: name, onclick: () => choose(emoji) }, emoji),
    ),
  );
  const opener = iconButton("smile", "Emoji", () => show(panel.hidden), { "aria-expanded": "false", "data-test": "emoji" });
  const element = h("div.emoji-picker", { onfocusout: leave }, opener, panel);
  /** @type {(() => unknown) | null} */
  let closed = null; // tells that nothing lies over the page any more

  /** @param {any} open */
  function show(open) {
    panel.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    closed?.();
    closed = open ? layer(close) : null;
    if (open) panel.firstChild.focus();
  }
  function close() {
    show(false);
    if (element.isConnected) opener.focus();
  }
  /** @param {string} emoji */
  function choose(emoji) {
    show(false);
    pick(emoji);
  }
  /** @param {any} event */
  function leave(event) {
    if (event.relatedTarget && !element.contains(event.relatedTarget)) show(false);
  }
  return element;
}
