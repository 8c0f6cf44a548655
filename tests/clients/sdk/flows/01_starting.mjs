// A client starts, is known again, and stops.

import assert from "node:assert/strict";
import { Heard, once, until } from "../stage.mjs";

export async function starts_and_stops(stage) {
  const client = await stage.client("alice");
  assert.equal(client.connectionState, "connected");
  assert.equal(client.user.identity, "alice");
  assert.equal(client.version, stage.version);
  assert.equal(client.reachabilityEnabled, false);
  const { connections: [shown] } = await stage.control("GET", "/connections");
  assert.equal(shown.identity, "alice");
  assert.equal(shown.client.sdkv, stage.version);
  const heard = new Heard(client, "connectionStateChanged");
  await client.shutdown();
  await heard.next("connectionStateChanged", (state) => state === "disconnected");
  await until(async () => (await stage.control("GET", "/connections")).connections.length === 0, "nobody connected");
}

export async function tells_of_its_start(stage) {
  const other = await stage.library.Client.create(await stage.token("bob"), stage.options());
  stage.clients.push(other);
  assert.equal(other.user.identity, "bob");
  await other.getSubscribedConversations();
  if (stage.major === 1) return; // it is ready when it is there
  const client = stage.raw(await stage.token("alice"));
  const heard = new Heard(client, "stateChanged", "initialized", "connectionStateChanged");
  await heard.next("stateChanged", (state) => state === "initialized");
  await heard.next("initialized");
  await heard.next("connectionStateChanged", (state) => state === "connected");
  await client.getSubscribedConversations();
}

export async function an_identity_may_be_anything(stage) {
  for (const identity of ["ä b+c/d?e&f=g%h@i", "日本語", "CH0.channels", "a".repeat(256)]) {
    const client = await stage.client(identity);
    const [sid] = await stage.room([client]);
    assert.equal((await client.getConversationBySid(sid)).sid, sid);
    await client.user.updateFriendlyName("x");
    await client.shutdown();
  }
}

export async function two_clients_of_one_user_see_the_same(stage) {
  const desktop = await stage.client("alice");
  const [sid, room] = await stage.room([desktop]);
  const phone = await stage.client("alice");
  const same = await phone.getConversationBySid(sid);
  await stage.watching(sid, 2);
  const heard = new Heard(phone, "messageAdded");
  await room.sendMessage("hi");
  assert.equal((await heard.next("messageAdded")).body, "hi");
  const left = once(desktop, "conversationLeft");
  await same.leave();
  assert.equal((await left).sid, sid);
}
