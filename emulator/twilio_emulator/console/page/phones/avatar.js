// A round picture for an address, in a colour of its own.

import { h } from "../dom.js";
import { hue, initials, plainly } from "../words.js";

/**
 * @param {string} address
 * @param {string} name
 */
export function avatar(address, name) {
  const element = h("span.avatar", { "aria-hidden": "true" }, initials(plainly(name)));
  element.style.setProperty("--hue", hue(address));
  return element;
}
