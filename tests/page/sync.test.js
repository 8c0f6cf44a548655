// Values of Sync as they are written, and revisions as they are looked up.

import assert from "node:assert/strict";
import { test } from "node:test";

import "./window.js";
import { read, revision } from "../../emulator/twilio_emulator/console/page/pages/sync.js";

test("a value is a JSON object", () => {
  assert.deepEqual(read('{"total": 3}'), { total: 3 });
  for (const text of ["[1]", "null", "3", '"x"', "{", ""]) assert.equal(read(text), undefined);
});

test("the revision of an object, or of an item that is unfolded", () => {
  const answer = {
    found: [{ objects: [{ sid: "ET1", revision: "a" }] }, { objects: [{ sid: "ES1", revision: "4" }] }],
    items: { ES1: { items: [{ key: null, index: 2, revision: "3" }] }, MP1: { items: [{ key: "k", index: null, revision: "7" }] } },
  };
  assert.equal(revision(answer, { sid: "ET1", item: null }), "a");
  assert.equal(revision(answer, { sid: "ES1", item: "2" }), "3");
  assert.equal(revision(answer, { sid: "MP1", item: "k" }), "7");
  assert.equal(revision(answer, { sid: "MP1", item: "no" }), null);
  assert.equal(revision(answer, { sid: "ET2", item: null }), null);
});
