import assert from "node:assert/strict";
import { test } from "node:test";

import "./window.js";

const { h } = await import("../../emulator/twilio_emulator/console/page/dom.js");
const { showLong } = await import("../../emulator/twilio_emulator/console/page/long.js");

const whole = (text) => [text];
const shown = (element) => [...element.childNodes].filter((each) => each.nodeType === 3).map((each) => each.textContent).join("");

test("a short text has no button", () => {
  assert.equal(showLong(h("p"), "x".repeat(4000), whole).querySelector("button"), null);
});

test("a long one comes a piece at a time, and nothing is lost between two", () => {
  const text = Array.from({ length: 9001 }, (_, n) => String(n)).join(" ");
  const element = showLong(h("p"), text, whole, 1000);
  let presses = 0;
  for (let more = element.querySelector("button"); more; more = element.querySelector("button")) {
    assert.equal(Number(more.textContent.replace(/\D/g, "")), text.length - shown(element).length);
    more.click();
    presses += 1;
  }
  assert.equal(shown(element), text);
  assert.equal(presses, Math.ceil((text.length - 1000) / 20000));
});
