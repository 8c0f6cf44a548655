// Texts of any length, a piece at a time: laying out a megabyte takes seconds.

import { h } from "./dom.js";
import { number } from "./words.js";

const SHOWN = 4000; // characters that are shown until more are asked for
const MORE = 20000; // characters that are shown then

/**
 * Shows as much of `text` in `element` as is quick, and a button for what follows; `pieces` makes
 * nodes and strings of a part of it.
 * @param {any} element
 * @param {string} text
 * @param {any} pieces
 */
export function showLong(element, text, pieces, length = SHOWN) {
  element.append(...pieces(text.slice(0, length)));
  if (text.length > length) showMore(element, text, pieces, length);
  return element;
}

/**
 * @param {any} element
 * @param {string} text
 * @param {any} pieces
 * @param {number} from
 */
function showMore(element, text, pieces, from) {
  const left = text.length - from;
  const more = h("button.more", {
    onclick: () => {
      more.remove();
      element.append(...pieces(text.slice(from, from + MORE)));
      if (left > MORE) showMore(element, text, pieces, from + MORE);
    },
  }, `Show more: ${number(left)} characters follow`);
  element.append(more);
}
