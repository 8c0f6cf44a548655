// Connections that break, are refused, are slow: what an app's own logic has to stand.

import assert from "node:assert/strict";
import { Heard, refusal, until } from "../stage.mjs";

const LOOPS = Number(process.env.LOOPS ?? 10);

export async function nothing_is_lost_and_nothing_told_twice(stage) {
  const client = await stage.client("alice");
  const [sid] = await stage.room([client]);
  const heard = new Heard(client, "messageAdded", "connectionStateChanged");
  const told = [];
  let sent = 0;
  const say = async () => stage.rest("POST", `/Conversations/${sid}/Messages`, { Body: `${sent++}` });
  for (let loop = 0; loop < LOOPS; loop++) {
    await say();
    const { connections: [{ id }] } = await stage.control("GET", "/connections");
    const gone = stage.control("DELETE", `/connections/${id}`);
    await say();
    await gone;
    await say();
    await say();
    while (told.length < sent) told.push((await heard.next("messageAdded")).body);
    await heard.next("connectionStateChanged", (state) => state === "connected");
    await stage.watching(sid, 1);
  }
  assert.deepEqual(told, Array.from({ length: sent }, (_, each) => `${each}`));
  assert.deepEqual(heard.all.filter(({ name }) => name === "messageAdded"), []);
}

export async function what_happened_meanwhile_is_told(stage) {
  const client = await stage.client("alice");
  const [sid, room] = await stage.room([client]);
  await room.sendMessage("to be edited");
  await room.sendMessage("to be removed");
  const { messages: [first, second] } = await stage.rest("GET", `/Conversations/${sid}/Messages`);
  await until(async () => (await room.getMessages()).items.length === 2, "two messages");
  const names = ["messageUpdated", "messageRemoved", "participantJoined", "conversationUpdated", "conversationJoined"];
  const heard = new Heard(client, ...names, "connectionStateChanged");
  await stage.control("DELETE", "/connections");
  await stage.rest("POST", `/Conversations/${sid}/Messages/${first.sid}`, { Body: "edited" });
  await stage.rest("DELETE", `/Conversations/${sid}/Messages/${second.sid}`);
  await stage.rest("POST", `/Conversations/${sid}/Participants`, { Identity: "bob" });
  await stage.rest("POST", `/Conversations/${sid}`, { FriendlyName: "renamed" });
  const other = await stage.rest("POST", "/Conversations");
  await stage.rest("POST", `/Conversations/${other.sid}/Participants`, { Identity: "alice" });
  const { message } = await heard.next("messageUpdated", ({ updateReasons }) => updateReasons.includes("body"));
  assert.equal(message.body, "edited");
  assert.equal((await heard.next("messageRemoved")).sid, second.sid);
  assert.equal((await heard.next("participantJoined")).identity, "bob");
  await heard.next("conversationUpdated", ({ updateReasons }) => updateReasons.includes("friendlyName"));
  assert.equal((await heard.next("conversationJoined")).sid, other.sid);
}

export async function who_was_removed_meanwhile_is_told(stage) {
  const client = await stage.client("alice");
  const [sid] = await stage.room([client]);
  const [gone] = await stage.room([client]);
  const heard = new Heard(client, "conversationLeft", "conversationRemoved");
  await stage.control("DELETE", "/connections");
  await stage.rest("DELETE", `/Conversations/${sid}/Participants/alice`);
  await stage.rest("DELETE", `/Conversations/${gone}`);
  const left = [(await heard.next("conversationLeft")).sid, (await heard.next("conversationLeft")).sid];
  assert.deepEqual(left.sort(), [sid, gone].sort());
  await heard.next("conversationRemoved");
  await heard.next("conversationRemoved");
  for (let each = 0; each < 3; each++) {
    await stage.control("DELETE", "/connections");
    await stage.rest("POST", `/Conversations/${sid}/Participants`, { Identity: "alice" });
    await stage.watching(sid, 1);
    const again = new Heard(client, "messageAdded", "conversationLeft");
    await stage.rest("POST", `/Conversations/${sid}/Messages`, { Body: `back ${each}` });
    assert.equal((await again.next("messageAdded")).body, `back ${each}`);
    await stage.control("DELETE", "/connections");
    await stage.rest("DELETE", `/Conversations/${sid}/Participants/alice`);
    assert.equal((await again.next("conversationLeft")).sid, sid);
  }
}

export async function requests_wait_for_the_connection(stage) {
  const client = await stage.client("alice");
  const [sid, room] = await stage.room([client]);
  const heard = new Heard(client, "connectionStateChanged");
  await stage.control("DELETE", "/connections");
  await heard.next("connectionStateChanged", (state) => state === "connecting");
  assert.equal(await room.sendMessage("while away"), 0);
  assert.equal((await stage.rest("GET", `/Conversations/${sid}/Messages`)).messages[0].body, "while away");
}

