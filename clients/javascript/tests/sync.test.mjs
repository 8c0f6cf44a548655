// What a test holds of Sync: documents, lists, maps and streams.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { emulator } from "./account.mjs";
import { missed, refused } from "./texting.mjs";

let sync;

beforeEach(() => {
  ({ sync } = emulator);
});

test("a document has a value", async () => {
  const cart = sync.document("cart");
  await refused(cart.data(), /there is no document cart/);
  assert.deepEqual(await cart.set({ total: 3 }, { ttl: 60 }), { total: 3 });
  const paid = { total: 3, paid: true };
  assert.deepEqual(await cart.update({ paid: true }, { identity: "alice" }), paid);
  for (const wanted of [{ total: 3 }, { paid: true }, undefined]) {
    assert.deepEqual(await cart.wait(wanted), paid);
  }
  const shown = await cart.fetch();
  assert.equal(shown.revision, "1");
  assert.equal(shown.serviceSid, emulator.syncServiceSid);
  assert.equal(shown.createdBy, "system");
  assert.deepEqual([cart.name, cart.serviceSid], ["cart", emulator.syncServiceSid]);
  assert.deepEqual(await cart.watchedBy(), []);
  assert.deepEqual(await sync.document(shown.sid).data(), paid);
  assert.equal(
    await missed(cart.wait({ total: 4 }, { timeout: 0 })),
    'document cart did not come to have {"total":4} in 0 s.\n' +
      'There is this:\n  {"total":3,"paid":true}',
  );
  await cart.remove();
  assert.match(await missed(cart.wait({}, { timeout: 0 })), /\nThere is nothing\.$/);
  await refused(cart.remove(), /there is no document cart/);
  await refused(cart.set({ much: "x".repeat(17_000) }), /too large/);
});

test("a document is waited for, and its end by the clock", async () => {
  await emulator.clock.freeze();
  const cart = sync.document("cart");
  const waiting = cart.wait({ snake_case: 1 });
  await cart.set({ snake_case: 1, other_key: null }, { ttl: 60 });
  assert.deepEqual(await waiting, { snake_case: 1, other_key: null });
  await emulator.clock.advance({ minutes: 1 });
  await refused(cart.fetch(), /there is no document cart/);
});

test("a list has items in order", async () => {
  const orders = sync.list("orders");
  assert.deepEqual(await orders.items(), []);
  for (const number of [0, 1, 2]) assert.equal(await orders.push({ number }), number);
  await orders.set(1, { number: 7 }, { ttl: 60 });
  await orders.removeItem(0);
  assert.deepEqual(await orders.items(), [{ number: 7 }, { number: 2 }]);
  assert.deepEqual(await orders.wait({ number: 7 }), { number: 7 });
  const [unmet, title, ...held] = (await missed(orders.wait({ number: 8 }, { timeout: 0 }))).split("\n");
  assert.equal(unmet, 'list orders did not come to have {"number":8} in 0 s.');
  assert.equal(title, "There is this:");
  assert.deepEqual(held.sort(), ['  1: {"number":7}', '  2: {"number":2}']);
  await refused(orders.removeItem(0), /no item 0/);
  await refused(orders.set(0, {}), /no item 0/);
  await orders.remove();
  assert.deepEqual(await orders.items(), []);
});

test("a map has items by their keys", async () => {
  const prices = sync.map("prices / today");
  assert.deepEqual(await prices.items(), {});
  await prices.set("pear", { amount: 1 });
  await prices.set("a/b", { amount: 2 }, { identity: "alice" });
  assert.deepEqual(await prices.items(), { "a/b": { amount: 2 }, pear: { amount: 1 } });
  assert.deepEqual(await prices.wait("pear"), { amount: 1 });
  assert.deepEqual(await prices.wait("pear", { amount: 1 }), { amount: 1 });
  assert.deepEqual(await prices.wait({ amount: 2 }), { amount: 2 });
  assert.match(await missed(prices.wait("pear", { amount: 2 }, { timeout: 0 })), /\n {2}pear: \{"/);
  assert.match(await missed(prices.wait({ amount: 3 }, { timeout: 1 })), /in 0\.001 s\./);
  await prices.removeItem("a/b");
  assert.deepEqual(Object.keys(await prices.items()), ["pear"]);
  await refused(prices.removeItem("a/b"), /no item a\/b/);
  await prices.remove();
});

test("a stream is heard message by message", async () => {
  const pointers = sync.stream("pointers");
  for (const x of [1, 2, 3]) await pointers.publish({ x }, { identity: "alice" });
  assert.deepEqual(await pointers.wait(), { x: 1 });
  assert.deepEqual(await sync.stream("pointers").wait({ x: 3 }), { x: 3 });
  assert.match(await missed(pointers.wait({}, { timeout: 0 })), /^stream pointers .*\nThere is nothing/);
  await pointers.publish({ x: 4 });
  assert.match(await missed(pointers.wait({ x: 5 }, { timeout: 0 })), /\n {2}\{"x":4\}$/);
  await emulator.mark();
  assert.match(await missed(pointers.wait({}, { timeout: 0 })), /There is nothing/);
  await pointers.remove();
});

test("another service has objects of its own", async () => {
  await sync.document("cart").set({ n: 1 });
  const other = sync.service("IS1");
  assert.equal(other.serviceSid, "IS1");
  await refused(other.document("cart").data(), /there is no Sync service IS1/);
  await refused(other.map("prices").set("a", {}), /there is no Sync service IS1/);
  await refused(other.list("orders").push({}), /there is no Sync service IS1/);
  await refused(other.stream("pointers").publish({}), /there is no Sync service IS1/);
});
