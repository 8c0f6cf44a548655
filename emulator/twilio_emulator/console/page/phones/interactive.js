// Buttons, lists and cards of a template, to be pressed.

import { h, icon } from "../dom.js";
import { copy } from "../toast.js";
import { plainly } from "../words.js";

/** @type {Record<string, string>} */
const DRAWINGS = { QUICK_REPLY: "reply", URL: "external", PHONE_NUMBER: "phone", COPY_CODE: "copy", VOICE_CALL: "phone", VOICE_CALL_REQUEST: "phone", FLOW: "external", CATALOG: "list" };
const LISTED = { LIST_ITEM: "Choose", PRODUCT: "View items" };

/**
 * What there is to press; `press(button)` is called for it, and null shows it only. `picture(url)`
 * shows the picture of a card.
 * @param {{ data: any, buttons: any[] }} of
 * @param {any} press
 * @param {(url: string) => Content} [picture]
 */
export function interactive({ data, buttons }, press, picture = () => null) {
  const loose = buttons.filter((/** @type {any} */ button) => button.card === null);
  const actions = loose.filter((/** @type {{ kind: string }} */ { kind }) => !(kind in LISTED));
  const cards = Array.isArray(data.cards) ? data.cards : [];
  return [
    cards.length > 0 && h("div.cards", { role: "group", "aria-label": "Cards" }, cards.map((/** @type {any} */ each, /** @type {any} */ at) => card(each, buttons.filter((/** @type {any} */ button) => button.card === at), press, picture))),
    actions.length > 0 && group(actions, press),
    Object.entries(LISTED).map(([kind, title]) => {
      const entries = loose.filter((/** @type {any} */ button) => button.kind === kind);
      return entries.length > 0 && list(typeof data.button === "string" ? data.button : title, entries, press);
    }),
  ];
}

/**
 * @param {any[]} buttons
 * @param {any} press
 */
const group = (buttons, press) => h("div.actions", { role: "group", "aria-label": "Buttons" }, buttons.map((/** @type {any} */ each) => action(each, press)));

/**
 * @param {any} button
 * @param {any} press
 */
function action(button, press) {
  const onclick = () => (button.code ? copy(button.code, "Code") : press(button));
  return h("button.action", { "data-test": "press", disabled: !press, onclick }, icon(DRAWINGS[button.kind] ?? "reply"), h("bdi", plainly(button.title)));
}

/**
 * One card of a carousel.
 * @param {Listed} it
 * @param {any[]} buttons
 * @param {any} press
 * @param {any} picture
 */
function card(it, buttons, press, picture) {
  return h(
    "div.carousel-card",
    typeof it.media === "string" && picture(it.media),
    typeof it.title === "string" && it.title && h("strong", plainly(it.title)),
    typeof it.body === "string" && h("span", plainly(it.body)),
    buttons.length > 0 && group(buttons, press),
  );
}

/**
 * A list unfolds to its entries.
 * @param {string} title
 * @param {Content[]} entries
 * @param {any} press
 */
function list(title, entries, press) {
  const rows = entries.map((/** @type {Entry} */ entry) =>
    h("button.list-entry", { "data-test": "press", disabled: !press, onclick: () => press(entry) }, h("bdi", plainly(entry.title)), entry.description && h("small", plainly(entry.description))),
  );
  return h("details.list-picker", h("summary", icon("list"), h("bdi", plainly(title))), rows);
}
