import assert from "node:assert/strict";
import { test } from "node:test";

import "./window.js";

const { bubble } = await import("../../emulator/twilio_emulator/console/page/phones/bubble.js");

const ITEM = {
  id: "SM1", handset: "+2", direction: "to_handset", message_sid: "SM1", conversation_sid: null, thread: "+1", author: null, others: [],
  channel: "sms", body: "Hello", segments: [{ body: "Hello", encoding: "GSM-7" }], media: [], content: null, location: null, reply_to: null,
  forwarded: false, state: "displayed", status: "delivered", error_code: null, received_at: "2026-01-05T09:00:00Z", seq: 1, system: false,
  codes: [], links: [],
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
