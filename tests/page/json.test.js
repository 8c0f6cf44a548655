import assert from "node:assert/strict";
import { test } from "node:test";

import "./window.js";

const { json, pairsOf, raw, table } = await import("../../emulator/twilio_emulator/console/page/inspector/json.js");

test("JSON reads as it is", () => {
  const value = { 'a"b': ["x\\", -1.5e21, true, null, {}], "c:": '"quoted": 1' };
  assert.equal(json(value).textContent, JSON.stringify(value, null, 2));
});

test("names, strings, numbers and words have colours", () => {
  const kinds = [...json({ a: "b", c: [1, false] }).querySelectorAll("bdi")].map((each) => [each.className, each.textContent]);
  assert.deepEqual(kinds, [
    ["json-name", '"a"'], ["json-string", '"b"'], ["json-name", '"c"'], ["json-number", "1"], ["json-word", "false"],
  ]);
});

test("what would deceive is shown", () => {
  assert.equal(json("\u202e").querySelector(".hidden-character").textContent, "U+202E");
  assert.equal(raw("\u202e", "Body").textContent, "U+202E");
});

test("a very long one is shown in part", () => {
  const element = json("x".repeat(100000));
  assert.equal(element.querySelectorAll("bdi").length, 0);
  assert.ok(element.querySelector("button.more"));
});

test("forms are tables, names that come twice too", () => {
  const pairs = pairsOf("a=1&a=2&b=%2B+x");
  assert.deepEqual(pairs, [["a", "1"], ["a", "2"], ["b", "+ x"]]);
  assert.deepEqual([...table(pairs, "Form").querySelectorAll("td")].map((each) => each.textContent), ["1", "2", "+ x"]);
});
