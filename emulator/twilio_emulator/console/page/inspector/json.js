// Data as people can read it: JSON with colours, tables of names and values.

import { h } from "../dom.js";
import { showLong } from "../long.js";
import { revealed } from "../words.js";

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|-?\b\d+(?:\.\d+)?(?:e[+-]?\d+)?/g;
const COLOURED = 60000; // characters; what is longer is shown without colours, and in part

/**
 * A value as indented JSON.
 * @param {unknown} value
 */
export function json(value) {
  const text = JSON.stringify(value, null, 2);
  const element = h("pre.json", { tabindex: "0", "aria-label": "JSON" });
  if (text.length > COLOURED) {
    return showLong(element, text, visible, COLOURED);
  }
  let last = 0;
  for (const found of text.matchAll(TOKEN)) {
    element.append(text.slice(last, found.index));
    const kind = found[2] ? "name" : found[1] ? "string" : found[3] ? "word" : "number";
    element.append(h(`bdi.json-${kind}`, ...visible(found[1] ?? found[0])), found[2] ?? "");
    last = found.index + found[0].length;
  }
  element.append(text.slice(last));
  return element;
}

/**
 * A text from outside as it stands, with invisible characters made visible.
 * @param {string} text
 * @param {string} label
 */
export function raw(text, label) {
  return showLong(h("pre.raw", { tabindex: "0", "aria-label": label, dir: "ltr" }), text, visible, COLOURED);
}

/**
 * Names and values, in order.
 * @param {Pairs} pairs
 * @param {string} label
 */
export function table(pairs, label) {
  return h(
    "table.pairs",
    { "aria-label": label },
    h("tbody", pairs.map((/** @type {any} */ [name, value]) => h("tr", h("th", { scope: "row" }, name), showLong(h("td"), String(value), visible)))),
  );
}

/** @param {string} text */
function visible(text) {
  return revealed(text).map((piece) => (typeof piece === "string" ? piece : h("span.hidden-character", piece.hidden)));
}

/**
 * The pairs of a form or a query string.
 * @param {any} form
 */
export const pairsOf = (form) => [...new URLSearchParams(form)];
