import assert from "node:assert/strict";
import { test } from "node:test";

import * as words from "../../emulator/twilio_emulator/console/page/words.js";

const INSTANT = "2026-01-05T09:07:03Z";
const NOW = Date.parse(INSTANT);

test("instants are shown in UTC", () => {
  assert.equal(words.clockTime(INSTANT), "09:07");
  assert.equal(words.clockSeconds(INSTANT), "09:07:03");
  assert.equal(words.clockTime("2026-01-05T00:00:00Z"), "00:00");
  assert.match(words.day(INSTANT), /Mon.*Jan.*5|Mon.*5.*Jan/);
  assert.equal(words.exactly(INSTANT), "2026-01-05 09:07:03 UTC");
});

test("an instant of today is a time, another one is a day", () => {
  assert.equal(words.when("2026-01-05T23:59:59Z", NOW), "23:59");
  assert.equal(words.when("2026-01-04T23:59:59Z", NOW), words.otherDay("2026-01-04T23:59:59Z", NOW));
});

test("of another day it is both", () => {
  assert.equal(words.stamp("2026-01-05T23:59:59Z", NOW), "23:59:59");
  assert.match(words.stamp("2026-01-04T23:59:59Z", NOW), /^(Jan 4|4 Jan), 23:59:59$/);
  assert.equal(words.otherDay("2026-01-05T00:00:00Z", NOW), "");
});

for (const [seconds, said] of [
  [0, "0 s"], [59, "59 s"], [59.6, "1 min"], [60, "1 min"], [3599, "1 h"], [3600, "1 h"],
  [172799, "2 d"], [171000, "2 d"], [170999, "47 h"], [172800, "2 d"], [86400 * 9, "9 d"], [3600 * 30, "30 h"],
]) {
  test(`${seconds} seconds are ${said}`, () => assert.equal(words.duration(seconds), said));
}

test("what is over was, what comes will be", () => {
  assert.equal(words.relative("2026-01-05T09:12:03Z", NOW), "in 5 min");
  assert.equal(words.relative("2026-01-02T09:07:03Z", NOW), "3 d ago");
  assert.equal(words.relative(INSTANT, NOW), "in 0 s");
});

for (const [bytes, said] of [
  [null, ""], [undefined, ""], [0, "0 B"], [999, "999 B"], [1000, "1.0 kB"], [9949, "9.9 kB"], [9999, "10 kB"],
  [12345, "12 kB"], [9950, "10 kB"], [999499, "999 kB"], [999500, "1.0 MB"], [999999, "1.0 MB"], [1e6, "1.0 MB"], [16 * 1024 * 1024, "16.8 MB"],
]) {
  test(`${bytes} bytes are "${said}"`, () => assert.equal(words.size(bytes), said));
}

test("one is one, and all others are many", () => {
  assert.equal(words.count(1, "message"), "1 message");
  assert.equal(words.count(0, "message"), "0 messages");
  assert.match(words.count(1000, "message"), /^1.?000 messages$/u);
});

test("an address has a channel", () => {
  assert.equal(words.bare("whatsapp:+12025550199"), "+12025550199");
  assert.equal(words.bare("+12025550199"), "+12025550199");
  assert.equal(words.channelOf("whatsapp:+12025550199"), "whatsapp");
  assert.equal(words.channelOf("+12025550199"), "sms");
  assert.equal(words.channelName("whatsapp"), "WhatsApp");
  assert.equal(words.channelName("chat"), "chat");
});

test("a phone is called what its owner says", () => {
  assert.equal(words.nameOf({ label: "Ann", profile_name: "A", address: "+1" }), "Ann");
  assert.equal(words.nameOf({ label: "", profile_name: "A", address: "+1" }), "A");
  assert.equal(words.nameOf({ label: null, profile_name: null, address: "+1" }), "+1");
});

test("characters that would deceive are shown by their numbers", () => {
  assert.deepEqual(words.revealed("a\u202eb\u0000"), ["a", { hidden: "U+202E" }, "b", { hidden: "U+0000" }]);
  assert.deepEqual(words.revealed("\ufeff"), [{ hidden: "U+FEFF" }]);
  assert.deepEqual(words.revealed(""), []);
});

test("lines, families and flags are no deceit", () => {
  for (const text of ["a\n\tb", "👩‍👩‍👧", "🇸🇪", "ñ", "می‌خواهم"]) assert.deepEqual(words.revealed(text), [text]);
});

test("a preview is one line", () => {
  assert.equal(words.plainly("a\n\n  b\u202ec"), "a b\u2423c");
});

test("what the emulator says is a sentence", () => {
  assert.equal(words.asSentence("older entries were dropped"), "Older entries were dropped.");
  assert.equal(words.asSentence(""), "");
});

test("a picture has two letters and a hue that stays", () => {
  assert.equal(words.initials("ann lee smith"), "AS");
  assert.equal(words.initials("Ödön"), "Ö");
  assert.equal(words.initials("+12025550199"), "99");
  assert.equal(words.initials("𝒜nn"), "𝒜");
  assert.equal(words.hue("Ann"), words.hue("Ann"));
  for (const text of ["", "Ann", "🙂", "x".repeat(10000)]) assert.ok(words.hue(text) >= 0 && words.hue(text) < 360);
});
