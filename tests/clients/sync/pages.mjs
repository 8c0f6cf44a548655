// Two pages with Twilio's SDK for Sync, that do what they are told on standard input, a JSON line
// each, and say what came of it:
//
//     node pages.mjs URL PACKAGE TOKEN PACKAGE TOKEN
//
// Every page keeps what it was told in events, and makes of that alone what it believes there is.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(import.meta.url);
const [, , url, ...given] = process.argv;
const uri = `${url.replace("http", "ws")}/v3/wsconnect`;
const stray = [];
for (const kind of ["unhandledRejection", "uncaughtException"]) process.on(kind, (error) => stray.push(String(error?.stack ?? error)));
console.warn = console.error = console.log = () => {}; // what SDKs say to developers

class Page {
  constructor(name, token) {
    const library = require(name);
    const Client = library.SyncClient ?? library;
    this.begun = () => new Client(token, { Twilsock: { uri }, retryPolicy: { min: 10, max: 100 } });
    this.client = this.begun();
    this.opened = new Map(); // by kind and name
    this.told = {}; // what events say there is
    this.stamps = {}; // the stamps that others' writes had, in the order in which they were told
  }

  // The object, opened when it is needed: what it is then is where its events go on from.
  async open(kind, name) {
    const place = `${kind} ${name}`;
    if (!this.opened.has(place)) {
      const opening = this.begin(kind, name, place, () => this.opened.get(place) === opening);
      this.opened.set(place, opening);
      opening.catch(() => this.opened.delete(place));
    }
    return this.opened.get(place);
  }

  async begin(kind, name, place, isCurrent) {
    const it = await this.client[kind](name);
    if (kind === "document") {
      this.told[place] = it.data;
      it.on("updated", ({ data }) => this.hear(place, data, () => (this.told[place] = data)));
    }
    if (kind === "map" || kind === "list") {
      const key = kind === "map" ? "key" : "index";
      const held = (this.told[place] = {});
      for (const item of await all(it)) held[item[key]] = item.data;
      const put = ({ item }) => this.hear(`${place} ${item[key]}`, item.data, () => (held[item[key]] = item.data));
      it.on("itemAdded", put);
      it.on("itemUpdated", put);
      it.on("itemRemoved", (gone) => delete held[gone[key]]);
    }
    // What a page publishes itself the SDK tells it after the answer, some turns later: no order holds for that.
    if (kind === "stream") it.on("messagePublished", ({ message, isLocal }) => isLocal || this.hear(place, message.data, () => {}));
    it.on("removed", () => {
      if (!isCurrent()) return;
      this.opened.delete(place);
      delete this.told[place];
    });
    return it;
  }

  hear(place, data, take) {
    take();
    if (data.stamp) (this.stamps[place] ??= []).push(data.stamp);
  }

  // What the SDK says there is to who comes now. One that has been there says it from a cache, which keeps items
  // that were removed while it asked for them: having found none it forgets by which change they went.
  async state() {
    const found = {};
    const fresh = this.begun();
    for (const place of this.opened.keys()) {
      const [kind, name] = place.split(" ");
      const it = await fresh[kind](name);
      if (place.startsWith("document")) found[place] = it.data;
      if (place.startsWith("map")) found[place] = Object.fromEntries((await all(it)).map(({ key, data }) => [key, data]));
      if (place.startsWith("list")) found[place] = Object.fromEntries((await all(it)).map(({ index, data }) => [index, data]));
    }
    await fresh.shutdown();
    return found;
  }
}

async function all(it) {
  const items = [];
  let page = await it.getItems({ pageSize: 100 });
  for (;;) {
    items.push(...page.items);
    if (!page.hasNextPage) return items;
    page = await page.nextPage();
  }
}

const added = (by) => (data) => ({ ...data, count: (data?.count ?? 0) + by.count, stamp: by.stamp });

const DEEDS = {
  set: (it, { data, ttl }) => it.set(data, { ttl }),
  update: (it, { data }) => it.update(data),
  count: (it, { by }) => it.mutate(added(by)),
  "map set": (it, { key, data, ttl }) => it.set(key, data, { ttl }),
  "map update": (it, { key, data }) => it.update(key, data),
  "map count": (it, { key, by }) => it.mutate(key, added(by)),
  "map remove": (it, { key }) => it.remove(key),
  push: (it, { data, ttl }) => it.push(data, { ttl }),
  "list set": (it, { key, data, ttl }) => it.set(key, data, { ttl }),
  "list count": (it, { key, by }) => it.mutate(key, added(by)),
  "list remove": (it, { key }) => it.remove(key),
  publish: (it, { data }) => it.publishMessage(data),
  remove: (it) => it.removeDocument(),
  open: () => undefined,
};

const pages = [new Page(given[0], given[1]), new Page(given[2], given[3])];

async function done({ page, what, kind, name, ...said }) {
  if (what === "look") {
    const seen = await Promise.all(pages.map(async (each) => ({ told: each.told, stamps: each.stamps, state: await each.state(), connection: each.client.connectionState })));
    return { pages: seen, stray };
  }
  const it = await pages[page].open(kind, name);
  await DEEDS[what](it, said);
  return {};
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, ...wish } = JSON.parse(line);
  done(wish).then(
    (answer) => say({ id, ...answer }),
    (error) => say({ id, refused: { status: error.status ?? null, code: error.code ?? null, message: String(error.message ?? error) } }),
  );
}
process.exit();

function say(answer) {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
