// The four kinds of objects, made, opened, changed and removed by clients.

import assert from "node:assert/strict";
import { Heard, held, refusal } from "../stage.mjs";

export async function a_document(stage) {
  const [alice, bob] = [await stage.client("alice"), await stage.client("bob")];
  const mine = await alice.document({ id: "cart", ...stage.valued({ items: 1 }) });
  assert.deepEqual(held(mine), { items: 1 });
  const theirs = await bob.document("cart");
  assert.equal(theirs.sid, mine.sid);
  assert.deepEqual(held(theirs), { items: 1 });
  await stage.watched("cart", 2);
  const heard = new Heard(theirs, "updated", "removed");
  const own = new Heard(mine, "updated", "removed");
  await mine.set({ items: 2 });
  assert.equal((await own.next("updated")).isLocal, true);
  const told = await heard.next("updated");
  assert.equal(told.isLocal, false);
  assert.deepEqual(held(told), { items: 2 });
  assert.deepEqual(held(theirs), { items: 2 });
  await theirs.update({ more: true });
  assert.deepEqual(held(theirs), { items: 2, more: true });
  await own.next("updated", ({ isLocal }) => !isLocal);
  assert.deepEqual(held(mine), { items: 2, more: true });
  await theirs.mutate((data) => ({ ...data, items: data.items + 1 }));
  await own.next("updated", ({ isLocal }) => !isLocal);
  assert.equal(held(mine).items, 3);
  await (mine.removeDocument?.() ?? mine.remove());
  assert.equal((await heard.next("removed")).isLocal, false);
  assert.equal((await own.next("removed")).isLocal, true);
  assert.deepEqual(own.all, []);
}

export async function a_list(stage) {
  const [alice, bob] = [await stage.client("alice"), await stage.client("bob")];
  const mine = await alice.list("chores");
  const theirs = await bob.list("chores");
  await stage.watched("chores", 2);
  const names = ["itemAdded", "itemUpdated", "itemRemoved", "removed"];
  const [heard, own] = [new Heard(theirs, ...names), new Heard(mine, ...names)];
  for (const at of [0, 1, 2]) {
    const item = await mine.push({ at });
    assert.equal(item.index, at);
    const { item: told, isLocal } = await heard.next("itemAdded");
    assert.deepEqual([told.index, held(told), isLocal], [at, { at }, false]);
    assert.equal((await own.next("itemAdded")).isLocal, true);
  }
  await mine.set(1, { at: "one" });
  const { item: changed } = await heard.next("itemUpdated");
  assert.deepEqual([changed.index, held(changed)], [1, { at: "one" }]);
  await theirs.update(1, { more: 1 });
  assert.deepEqual(held(await theirs.get(1)), { at: "one", more: 1 });
  await theirs.mutate(1, ({ at }) => ({ at: `${at}!` }));
  await own.next("itemUpdated", ({ item }) => held(item).at === "one!");
  await mine.remove(1);
  const gone = await heard.next("itemRemoved");
  assert.equal(gone.index, 1);
  assert.equal((await mine.push({ at: "next" })).index, 7); // the ids of three changes and a removal
  assert.equal((await refusal(mine.get(99))).code, 54151);
  await (mine.removeList?.() ?? mine.remove());
  await heard.next("removed");
}

export async function a_map(stage) {
  const [alice, bob] = [await stage.client("alice"), await stage.client("bob")];
  const mine = await alice.map("users");
  const theirs = await bob.map("users");
  await stage.watched("users", 2);
  const names = ["itemAdded", "itemUpdated", "itemRemoved", "removed"];
  const [heard, own] = [new Heard(theirs, ...names), new Heard(mine, ...names)];
  const key = "a/b?c&d%20+é🙂";
  const made = await mine.set(key, { n: 1 });
  assert.deepEqual([made.key, held(made)], [key, { n: 1 }]);
  const { item, isLocal } = await heard.next("itemAdded");
  assert.deepEqual([item.key, held(item), isLocal], [key, { n: 1 }, false]);
  assert.equal((await own.next("itemAdded")).isLocal, true);
  await mine.set(key, { n: 2 });
  assert.equal((await own.next("itemUpdated")).isLocal, true);
  assert.deepEqual(held((await heard.next("itemUpdated")).item), { n: 2 });
  await theirs.mutate(key, ({ n }) => ({ n: n + 1 }));
  await own.next("itemUpdated", ({ item: { key: which } }) => which === key);
  await theirs.mutate("fresh", () => ({ first: true }));
  await theirs.update("fresh", { second: true });
  assert.deepEqual(held(await theirs.get("fresh")), { first: true, second: true });
  await own.next("itemUpdated", ({ item: { key: which } }) => which === "fresh");
  assert.equal((await refusal(mine.get("none"))).code, 54201);
  await mine.remove(key);
  assert.equal((await own.next("itemRemoved")).isLocal, true);
  const gone = await heard.next("itemRemoved");
  assert.deepEqual([gone.key, gone.isLocal], [key, false]);
  await mine.set("after", {});
  await heard.next("itemAdded", ({ item: { key: which } }) => which === "after");
  assert.deepEqual(own.all.filter(({ name }) => name === "itemRemoved"), []); // told once
  await (mine.removeMap?.() ?? mine.remove());
  assert.equal((await heard.next("removed")).isLocal, false);
}

