// What is drawn anew takes nothing from who uses it.

import assert from "node:assert/strict";
import { test } from "node:test";

import "./window.js";

const { h } = await import("../../emulator/twilio_emulator/console/page/dom.js");
const { begunForms, redraw } = await import("../../emulator/twilio_emulator/console/page/kept.js");

const root = h("div");
document.body.append(root);
const begun = begunForms(root);

/** A card with a button, a fold and a form. */
const card = (sid) => h(
  "article",
  { "data-sid": sid },
  h("button", "Approve"),
  h("details", { ontoggle: ({ target }) => target.childElementCount === 1 && target.append(h("pre", sid)) }, h("summary", "As JSON")),
  h("form", h("input", { "aria-label": "Value", value: sid }), h("button", { type: "submit" }, "Save")),
);
const draw = (...sids) => redraw(root, sids.map(card), begun);
const within = (sid, selector) => root.querySelector(`[data-sid="${sid}"] ${selector}`);

test("the focus stays on what is the same, wherever that is now", () => {
  draw("one", "two");
  within("two", "button").focus();
  draw("three", "one", "two");
  assert.equal(document.activeElement, within("two", "button"));
  draw("three", "one");
  assert.equal(document.activeElement, document.body);
});

test("what is unfolded stays so, with what is in it", () => {
  draw("one", "two");
  within("two", "details").open = true;
  draw("three", "one", "two");
  assert.deepEqual([...root.querySelectorAll("details")].map((each) => each.open), [false, false, true]);
  assert.equal(within("two", "pre").textContent, "two");
});

test("a form that is begun stays until it is sent", () => {
  draw("one", "two");
  const form = within("two", "form");
  const input = within("two", "input");
  input.value = "half";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  draw("three", "two");
  assert.equal(within("two", "form"), form);
  assert.equal(within("two", "input").value, "half");
  assert.equal(within("three", "input").value, "three");
  begun.delete(form);
  draw("two");
  assert.equal(within("two", "input").value, "two");
});