export async function a_refusal_that_is_not_final_is_tried_again(stage) {
  if (stage.major === 1) return; // it may wait 30 s for an answer to what it asked before it was let in
  for (const refuse of [
    { status: 429, code: 51202, reconnect_min_ms: 20 },
    { status: 500, message: "out of order" },
  ]) {
    await stage.control("POST", "/faults", { match: { identity: "alice" }, do: { socket: { refuse } }, times: 1 });
    const client = stage.raw(await stage.token("alice"));
    const heard = new Heard(client, "connectionError", "initialized", "initFailed");
    const error = await heard.next("connectionError");
    assert.deepEqual([error.terminal, error.httpStatusCode], [false, refuse.status]);
    if (refuse.code) assert.equal(error.errorCode, refuse.code);
    await heard.next("initFailed");
    await heard.next("initialized");
    await client.getSubscribedConversations();
  }
}

export async function a_connection_breaks_in_the_middle(stage) {
  const client = await stage.client("alice");
  const [sid] = await stage.room([client]);
  await stage.control("POST", "/faults", { do: { socket: { drop_after: 1 } }, times: 2 });
  const heard = new Heard(client, "messageAdded");
  await stage.control("DELETE", "/connections");
  await stage.rest("POST", `/Conversations/${sid}/Messages`, { Body: "hi" });
  assert.equal((await heard.next("messageAdded")).body, "hi");
}

export async function requests_are_throttled_and_late(stage) {
  const client = await stage.client("alice");
  const [sid, room] = await stage.room([client]);
  await stage.control("POST", "/faults", { do: { socket: { throttle: 1, delay_ms: 5 } }, times: 1 });
  const heard = new Heard(client, "connectionStateChanged");
  await stage.control("DELETE", "/connections");
  await heard.next("connectionStateChanged", (state) => state === "connected");
  await stage.watching(sid, 1);
  const error = await refusal(room.sendMessage("too much"));
  if (stage.major === 1) assert.match(error.message, /status: 429, code: 50063/);
  else assert.deepEqual([error.status, error.body.code], [429, 50063]);
  assert.equal(await room.sendMessage("slowly"), 0);
}

export async function the_server_may_say_goodbye(stage) {
  const client = await stage.client("alice");
  const heard = new Heard(client, "connectionStateChanged", "connectionError");
  await stage.control("DELETE", "/connections?status=406&message=nonsense");
  const error = await heard.next("connectionError");
  assert.equal(error.terminal, true);
  await heard.next("connectionStateChanged", (state) => state === "disconnected");
}

export async function a_user_who_is_deleted_comes_again_as_another(stage) {
  const client = await stage.client("alice");
  const [sid] = await stage.room([client]);
  const heard = new Heard(client, "conversationLeft", "connectionStateChanged");
  await stage.rest("DELETE", "/Users/alice");
  assert.equal((await heard.next("conversationLeft")).sid, sid);
  await heard.next("connectionStateChanged", (state) => state === "connected");
  assert.equal((await stage.rest("GET", "/Users/alice")).identity, "alice");
}

export async function what_is_put_back_is_seen(stage) {
  const client = await stage.client("alice");
  const [sid, room] = await stage.room([client], { FriendlyName: "before" });
  await room.sendMessage("kept");
  const [deleted] = await stage.room([client]);
  const saved = await stage.control("GET", "/snapshot");
  const names = ["messageAdded", "messageUpdated", "messageRemoved", "conversationUpdated"];
  const heard = new Heard(client, ...names, "conversationJoined", "conversationLeft", "conversationRemoved");
  await room.sendMessage("undone");
  const undone = await heard.next("messageAdded", ({ body }) => body === "undone");
  const { messages: [kept] } = await stage.rest("GET", `/Conversations/${sid}/Messages`);
  await stage.rest("POST", `/Conversations/${sid}/Messages/${kept.sid}`, { Body: "edited" });
  await heard.next("messageUpdated", ({ message }) => message.body === "edited");
  await stage.rest("POST", `/Conversations/${sid}`, { FriendlyName: "after" });
  await heard.next("conversationUpdated", ({ conversation }) => conversation.friendlyName === "after");
  const [later] = await stage.room([client]);
  await heard.next("conversationJoined", (it) => it.sid === later);
  await stage.rest("DELETE", `/Conversations/${deleted}`);
  await heard.next("conversationRemoved", (it) => it.sid === deleted);
  await heard.next("conversationLeft", (it) => it.sid === deleted);
  const { connections: [before] } = await stage.control("GET", "/connections");
  await stage.control("PUT", "/snapshot", saved);
  assert.equal((await heard.next("messageRemoved")).sid, undone.sid);
  await heard.next("messageUpdated", ({ message }) => message.body === "kept");
  await heard.next("conversationUpdated", ({ conversation }) => conversation.friendlyName === "before");
  assert.equal((await heard.next("conversationLeft")).sid, later);
  const back = await heard.next("conversationJoined", (it) => it.sid === deleted);
  await stage.watching(deleted, 1);
  assert.equal(await back.sendMessage("back"), 0);
  await heard.next("messageAdded", ({ body }) => body === "back");
  const { connections: [after] } = await stage.control("GET", "/connections");
  assert.notEqual(after.id, before.id);
  assert.equal(await room.sendMessage("again"), 1);
  assert.equal((await heard.next("messageAdded", ({ body }) => body === "again")).index, 1);
  // What was undone can be put back, too.
  await stage.control("PUT", "/snapshot", saved);
  await heard.next("messageRemoved", ({ body }) => body === "again");
}
