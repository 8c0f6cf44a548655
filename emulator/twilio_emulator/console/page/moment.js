// When something happened, in a row of a list: the time, and the day below it unless that is today.

import { h } from "./dom.js";
import { clockSeconds, exactly, otherDay } from "./words.js";

/**
 * @param {string} instant
 * @param {number} now
 */
export function moment(instant, now) {
  const day = otherDay(instant, now);
  return h("time", { title: exactly(instant) }, clockSeconds(instant), day && h("small", ` ${day}`));
}
