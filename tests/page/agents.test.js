// What the page of agents says of a configuration.

import assert from "node:assert/strict";
import { test } from "node:test";

import "./window.js";
import { facts } from "../../emulator/twilio_emulator/console/page/pages/agents.js";

const ANY = { capture: [{ from: "*", to: "*" }], inactive: null, closed: null };

test("a configuration that does nothing says so", () => {
  const it = { channels: { SMS: { ...ANY, capture: [] } }, status_callbacks: [], grouping: "GROUP_BY_PROFILE", bridge: null };
  assert.deepEqual(facts(it), [["Captures", "nothing"], ["Tells", "nobody"], ["Groups by", "profile"], ["Chats of", "no service"]]);
});

test("what is captured is said by channel and rule", () => {
  const it = { channels: { SMS: ANY, WHATSAPP: { ...ANY, capture: [{ from: "*", to: "whatsapp:+1" }, { from: "whatsapp:+1", to: "*" }] } }, status_callbacks: ["http://a/", "http://b/"], grouping: "GROUP_BY_PARTICIPANT_ADDRESSES", bridge: "IS1" };
  assert.deepEqual(facts(it), [
    ["Captures", "SMS from * to *; WhatsApp from * to whatsapp:+1, from whatsapp:+1 to *"],
    ["Tells", "http://a/, http://b/"],
    ["Groups by", "participant addresses"],
    ["Chats of", "IS1"],
  ]);
});
