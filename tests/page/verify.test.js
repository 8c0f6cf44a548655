// The timeline of a verification.

import assert from "node:assert/strict";
import { test } from "node:test";

import "./window.js";
import { steps } from "../../emulator/twilio_emulator/console/page/pages/verify.js";

const SENT = { attempt_sid: "VL1", time: "2026-01-05T09:00:00Z", channel: "sms", locale: "en", text: null, delivery: "delivered", error_code: null };

test("what was sent and tried stands in its order, and how it ended last", () => {
  const it = {
    status: "approved",
    sends: [SENT, { ...SENT, time: "2026-01-05T09:00:30Z", channel: "call", delivery: "no-answer" }],
    checks: [
      { time: "2026-01-05T09:00:10Z", code: "111111", valid: false },
      { time: "2026-01-05T09:00:40Z", code: "424242", valid: true },
    ],
    ended_at: "2026-01-05T09:00:40Z",
    ended_by: "the code was right",
  };
  assert.deepEqual(steps(it), [
    ["2026-01-05T09:00:00Z", "Sent by SMS: delivered", undefined],
    ["2026-01-05T09:00:10Z", "A wrong code was tried: 111111", "bad"],
    ["2026-01-05T09:00:30Z", "Sent by call: no-answer", undefined],
    ["2026-01-05T09:00:40Z", "The right code was tried", "good"],
    ["2026-01-05T09:00:40Z", "Approved: The code was right.", "good"],
  ]);
});

test("a send that was lost says why", () => {
  const it = { status: "pending", sends: [{ ...SENT, channel: "whatsapp", delivery: "undelivered", error_code: 63003 }], checks: [], ended_at: null, ended_by: null };
  assert.deepEqual(steps(it), [["2026-01-05T09:00:00Z", "Sent by WhatsApp: undelivered, 63003", "bad"]]);
});
