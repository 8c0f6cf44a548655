// What apps read besides: previous values, ends, contexts, caches, queries.

import assert from "node:assert/strict";
import { Heard, held, refusal, until } from "../stage.mjs";

export async function previous_values(stage) {
  const client = await stage.client("alice");
  const document = await client.document({ id: "d", data: { n: 0 } });
  const [list, map] = [await client.list("l"), await client.map("m")];
  for (const name of ["d", "l", "m"]) await stage.watched(name);
  const told = new Heard(document, "updated", "removed");
  await document.set({ n: 1 });
  assert.deepEqual((await told.next("updated")).previousData, { n: 0 });
  await stage.sync("POST", "/Documents/d", { Data: { n: 2 } });
  const { data, previousData } = await told.next("updated");
  assert.deepEqual([data, previousData], [{ n: 2 }, { n: 1 }]);
  await stage.sync("DELETE", "/Documents/d");
  assert.deepEqual((await told.next("removed")).previousData, { n: 2 });
  for (const [collection, path, first] of [[list, "/Lists/l/Items", () => list.push({ n: 0 })], [map, "/Maps/m/Items", () => map.set("0", { n: 0 })]]) {
    const heard = new Heard(collection, "itemAdded", "itemUpdated", "itemRemoved");
    await first();
    await heard.next("itemAdded");
    await stage.sync("POST", `${path}/0`, { Data: { n: 1 } });
    const updated = await heard.next("itemUpdated");
    assert.deepEqual([held(updated.item), updated.previousItemData, updated.isLocal], [{ n: 1 }, { n: 0 }, false]);
    await stage.sync("DELETE", `${path}/0`);
    const removed = await heard.next("itemRemoved");
    assert.deepEqual([removed.previousItemData, removed.isLocal], [{ n: 1 }, false]);
  }
}
previous_values.since = 1;

export async function ends_as_clients_see_them(stage) {
  const client = await stage.client("alice");
  const made = { document: "Documents", list: "Lists", map: "Maps", stream: "Streams" };
  for (const [kind, collection] of Object.entries(made)) {
    const it = await client[kind]({ id: kind, ttl: 3600 });
    const ends = async () => (await stage.sync("GET", `/${collection}/${kind}`)).date_expires;
    assert.equal(new Date(it.dateExpires).toISOString(), new Date(await ends()).toISOString());
    await it.setTtl(7200);
    await until(async () => new Date(await ends()) - new Date(it.dateExpires) === 0, "the same end");
    await it.setTtl(0);
    assert.equal(await ends(), null);
  }
  const map = await client.map("map");
  await map.set("k", {}, { ttl: 60 });
  const item = await map.get("k");
  assert.ok(new Date(item.dateExpires) > Date.now());
  await map.setItemTtl("k", 0);
  assert.equal((await stage.sync("GET", "/Maps/map/Items/k")).date_expires, null);
}
ends_as_clients_see_them.since = 3;

export async function what_else_there_is(stage) {
  const client = await stage.client("alice");
  const list = await client.list("l");
  assert.deepEqual((await list.getContext?.()) ?? {}, {});
  await stage.sync("POST", "/Maps", { UniqueName: "m" });
  for (const key of ["a", "b"]) await stage.sync("POST", "/Maps/m/Items", { Key: key, Data: { key } });
  const map = await client.map({ id: "m", includeItems: true });
  assert.deepEqual(held(await map.get("b")), { key: "b" });
  const item = await map.get("a");
  assert.equal(new Date(item.dateUpdated) <= new Date(Date.now() + 60_000), true);
  assert.equal(typeof map.sid, "string");
  const found = await refusal(client.liveQuery("tr-worker", 'data.x == "y"'));
  assert.equal(found.code, 54502);
  const query = await client.instantQuery("tr-worker");
  assert.equal((await refusal(query.search('data.x == "y"'))).code, 54502);
  map.close();
  list.close();
}

export async function two_handles_of_one_object(stage) {
  const client = await stage.client("alice");
  const [one, other] = [await client.map("m"), await client.map("m")];
  await stage.watched("m");
  const heard = new Heard(other, "itemAdded");
  await one.set("k", { n: 1 });
  await heard.next("itemAdded");
  one.close();
  await stage.sync("POST", "/Maps/m/Items", { Key: "l", Data: {} });
  assert.equal((await heard.next("itemAdded")).item.key, "l");
  other.close();
  await stage.watched("m", 0);
}

export async function an_object_that_comes_again(stage) {
  const client = await stage.client("alice");
  const first = await client.document({ id: "d", ...stage.valued({ n: 1 }) });
  await stage.watched("d");
  const heard = new Heard(first, "removed");
  await stage.sync("DELETE", "/Documents/d");
  await heard.next("removed");
  const second = await client.document({ id: "d", ...stage.valued({ n: 2 }) });
  assert.notEqual(second.sid, first.sid);
  assert.deepEqual(held(second), { n: 2 });
  const list = await client.list("l");
  await list.push({});
  await (list.removeList?.() ?? list.remove());
  const again = await client.list("l");
  assert.equal((await again.push({})).index, 0);
}

export async function an_item_removed_while_away_and_made_again(stage) {
  const client = await stage.client("alice");
  const map = await client.map("m");
  await map.set("k", { n: 1 });
  await stage.watched("m");
  const heard = new Heard(map, "itemAdded", "itemRemoved", "itemUpdated");
  await stage.cut();
  await stage.sync("DELETE", "/Maps/m/Items/k");
  await stage.sync("POST", "/Maps/m/Items", { Key: "k", Data: { n: 2 } });
  await stage.sync("POST", "/Maps/m/Items", { Key: "brief", Data: {} });
  await stage.sync("DELETE", "/Maps/m/Items/brief");
  await heard.next("itemAdded", ({ item }) => held(item).n === 2);
  assert.deepEqual(held(await map.get("k")), { n: 2 });
}

export async function much_at_once(stage) {
  const [alice, bob] = [await stage.client("alice"), await stage.client("bob")];
  const [mine, theirs] = [await alice.list("l"), await bob.list("l")];
  await stage.watched("l", 2);
  const heard = new Heard(theirs, "itemAdded");
  await Promise.all(Array.from({ length: 200 }, (_, n) => mine.push({ n, text: "x".repeat(500) })));
  const indexes = [];
  for (let n = 0; n < 200; n++) indexes.push((await heard.next("itemAdded")).item.index);
  assert.deepEqual(indexes, Array.from({ length: 200 }, (_, n) => n));
}
