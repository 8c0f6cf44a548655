import assert from "node:assert/strict";
import { test } from "node:test";

import { format, parse } from "../../emulator/twilio_emulator/console/page/route.js";

test("an address is a path and a query", () => {
  assert.deepEqual(parse("#/handsets/+12025550199/threads/whatsapp:+14155238886?inspect=SM1&account=AC2"), {
    path: ["handsets", "+12025550199", "threads", "whatsapp:+14155238886"],
    query: { inspect: "SM1", account: "AC2" },
  });
});

for (const hash of ["", "#", "#/", "#//", "#/?", "#/?&"]) {
  test(`${JSON.stringify(hash)} says nothing`, () => assert.deepEqual(parse(hash), { path: [], query: {} }));
}

test("names alone are empty, and a value goes to its end", () => {
  assert.deepEqual(parse("#/journal?about&q=a=b?c").query, { about: "", q: "a=b?c" });
});

test("a stray percent sign stands for itself", () => {
  assert.deepEqual(parse("#/journal/100%?q=%zz"), { path: ["journal", "100%"], query: { q: "%zz" } });
});

test("what is empty in a query is left out", () => {
  assert.equal(format(["journal"], { a: "", b: null, c: undefined, d: 0, e: "x" }), "#/journal?d=0&e=x");
  assert.equal(format(["journal"]), "#/journal");
  assert.equal(format([]), "#/");
});

test("plus signs, colons and commas stay readable", () => {
  assert.equal(format(["handsets", "whatsapp:+1,2"], { q: "+:," }), "#/handsets/whatsapp:+1,2?q=+:,");
});

for (const odd of ["a/b", "a?b", "a&b=c", "#", "100%", "ü 🙂", "%2F", ".."]) {
  test(`${odd} comes back as it was`, () => {
    assert.deepEqual(parse(format(["x", odd, "y"], { q: odd })), { path: ["x", odd, "y"], query: { q: odd } });
  });
}
