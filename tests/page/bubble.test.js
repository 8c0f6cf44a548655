import assert from "node:assert/strict";
import { test } from "node:test";

import "./window.js";

const { bubble } = await import("../../emulator/twilio_emulator/console/page/phones/bubble.js");

const ITEM = {
  id: "SM1", channel: "sms", direction: "to_handset", author: "+1", peer: "+1", others: [], body: "Hello", media: [], content: null,
  reply_to: null, forwarded: false, system: false, location: null, state: "displayed", date_created: "2026-01-05T09:00:00Z",
  codes: [], links: [], status: "delivered", error_code: null, segments: 1, encoding: "GSM-7",
};

/** What is said of a message in such a state beneath its words. */
function saidOf(state) {
  const shown = bubble({}, { ...ITEM, state }, { quoted: () => null });
  assert.equal(shown.querySelector("div.text").textContent, "Hello");
  return shown.querySelector("div.waiting")?.textContent;
}

test("what waits for the phone says so, and what waited in vain", () => {
  assert.equal(saidOf("pending"), "Not on the phone yet");
  assert.equal(saidOf("expired"), "It never reached the phone");
});

test("nothing is said of what is on the phone", () => {
  for (const state of ["displayed", "read"]) assert.equal(saidOf(state), undefined);
});
