// What comes to an end: time to live, permissions, tokens, services.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { Heard, held, once, refusal } from "../stage.mjs";

export async function time_to_live(stage) {
  await stage.freeze();
  const client = await stage.client("alice");
  const document = await client.document({ id: "d", ttl: 60, ...stage.valued({}) });
  const map = await client.map({ id: "m", ttl: 0 });
  await map.set("short", { n: 1 }, { ttl: 10 });
  await map.set("long", { n: 2 });
  const list = await client.list("l");
  await list.push({ n: 1 }, { ttl: 10 });
  for (const name of ["d", "m", "l"]) await stage.watched(name);
  const heard = new Heard(map, "itemRemoved", "itemUpdated");
  const [gone, dropped] = [new Heard(document, "removed", "updated"), new Heard(list, "itemRemoved")];
  await stage.advance(11);
  assert.equal((await heard.next("itemRemoved")).key, "short");
  assert.equal((await dropped.next("itemRemoved")).index, 0);
  assert.equal((await refusal(stage.sync("GET", "/Maps/m/Items/short"))).message.includes("20404"), true);
  await map.setItemTtl("long", 30);
  await document.setTtl(120);
  await stage.advance(31);
  assert.equal((await heard.next("itemRemoved")).key, "long");
  await stage.advance(40);
  assert.deepEqual(gone.all.filter(({ name }) => name === "removed"), []);
  await stage.advance(60);
  await gone.next("removed");
}

export async function permissions_taken_away(stage) {
  await stage.rest("POST", "/Services/default", { AclEnabled: "true" }, "sync");
  const [alice, bob] = [await stage.client("alice"), await stage.client("bob")];
  const mine = await alice.document({ id: "d", ...stage.valued({ n: 1 }) });
  assert.equal((await refusal(bob.document("d"))).code, 54007);
  await stage.sync("POST", "/Documents/d/Permissions/bob", { Read: true, Write: false, Manage: false });
  const theirs = await bob.document("d");
  assert.deepEqual(held(theirs), { n: 1 });
  assert.equal((await refusal(theirs.set({ n: 2 }))).code, 54007);
  await stage.watched("d", 2);
  await stage.sync("POST", "/Documents/d/Permissions/bob", { Read: true, Write: true, Manage: false });
  await theirs.set({ n: 3 });
  assert.equal((await refusal(theirs.removeDocument?.() ?? theirs.remove())).code, 54007);
  const heard = new Heard(theirs, "updated", "removed");
  await stage.sync("DELETE", "/Documents/d/Permissions/bob");
  await mine.set({ n: 4 });
  const failed = await refusal(theirs.set({ n: 5 }));
  assert.deepEqual([failed.status, failed.code], [403, 54007]);
  assert.deepEqual(held(theirs), { n: 3 });
  assert.deepEqual(heard.all.filter(({ said }) => !said.isLocal), []);
  await (mine.removeDocument?.() ?? mine.remove());
}

export async function tokens(stage) {
  const client = await stage.client("alice");
  const document = await client.document("d");
  await client.updateToken(await stage.syncToken("alice"));
  await document.set({ n: 1 });
  const wrong = await refusal(client.updateToken(await stage.syncToken("bob")));
  assert.equal(wrong.status ?? 401, wrong.code === 51130 ? 400 : 401);
  await client.updateToken(await stage.syncToken("alice"));
  await stage.connected(client);
  await document.set({ n: 2 });
  const stranger = stage.raw(await stage.syncToken("x", { service: "IS" + "0".repeat(31) + "9" }));
  const { errorCode } = await once(stranger, "connectionError");
  assert.equal(errorCode, 20106);
}
tokens.since = 3;

export async function a_token_that_ends(stage) {
  const client = await stage.client("alice", { token: await stage.syncToken("alice", { ttl: 600 }) });
  const heard = new Heard(client, "tokenAboutToExpire", "tokenExpired", "connectionStateChanged");
  await stage.freeze();
  await stage.advance(430);
  await heard.next("tokenAboutToExpire");
  await stage.advance(200);
  await heard.next("tokenExpired");
  await heard.next("connectionStateChanged", (state) => state === "disconnected");
  await client.updateToken(await stage.syncToken("alice"));
  await stage.connected(client);
  assert.equal((await client.document("d")).uniqueName, "d");
}
a_token_that_ends.since = 3;

export async function one_token_for_two_clients(stage) {
  const token = await stage.syncToken("alice", { chat: true });
  const sync = await stage.client("alice", { token });
  await (await sync.document("d")).set({ n: 1 });
  const { users } = await stage.rest("GET", "/Users");
  assert.deepEqual(users.filter(({ identity }) => identity === "alice"), []);
}

export async function two_clients_on_one_socket(stage) {
  const require = createRequire(import.meta.url);
  const { TwilsockClient } = require("twilsock");
  const conversations = require("@twilio/conversations");
  const token = await stage.syncToken("alice", { chat: true });
  const twilsock = new TwilsockClient(token, "ip_messaging", stage.options());
  const chat = new conversations.Client(token, { twilsockClient: twilsock, disableDeepClone: true });
  const sync = new stage.library.Client(token, { twilsockClient: twilsock });
  stage.clients.push(chat);
  twilsock.connect();
  await once(chat, "initialized");
  const [map, room] = [await sync.map("m"), await chat.createConversation({ friendlyName: "Room" })];
  const joined = once(chat, "conversationJoined");
  await room.join();
  await joined;
  await stage.watched("m");
  const [added, said] = [new Heard(map, "itemAdded"), new Heard(chat, "messageAdded")];
  await stage.sync("POST", "/Maps/m/Items", { Key: "k", Data: {} });
  assert.equal((await added.next("itemAdded")).item.key, "k");
  await stage.watching(room.sid, 1);
  await room.sendMessage("hello");
  assert.equal((await said.next("messageAdded")).body, "hello");
  const { connections } = await stage.control("GET", "/connections");
  assert.equal(connections.length, 1);
}
two_clients_on_one_socket.since = 4;

export async function a_service_that_is_deleted(stage) {
  const { sid } = await stage.rest("POST", "/Services", {}, "sync");
  const client = await stage.client("alice", { token: await stage.syncToken("alice", { service: sid }) });
  const document = await client.document("d");
  const gone = once(client, "connectionStateChanged", (state) => state !== "connected");
  await stage.rest("DELETE", `/Services/${sid}`, {}, "sync");
  await gone;
  assert.equal(document.uniqueName, "d");
}
