import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { Api } from "../../emulator/twilio_emulator/console/page/api.js";
import { Inbox } from "../../emulator/twilio_emulator/console/page/phones/inbox.js";
import { answering, Told, until } from "./answers.js";

const item = (seq, more = {}) => ({ id: `SM${seq}`, seq, thread: "+2", direction: "to_handset", state: "displayed", ...more });

let emulator = answering({});
let inbox;
afterEach(() => {
  inbox.close();
  emulator.end();
});

async function opened(items) {
  emulator = answering({ "GET /handsets/%2B1/messages?since=0": { items, next_seq: 9 }, "GET /handsets/%2B1/messages?since=9": { items: [], next_seq: 9 } });
  const live = new Told();
  inbox = new Inbox({ api: new Api(), live }, "+1");
  await until(() => inbox.ready);
  return live;
}

test("threads have their last message and count what is unread, the newest first", async () => {
  await opened([item(1), item(4, { state: "read" }), item(3, { thread: "+3" }), item(5, { thread: "+3", direction: "from_handset" })]);
  const threads = inbox.threads().map(({ peer, last, unread }) => [peer, last.id, unread]);
  assert.deepEqual(threads, [["+3", "SM5", 1], ["+2", "SM4", 1]]);
  assert.deepEqual(inbox.thread("+3").map((each) => each.id), ["SM3", "SM5"]);
});

test("receipts, reading and expiry change what is known without a call", async () => {
  const live = await opened([item(1), item(2), item(3)]);
  const asked = emulator.asked.length;
  live.tell([
    { type: "handset.read", fields: { item: { handset: "+1", sid: "SM1" } } },
    { type: "ItemExpired", fields: { item: { handset: "+1", sid: "SM2" } } },
    { type: "message.status", fields: { text: { sid: "SM3", status: "failed", error_code: 30003 } } },
  ]);
  assert.deepEqual([...inbox.items.values()].map((each) => each.state), ["read", "expired", "displayed"]);
  assert.equal(inbox.items.get("SM3").error_code, 30003);
  assert.equal(emulator.asked.length, asked);
});

test("what is new is read from where the last reading ended", async () => {
  const live = await opened([item(1)]);
  emulator.answers["GET /handsets/%2B1/messages?since=9"] = { items: [item(10)], next_seq: 10 };
  live.tell([{ type: "handset.received", fields: { item: { handset: "+7", sid: "SM7" } } }]);
  live.tell([{ type: "handset.received", fields: { item: { handset: "+1", sid: "SM10" } } }]);
  await until(() => inbox.items.has("SM10"));
  assert.equal(emulator.asked.length, 2);
});

test("what was cleared is gone", async () => {
  const live = await opened([item(1)]);
  emulator.answers["GET /handsets/%2B1/messages?since=0"] = { items: [], next_seq: 9 };
  live.tell([{ event: "InboxCleared", fields: { handset: { address: "+1" } } }]);
  await until(() => inbox.items.size === 0);
});
