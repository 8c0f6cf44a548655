// Several clients and REST at once, and connections that break.

import assert from "node:assert/strict";
import { Heard, held, refusal, until } from "../stage.mjs";

export async function rest_and_clients_see_one_object(stage) {
  const client = await stage.client("alice");
  const made = await stage.sync("POST", "/Documents", { UniqueName: "d", Data: { n: 0 } });
  const document = await client.document("d");
  assert.deepEqual([document.sid, held(document)], [made.sid, { n: 0 }]);
  await stage.watched("d");
  const heard = new Heard(document, "updated", "removed");
  await stage.sync("POST", "/Documents/d", { Data: { n: 1 } });
  assert.deepEqual(held(await heard.next("updated")), { n: 1 });
  await document.set({ n: 2 });
  const seen = await stage.sync("GET", "/Documents/d");
  assert.deepEqual([seen.data, seen.revision], [{ n: 2 }, "2"]);
  await stage.sync("DELETE", "/Documents/d");
  await heard.next("removed");
  assert.equal((await refusal(document.set({}))).code, 54100);
  const list = await client.list("l");
  await stage.watched("l");
  const added = new Heard(list, "itemAdded");
  await stage.sync("POST", "/Lists/l/Items", { Data: { by: "REST" } });
  assert.deepEqual(held((await added.next("itemAdded")).item), { by: "REST" });
  const stream = await client.stream("s");
  await stage.watched("s");
  const said = new Heard(stream, "messagePublished");
  await stage.sync("POST", "/Streams/s/Messages", { Data: { by: "REST" } });
  assert.deepEqual(held((await said.next("messagePublished")).message), { by: "REST" });
}

export async function all_see_one_order(stage) {
  const clients = [await stage.client("a"), await stage.client("b"), await stage.client("c")];
  const maps = [];
  for (const client of clients) maps.push(await client.map("m"));
  await stage.watched("m", 3);
  const seen = maps.map((map) => {
    const told = [];
    map.on("itemAdded", ({ item }) => told.push(["+", item.key]));
    map.on("itemUpdated", ({ item }) => told.push([item.key, held(item).n]));
    return told;
  });
  const writes = [];
  for (let n = 0; n < 20; n++) {
    maps.forEach((map, at) => writes.push(map.set(`k${at}`, { n })));
    writes.push(stage.sync("POST", "/Lists", { UniqueName: `other-${n}` }));
  }
  await Promise.all(writes);
  const latest = await stage.sync("GET", "/Maps/m/Items");
  for (const map of maps) {
    await until(async () => {
      const { items } = await map.getItems();
      return items.length === 3 && items.every((item, at) => item.revision === latest.items[at].revision);
    }, "the last values");
  }
  assert.ok(seen.every((told) => told.length >= 3));
}

export async function who_writes_at_once_loses_nothing(stage) {
  const clients = [await stage.client("a"), await stage.client("b"), await stage.client("c")];
  const [documents, maps] = [[], []];
  for (const client of clients) {
    documents.push(await client.document({ id: "counter", ...stage.valued({ n: 0 }) }));
    maps.push(await client.map("counters"));
  }
  const count = ({ n }) => ({ n: n + 1 });
  const first = (it) => ({ n: (it?.n ?? 0) + 1 });
  await Promise.all(
    documents.flatMap((document, at) => Array.from({ length: 7 }, () => [document.mutate(count), maps[at].mutate("k", first)])).flat(),
  );
  const { data } = await stage.sync("GET", "/Documents/counter");
  assert.deepEqual(data, { n: 21 });
  assert.deepEqual((await stage.sync("GET", "/Maps/counters/Items/k")).data, { n: 21 });
  const unchanged = await documents[0].mutate(() => null);
  assert.equal((unchanged?.n ?? 21) > 0, true);
}
who_writes_at_once_loses_nothing.since = 1;

export async function a_mutation_of_what_is_gone(stage) {
  const client = await stage.client("alice");
  const map = await client.map("m");
  await map.set("k", { n: 1 });
  await stage.watched("m");
  const heard = new Heard(map, "itemRemoved", "removed");
  await stage.sync("DELETE", "/Maps/m/Items/k");
  await heard.next("itemRemoved");
  const document = await client.document("d");
  await stage.watched("d");
  const gone = new Heard(document, "removed");
  await stage.sync("DELETE", "/Documents/d");
  await gone.next("removed");
  assert.equal((await refusal(document.mutate((it) => ({ ...it, n: 1 })))).code, 54100);
  await map.set("k", { n: 2 }); // the map lives
  assert.deepEqual(heard.all, []);
}

