import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import "./window.js";

const { h } = await import("../../emulator/twilio_emulator/console/page/dom.js");
const { WindowedList } = await import("../../emulator/twilio_emulator/console/page/list.js");

const HIGH = 400; // pixels that can be seen
let list;
afterEach(() => {
  list.close();
  list.element.remove();
});

/** A list of rows that are guessed to be 40 high, and are as high as their items say. */
function listOf(options = {}) {
  list = new WindowedList({
    key: (it) => it.id, draw: (it) => h("div", { "data-height": it.height ?? 40 }, h("button", it.id)), height: 40, label: "Rows", ...options,
  });
  let top = 0;
  const most = () => Math.max(parseFloat(list.inner.style.height || "0") - HIGH, 0);
  Object.defineProperties(list.element, {
    clientHeight: { value: HIGH },
    scrollHeight: { get: () => most() + HIGH },
    scrollTop: {
      get: () => Math.min(top, most()),
      set: (to) => {
        top = Math.min(Math.max(to, 0), most());
      },
    },
  });
  document.body.append(list.element);
  return list;
}

const items = (count, from = 0) => Array.from({ length: count }, (_, n) => ({ id: `r${from + n}` }));
const drawn = () => [...list.inner.children].map((each) => each.dataset.row);

function scroll(to) {
  list.element.scrollTop = to;
  list.scrolled();
}

/** Where a row is, from the upper edge of what can be seen. */
const placeOf = (key) => Number(list.rows.get(key).element.style.transform.match(/-?[\d.]+/)[0]) - list.element.scrollTop;

test("of ten thousand rows, those near what can be seen are drawn", () => {
  listOf().set(items(10000));
  assert.equal(list.element.scrollHeight, 400000);
  assert.ok(drawn().length < 40);
  scroll(200000);
  assert.ok(drawn().length < 60);
  assert.ok(drawn().includes("r5000"));
  assert.equal(placeOf("r5000"), 0);
});

test("rows know their place among all", () => {
  listOf().set(items(100));
  const { element } = list.rows.get("r3");
  assert.equal(String(element.ariaPosInSet), "4");
  assert.equal(String(element.ariaSetSize), "100");
  assert.equal(element.getAttribute("role"), "listitem");
});

test("an empty list says so", () => {
  listOf().set([], "Nothing yet.");
  assert.equal(list.nothing.hidden, false);
  assert.equal(list.nothing.textContent, "Nothing yet.");
  list.set(items(1));
  assert.equal(list.nothing.hidden, true);
});

test("the last row that begins at or above a place", () => {
  listOf().set(items(5));
  for (const [y, index] of [[-1, 0], [0, 0], [39, 0], [40, 1], [160, 4], [1e9, 4]]) assert.equal(list.indexAt(y), index);
});

test("rows that are higher than thought move what follows", () => {
  listOf().set(items(3).map((each) => ({ ...each, height: 100 })));
  assert.deepEqual(list.offsets, [0, 100, 200, 300]);
  assert.equal(placeOf("r2"), 200);
});

test("what comes and goes above what somebody reads does not move it", () => {
  listOf().set(items(200));
  scroll(4010);
  assert.equal(placeOf("r100"), -10);
  list.set([...items(7, 1000), ...items(200)]);
  assert.equal(placeOf("r100"), -10);
  list.set(items(150, 50));
  assert.equal(placeOf("r100"), -10);
});

test("what grows above what somebody reads does not move it", () => {
  listOf().set(items(200));
  scroll(4010);
  const { element } = list.rows.get("r95");
  element.dataset.height = "300";
  list.resized([{ target: element }]);
  assert.equal(placeOf("r100"), -10);
});

test("at its start, what comes is seen", () => {
  listOf().set(items(200));
  list.set([...items(1, 1000), ...items(200)]);
  assert.equal(placeOf("r1000"), 0);
});

test("a list that sticks stays at its end, unless somebody scrolled up", () => {
  const strayed = [];
  listOf({ stick: true, onstray: (it) => strayed.push(it) }).set(items(200));
  assert.equal(placeOf("r199"), HIGH - 40);
  list.set(items(201));
  assert.equal(placeOf("r200"), HIGH - 40);
  scroll(4000);
  list.set(items(202));
  assert.equal(placeOf("r100"), 0);
  list.toEnd();
  list.scrolled();
  assert.equal(placeOf("r201"), HIGH - 40);
  assert.deepEqual(strayed, [true, false]);
});

test("a row is drawn anew when its item is another object", () => {
  const all = items(3);
  listOf().set(all);
  const [one, two] = [list.rows.get("r0").element, list.rows.get("r1").element];
  list.set([all[0], { ...all[1] }, all[2]]);
  assert.equal(list.rows.get("r0").element, one);
  assert.notEqual(list.rows.get("r1").element, two);
  assert.equal(two.isConnected, false);
});

test("the focus stays, when its row is scrolled away and when it is drawn anew", () => {
  const all = items(500);
  listOf().set(all);
  list.rows.get("r1").element.querySelector("button").focus();
  scroll(10000);
  assert.ok(drawn().includes("r1"));
  scroll(0);
  list.set([all[0], { ...all[1] }, ...all.slice(2)]);
  assert.equal(document.activeElement.textContent, "r1");
  assert.ok(list.element.contains(document.activeElement));
});

test("a row is revealed, and scrolled no further than needed", () => {
  listOf().set(items(500));
  assert.equal(list.reveal("r3").dataset.row, "r3");
  assert.equal(list.element.scrollTop, 0);
  list.reveal("r300");
  assert.equal(placeOf("r300"), HIGH - 40);
  list.reveal("r100", "center");
  assert.equal(placeOf("r100"), HIGH / 2 - 20);
  assert.equal(list.reveal("r9999"), null);
});

test("more is wanted when the last rows are near", () => {
  let wanted = 0;
  listOf({ onend: () => (wanted += 1) }).set(items(500));
  assert.equal(wanted, 0);
  scroll(500 * 40 - HIGH - 100);
  assert.ok(wanted > 0);
});
