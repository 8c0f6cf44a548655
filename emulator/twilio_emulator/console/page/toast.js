// Short notes, beside the page or at its top, where they hide nothing that is pressed to write: what
// was refused, what was copied, why an app got nothing.

import { h, iconButton } from "./dom.js";

/** @type {Record<string, number>} */
const LASTS = { hint: 15000, other: 6000 }; // milliseconds
const place = h("div.toasts", { role: "status", "aria-live": "polite", "data-test": "notes" });

/** Where the notes are; it has to be in the page before the first. */
export const toasts = place;

/**
 * Shows a note; `link` is `[words, href]`.
 * @param {string} text
 * @param {string} [kind]
 * @param {[string, string] | null} [link]
 */
export function say(text, kind = "note", link = null) {
  const note = h(
    "div.toast",
    { class: `toast ${kind}`, "data-test": "note" },
    h("span", text, link && [" ", h("a", { href: link[1], onclick: () => close() }, link[0])]),
    iconButton("close", "Dismiss", () => close()),
  );
  place.append(note);
  raise();
  setTimeout(close, LASTS[kind] ?? LASTS.other);

  function close() {
    note.remove();
    if (!place.childElementCount && place.popover) place.hidePopover();
  }
}

/** Above an open dialog, which would cover it. */
function raise() {
  if (!place.showPopover) return; // an old browser: then it lies beneath
  place.popover = "manual";
  if (place.matches(":popover-open")) place.hidePopover();
  place.showPopover();
}

/**
 * Waits for a call; when it is refused that is said, and the answer is undefined.
 * @param {Promise<any>} call
 */
export async function trying(call) {
  try {
    return await call;
  } catch (refusal) {
    say(refusal.message, "bad");
    return undefined;
  }
}

/**
 * Copies a text; pages that came in clear from another machine have no clipboard of their own.
 * @param {string} text
 * @param {string} what
 */
export async function copy(text, what) {
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else copyBySelection(text);
  say(`${what} copied`);
}

/** @param {string} text */
function copyBySelection(text) {
  const area = h("textarea.aside", { value: text, "aria-hidden": "true" });
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
