import assert from "node:assert/strict";
import { test } from "node:test";

import "./window.js";

const { arrange, h, set } = await import("../../emulator/twilio_emulator/console/page/dom.js");

test("texts are never markup", () => {
  assert.equal(h("p", "<b>&</b>").innerHTML, "&lt;b&gt;&amp;&lt;/b&gt;");
});

test("a name may carry classes, and what is empty is left out", () => {
  assert.equal(h("a.b.c", { href: "#", title: null, hidden: false }, ["x", [h("i")]], null, false, 0).outerHTML, '<a class="b c" href="#">x<i></i>0</a>');
  assert.equal(h(".b").tagName, "DIV");
  assert.equal(h("button").getAttribute("type"), "button");
});

test("what is true is empty, what is false is taken away", () => {
  const it = h("p", { "data-x": true });
  assert.equal(it.getAttribute("data-x"), "");
  set(it, { "data-x": false });
  assert.equal(it.hasAttribute("data-x"), false);
});

test("what stays is not touched", () => {
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => h(name));
  const parent = h("div", a, b, c);
  const inserted = [];
  const insertBefore = parent.insertBefore.bind(parent);
  parent.insertBefore = (child, next) => inserted.push(child) && insertBefore(child, next);
  arrange(parent, [b, null, d, false, c]);
  assert.deepEqual([...parent.childNodes], [b, d, c]);
  assert.deepEqual(inserted, [d]);
});