export async function what_was_missed_is_told_after_a_cut(stage) {
  const client = await stage.client("alice");
  const [document, list, map] = [await client.document("d"), await client.list("l"), await client.map("m")];
  const [doomed, stream] = [await client.map("doomed"), await client.stream("s")];
  for (const n of [0, 1, 2]) {
    await list.push({ n });
    await map.set(`k${n}`, { n });
  }
  for (const name of ["d", "l", "m", "doomed", "s"]) await stage.watched(name);
  const told = { d: new Heard(document, "updated"), doomed: new Heard(doomed, "removed") };
  for (const [name, it] of [["l", list], ["m", map]]) told[name] = new Heard(it, "itemAdded", "itemUpdated", "itemRemoved");
  const said = new Heard(stream, "messagePublished");
  // Its own changes have come back to it before it is cut off.
  await stage.sync("POST", "/Streams/s/Messages", { Data: { n: 0 } });
  await said.next("messagePublished");
  await stage.cut();
  await stage.sync("POST", "/Documents/d", { Data: { n: 1 } });
  await stage.sync("POST", "/Documents/d", { Data: { n: 2 } });
  await stage.sync("POST", "/Lists/l/Items", { Data: { n: 3 } });
  await stage.sync("POST", "/Lists/l/Items/1", { Data: { n: "one" } });
  await stage.sync("DELETE", "/Lists/l/Items/2");
  await stage.sync("POST", "/Maps/m/Items", { Key: "k3", Data: { n: 3 } });
  await stage.sync("POST", "/Maps/m/Items/k1", { Data: { n: "one" } });
  await stage.sync("DELETE", "/Maps/m/Items/k2");
  await stage.sync("DELETE", "/Maps/doomed");
  const updated = await told.d.next("updated", (event) => held(event).n === 2);
  assert.equal(updated.isLocal, false);
  assert.deepEqual(held((await told.l.next("itemAdded", ({ item }) => held(item).n === 3)).item), { n: 3 });
  assert.equal((await told.l.next("itemUpdated")).item.index, 1);
  assert.equal((await told.l.next("itemRemoved")).index, 2);
  assert.equal((await told.m.next("itemAdded", ({ item }) => item.key === "k3")).isLocal, false);
  assert.equal((await told.m.next("itemUpdated")).item.key, "k1");
  assert.equal((await told.m.next("itemRemoved")).key, "k2");
  await told.doomed.next("removed");
}

export async function nothing_is_told_twice_after_many_cuts(stage) {
  const client = await stage.client("alice");
  const list = await client.list("l");
  await stage.watched("l");
  const heard = new Heard(list, "itemAdded");
  const told = [];
  let sent = 0;
  const push = async () => stage.sync("POST", "/Lists/l/Items", { Data: { n: sent++ } });
  for (let loop = 0; loop < 5; loop++) {
    await push();
    const gone = stage.cut();
    await push();
    await gone;
    await push();
    while (told.length < sent) told.push(held((await heard.next("itemAdded")).item).n);
    await stage.watched("l");
  }
  assert.deepEqual(told, Array.from({ length: sent }, (_, at) => at));
  assert.deepEqual(heard.all, []);
}

export async function what_is_written_while_away_is_sent_later(stage) {
  const client = await stage.client("alice");
  const document = await client.document("d");
  await stage.watched("d");
  await stage.cut();
  await until(() => client.connectionState !== "connected", "that it noticed");
  await document.set({ n: 1 });
  assert.deepEqual((await stage.sync("GET", "/Documents/d")).data, { n: 1 });
}

export async function hundreds_of_objects(stage) {
  const client = await stage.client("alice");
  const opened = await Promise.all(Array.from({ length: 130 }, (_, at) => client.document(`d${at}`)));
  await stage.watched("d129");
  await stage.watched("d0");
  const heard = opened.map((document) => new Heard(document, "updated"));
  for (const at of [0, 64, 129]) {
    await stage.sync("POST", `/Documents/d${at}`, { Data: { at } });
    assert.deepEqual(held(await heard[at].next("updated")), { at });
  }
}
