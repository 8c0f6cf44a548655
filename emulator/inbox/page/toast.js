// Short notes at the edge of the page: what was refused, what was copied.

import { h, iconButton } from "./dom.js";

const LASTS = 6000;
const place = h("div.toasts", { role: "status", "aria-live": "polite" });

/** Where the notes are; it has to be in the page before the first. */
export const toasts = place;

export function say(text, kind = "note") {
  const note = h("div.toast", { class: `toast ${kind}` }, h("span", text), iconButton("close", "Dismiss", () => note.remove()));
  place.append(note);
  setTimeout(() => note.remove(), LASTS);
}

/** Waits for a call; when it is refused that is said, and the answer is undefined. */
export async function trying(call) {
  try {
    return await call;
  } catch (refusal) {
    say(refusal.message, "bad");
    return undefined;
  }
}

/** Copies a text; pages that came in clear from another machine have no clipboard of their own. */
export async function copy(text, what) {
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else copyBySelection(text);
  say(`${what} copied`);
}

function copyBySelection(text) {
  const area = h("textarea.aside", { value: text, "aria-hidden": "true" });
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
