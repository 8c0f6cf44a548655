// Buttons and lists of a template, to be pressed.

import { h, icon } from "../dom.js";
import { plainly } from "../words.js";

const DRAWINGS = { QUICK_REPLY: "reply", URL: "external", PHONE_NUMBER: "phone", COPY_CODE: "copy", VOICE_CALL: "phone" };

/** What a type of a template says besides its buttons. */
export const wordsOf = (data) => [data.title, data.body, data.subtitle].filter((each) => typeof each === "string").join("\n");

/** What there is to press; `press(button)` is called for it, and null shows it only. */
export function interactive({ data, buttons }, press) {
  const entries = buttons.filter(({ kind }) => kind === "LIST_ITEM");
  const actions = buttons.filter(({ kind }) => kind !== "LIST_ITEM");
  return [
    actions.length > 0 && h("div.actions", { role: "group", "aria-label": "Buttons" }, actions.map((each) => action(each, press))),
    entries.length > 0 && list(typeof data.button === "string" ? data.button : "Choose", entries, press),
  ];
}

function action(button, press) {
  return h("button.action", { disabled: !press, onclick: () => press(button) }, icon(DRAWINGS[button.kind] ?? "reply"), h("bdi", plainly(button.title)));
}

/** A list unfolds to its entries. */
function list(title, entries, press) {
  const rows = entries.map((entry) =>
    h("button.list-entry", { disabled: !press, onclick: () => press(entry) }, h("bdi", plainly(entry.title)), entry.description && h("small", plainly(entry.description))),
  );
  return h("details.list-picker", h("summary", icon("list"), h("bdi", plainly(title))), rows);
}
