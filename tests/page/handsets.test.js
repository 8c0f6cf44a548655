import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { Api } from "../../emulator/twilio_emulator/console/page/api.js";
import { Handsets } from "../../emulator/twilio_emulator/console/page/handsets.js";
import { answering, Told, until } from "./answers.js";

const ANN = { address: "+1", label: "Ann", profile_name: null, unread: 1, last_message: null, date_created: "2026-01-05T09:00:00Z" };
const BEN = { address: "+2", label: "", profile_name: "Ben", unread: 2, last_message: { at: "2026-01-05T10:00:00Z" }, date_created: "2026-01-05T08:00:00Z" };

let emulator = answering({});
afterEach(() => emulator.end());

async function loaded(answers = {}) {
  emulator = answering({ "GET /handsets": { handsets: [ANN, BEN] }, ...answers });
  const live = new Told();
  const handsets = new Handsets(new Api(), live);
  await handsets.load();
  return { handsets, live };
}

const received = (handset) => ({ event: "ItemReceived", fields: { item: { handset } } });

test("the one in use last comes first, and all unread are counted", async () => {
  const { handsets } = await loaded();
  assert.deepEqual(handsets.inOrder().map((each) => each.address), ["+2", "+1"]);
  assert.equal(handsets.unread, 3);
});

test("a name is more than a number", async () => {
  const { handsets } = await loaded();
  assert.equal(handsets.nameOf("+1"), "Ann");
  assert.equal(handsets.nameOf("whatsapp:+2"), "Ben");
  assert.equal(handsets.nameOf("+3"), null);
  assert.equal(handsets.nameOf(null), null);
});

test("what changed is read, and nothing else", async () => {
  const { handsets, live } = await loaded({ "GET /handsets/%2B1": { ...ANN, unread: 5 } });
  live.tell([{ event: "ClockMoved", fields: {} }, received("+1")]);
  await until(() => handsets.get("+1").unread === 5);
  assert.deepEqual(emulator.asked, ["GET /handsets", "GET /handsets/%2B1"]);
});

test("when many changed all are read at once", async () => {
  const { handsets, live } = await loaded();
  emulator.answers["GET /handsets/%2B0"] = { ...ANN, address: "+0" };
  live.tell(Array.from({ length: 30 }, (_, n) => received(`+${n}`)));
  await until(() => !handsets.reading);
  assert.deepEqual(emulator.asked, ["GET /handsets", "GET /handsets/%2B0", "GET /handsets"]);
});

test("one that was removed is gone, whether it is told or found", async () => {
  const { handsets, live } = await loaded();
  live.tell([{ event: "HandsetRemoved", fields: { handset: { address: "+1" } } }, received("+2")]);
  await until(() => handsets.all.size === 0);
});

test("watchers are told, until they leave", async () => {
  const { handsets } = await loaded();
  let told = 0;
  const leave = handsets.watch(() => (told += 1));
  handsets.take({ ...ANN, unread: 0 });
  leave();
  handsets.take(ANN);
  assert.equal(told, 1);
});