export async function a_stream(stage) {
  const [alice, bob] = [await stage.client("alice"), await stage.client("bob")];
  const mine = await alice.stream("news");
  const theirs = await bob.stream("news");
  await stage.watched("news", 2);
  const [heard, own] = [mine, theirs].map((it) => new Heard(it, "messagePublished", "removed"));
  const said = await theirs.publishMessage({ n: 1 });
  const { message, isLocal } = await heard.next("messagePublished");
  assert.deepEqual([message.sid, held(message), isLocal], [said.sid, { n: 1 }, false]);
  assert.equal((await own.next("messagePublished")).isLocal, true);
  await mine.publishMessage({ n: 2 });
  await own.next("messagePublished", ({ isLocal }) => !isLocal);
  assert.deepEqual(own.all, []);
  await (mine.removeStream?.() ?? mine.remove());
  await own.next("removed");
}

export async function how_an_object_is_opened(stage) {
  const client = await stage.client("alice");
  assert.equal((await refusal(client.document({ id: "none", mode: "open_existing" }))).code, 54300);
  const made = await client.map({ id: "named", mode: "create_new" });
  const taken = await refusal(client.map({ id: "named", mode: "create_new" }));
  assert.equal(taken.code ?? taken.body?.code, 54301);
  assert.equal((await client.map("named")).sid, made.sid);
  assert.equal((await client.map(made.sid)).sid, made.sid);
  assert.equal((await client.list("named")).uniqueName, "named"); // names are those of one kind
  const nameless = await client.document({ ...stage.valued({ x: 1 }), mode: "create_new" });
  assert.equal(nameless.uniqueName ?? null, null);
  for (const kind of ["document", "list", "map", "stream"]) {
    const [sid, code] = { document: ["ET", 54100], list: ["ES", 54150], map: ["MP", 54200], stream: ["TO", 54250] }[kind];
    const failed = await refusal(client[kind]({ id: sid + "0".repeat(32), mode: "open_existing" }));
    assert.deepEqual([failed.status, failed.code], [404, code]);
  }
}

export async function pages_of_items(stage) {
  const client = await stage.client("alice");
  const [list, map] = [await client.list("l"), await client.map("m")];
  for (let each = 0; each < 25; each++) {
    await list.push({ each });
    await map.set(`key-${String(each).padStart(2, "0")}`, { each });
  }
  for (const [collection, name, start] of [[list, "index", 12], [map, "key", "key-12"]]) {
    for (const order of ["asc", "desc"]) {
      const seen = [];
      let page = await collection.getItems({ order, pageSize: 10 });
      for (;;) {
        seen.push(...page.items.map((item) => held(item).each));
        if (!page.hasNextPage) break;
        page = await page.nextPage();
      }
      const all = Array.from({ length: 25 }, (_, each) => each);
      assert.deepEqual(seen, order === "asc" ? all : all.reverse());
      page = await page.prevPage();
      assert.equal(page.items.length, 10);
    }
    const { items } = await collection.getItems({ from: start, pageSize: 3, order: "desc" });
    assert.deepEqual(items.map((item) => held(item).each), [12, 11, 10]);
    assert.equal(items[0][name], start);
  }
}

export async function values_of_every_sort(stage) {
  const client = await stage.client("alice");
  const value = {
    "": { "__proto__x": [1, 2.5, -0.1, 2 ** 53, 1e21, null, true, "é🙂\u2028\"\\"] },
    nested: Array.from({ length: 50 }, (_, at) => ({ at })),
  };
  const document = await client.document({ id: "d", ...stage.valued(value) });
  assert.deepEqual(held(document), value);
  const other = await (await stage.client("bob")).document("d");
  assert.deepEqual(held(other), value);
  const large = await refusal(document.set({ text: "x".repeat(16 * 1024) }));
  assert.deepEqual([large.status, large.code], [413, 54006]);
  await document.set({ text: "x".repeat(16 * 1024 - 11) });
  const stream = await client.stream("s");
  assert.equal((await refusal(stream.publishMessage({ text: "x".repeat(4096) }))).code, 54006);
}
