// Conversations: made, found, changed, joined, left and deleted, by clients and by REST.

import assert from "node:assert/strict";
import { Heard, refusal, until } from "../stage.mjs";

export async function is_made_and_found(stage) {
  const client = await stage.client("alice");
  const heard = new Heard(client, "conversationAdded", "conversationJoined");
  const attributes = { topic: "tea", tags: ["a", "b"] };
  const made = await client.createConversation({ friendlyName: "Tea", uniqueName: "tea", attributes });
  assert.equal((await heard.next("conversationAdded")).sid, made.sid);
  assert.deepEqual([made.friendlyName, made.uniqueName, made.attributes], ["Tea", "tea", attributes]);
  assert.deepEqual([made.createdBy, made.status], ["alice", "notParticipating"]);
  assert.equal(made.state.current, "active");
  assert.ok(made.dateCreated instanceof Date && made.dateUpdated instanceof Date);
  const shown = await stage.rest("GET", `/Conversations/${made.sid}`);
  assert.deepEqual([shown.friendly_name, JSON.parse(shown.attributes)], ["Tea", attributes]);
  await made.join();
  await heard.next("conversationJoined", (it) => it.sid === made.sid);
  assert.equal(made.status, "joined");
  assert.equal((await client.getConversationBySid(made.sid)).sid, made.sid);
  assert.equal((await client.getConversationByUniqueName("tea")).sid, made.sid);
  const { items } = await client.getSubscribedConversations();
  assert.deepEqual(items.map(({ sid }) => sid), [made.sid]);
  const taken = await refusal(client.createConversation({ uniqueName: "tea" }));
  assert.equal(stage.major === 1 ? taken.code : taken.body.code, 50353);
}

export async function is_private(stage) {
  const [alice, bob] = [await stage.client("alice"), await stage.client("bob")];
  const made = await alice.createConversation({ friendlyName: "Two", uniqueName: "two" });
  await made.join();
  await made.sendMessage("between us");
  const hidden = async () => {
    await refused(stage, bob.getConversationBySid(made.sid));
    await refused(stage, bob.getConversationByUniqueName("two"));
    if (stage.major > 1) await refused(stage, bob.peekConversationBySid(made.sid));
    assert.deepEqual((await bob.getSubscribedConversations()).items, []);
  };
  await hidden();
  const heard = new Heard(bob, "conversationJoined", "conversationLeft", "conversationRemoved", "messageAdded");
  for (const back of [1, 2]) {
    await made.add("bob");
    const theirs = await heard.next("conversationJoined");
    await stage.watching(made.sid, 2);
    assert.equal((await bob.getConversationByUniqueName("two")).sid, made.sid);
    assert.equal((await theirs.getMessages()).items.length, back);
    await made.sendMessage(`again ${back}`);
    await heard.next("messageAdded", ({ body }) => body === `again ${back}`);
    await made.removeParticipant("bob");
    assert.equal((await heard.next("conversationLeft")).sid, made.sid);
    await heard.next("conversationRemoved");
    await refused(stage, theirs.sendMessage("not any more"));
    await refused(stage, theirs.join());
    await hidden();
  }
  await made.sendMessage("between us again");
  await alice.getConversationBySid(made.sid);
  assert.deepEqual(heard.names(), "");
}

// What Twilio says to who is not in a conversation; version 1 tells it by other means than later ones.
async function refused(stage, promise) {
  const error = await refusal(promise);
  if (stage.major > 1) assert.deepEqual([error.status, error.body.code], [403, 50430]);
  else assert.ok(error.code === 50430 || error.message.includes("50430") || error.body?.code === 50430, JSON.stringify([error, error.message]));
}

export async function is_open_to_its_creator(stage) {
  const client = await stage.client("alice");
  const made = await client.createConversation({ friendlyName: "Mine", uniqueName: "mine" });
  const found = await client.getConversationByUniqueName("mine");
  assert.deepEqual([found.sid, found.friendlyName, found.status], [made.sid, "Mine", "notParticipating"]);
  if (stage.major > 1) assert.equal((await client.peekConversationBySid(made.sid)).friendlyName, "Mine");
  await refusal(found.getMessages());
  const heard = new Heard(client, "conversationJoined");
  await found.join();
  await heard.next("conversationJoined");
  assert.equal((await found.getMessages()).items.length, 0);
}

export async function is_open_to_service_admins(stage) {
  const { roles } = await stage.rest("GET", "/Roles");
  const admin = roles.find(({ friendly_name }) => friendly_name === "service admin");
  await stage.rest("POST", "/Users", { Identity: "root", RoleSid: admin.sid });
  const { sid } = await stage.rest("POST", "/Conversations", { FriendlyName: "Theirs", UniqueName: "theirs" });
  const client = await stage.client("root");
  const found = await client.getConversationByUniqueName("theirs");
  assert.deepEqual([found.sid, found.friendlyName, found.status], [sid, "Theirs", "notParticipating"]);
  assert.equal((await client.getConversationBySid(sid)).sid, sid);
  if (stage.major > 1) assert.equal((await client.peekConversationBySid(sid)).friendlyName, "Theirs");
  await found.updateFriendlyName("Ours");
  const heard = new Heard(client, "conversationJoined");
  await found.join();
  await heard.next("conversationJoined");
  assert.equal((await found.getMessages()).items.length, 0);
  await found.leave();
  await stage.rest("POST", "/Users/root", { RoleSid: roles.find(({ friendly_name }) => friendly_name === "service user").sid });
  await refused(stage, client.getConversationByUniqueName("theirs"));
}

export async function is_changed_by_a_client(stage) {
  const [client, bob] = [await stage.client("alice"), await stage.client("bob")];
  const made = await client.createConversation({ friendlyName: "Tea" });
  await made.join();
  await made.add("bob");
  await stage.watching(made.sid, 2);
  const heard = new Heard(bob, "conversationUpdated");
  const reason = (wanted) => ({ updateReasons }) => updateReasons.includes(wanted);
  await made.updateFriendlyName("Coffee");
  const { conversation } = await heard.next("conversationUpdated", reason("friendlyName"));
  assert.equal(conversation.friendlyName, "Coffee");
  await made.updateUniqueName("coffee");
  await heard.next("conversationUpdated", reason("uniqueName"));
  assert.equal(conversation.uniqueName, "coffee");
  for (const attributes of [{ cups: 2 }, ["a", { b: null }], 7, true]) {
    await made.updateAttributes(attributes);
    await heard.next("conversationUpdated", reason("attributes"));
    assert.deepEqual(await conversation.getAttributes(), attributes);
  }
  await made.updateUniqueName(null);
  await heard.next("conversationUpdated", reason("uniqueName"));
  assert.equal(conversation.uniqueName, null);
}

export async function is_changed_by_rest(stage) {
  const client = await stage.client("alice");
  const [sid, room] = await stage.room([client]);
  const heard = new Heard(client, "conversationUpdated");
  const own = new Heard(room, "updated");
  const reason = (wanted) => ({ updateReasons }) => updateReasons.includes(wanted);
  await stage.rest("POST", `/Conversations/${sid}`, { FriendlyName: "Ünïcode 👋", Attributes: '{"a":1}' });
  await heard.next("conversationUpdated", reason("friendlyName"));
  await own.next("updated", reason("attributes"));
  assert.deepEqual([room.friendlyName, room.attributes], ["Ünïcode 👋", { a: 1 }]);
  for (const state of ["inactive", "active", "closed"]) {
    await stage.rest("POST", `/Conversations/${sid}`, { State: state });
    await heard.next("conversationUpdated", reason("state"));
    assert.equal(room.state.current, state);
  }
  const closed = await refusal(room.sendMessage("late"));
  assert.equal(stage.major === 1 ? closed.code : closed.body.code, 50377);
}

export async function a_timer_is_seen(stage) {
  await stage.freeze();
  const client = await stage.client("alice");
  const [, room] = await stage.room([client], { "Timers.Inactive": "PT1M" });
  const heard = new Heard(client, "conversationUpdated");
  await stage.advance(60);
  await heard.next("conversationUpdated", ({ updateReasons }) => updateReasons.includes("state"));
  assert.equal(room.state.current, "inactive");
}

export async function is_left_and_joined_again(stage) {
  const client = await stage.client("alice");
  const [sid, room] = await stage.room([client]);
  const heard = new Heard(client, "conversationLeft", "conversationRemoved", "conversationJoined");
  await room.leave();
  assert.equal((await heard.next("conversationLeft")).sid, sid);
  await heard.next("conversationRemoved");
  assert.equal((await stage.rest("GET", `/Conversations/${sid}/Participants`)).participants.length, 0);
  await refused(stage, client.getConversationBySid(sid));
  await stage.rest("POST", `/Conversations/${sid}/Participants`, { Identity: "alice" });
  assert.equal((await heard.next("conversationJoined")).sid, sid);
  await stage.watching(sid, 1);
  const made = await client.createConversation();
  await made.join();
  await heard.next("conversationJoined", (it) => it.sid === made.sid);
  await stage.watching(made.sid, 1);
  await made.leave();
  await heard.next("conversationRemoved");
  await (await client.getConversationBySid(made.sid)).join();
  await heard.next("conversationJoined", (it) => it.sid === made.sid);
}

export async function is_deleted_by_a_client(stage) {
  const [alice, bob] = [await stage.client("alice"), await stage.client("bob")];
  const made = await alice.createConversation();
  await made.join();
  await made.add("bob");
  await stage.watching(made.sid, 2);
  const heard = new Heard(bob, "conversationLeft", "conversationRemoved");
  const own = new Heard(await bob.getConversationBySid(made.sid), "removed");
  await made.delete();
  await heard.next("conversationLeft");
  await heard.next("conversationRemoved");
  await own.next("removed");
  const gone = await fetch(`${stage.url}/conversations.twilio.com/v1/Conversations/${made.sid}`, {
    headers: { Authorization: "Basic " + btoa(`${stage.account.account_sid}:${stage.account.auth_token}`) },
  });
  assert.equal(gone.status, 404);
}

export async function is_deleted_while_a_client_opens_it(stage) {
  const client = await stage.client("alice");
  const heard = new Heard(client, "conversationAdded", "conversationJoined", "conversationRemoved");
  for (const opened of [null, "conversationAdded", "conversationJoined"]) {
    for (let each = 0; each < 10; each++) {
      const { sid } = await stage.rest("POST", "/Conversations");
      await stage.rest("POST", `/Conversations/${sid}/Participants`, { Identity: "alice" });
      if (opened) await heard.next(opened, (it) => it.sid === sid);
      await stage.rest("DELETE", `/Conversations/${sid}`);
      if (opened) await heard.next("conversationRemoved", (it) => it.sid === sid);
    }
  }
  const [sid] = await stage.room([client]);
  await until(async () => (await client.getSubscribedConversations()).items.length === 1, "one conversation left");
  assert.equal((await client.getSubscribedConversations()).items[0].sid, sid);
}

export async function there_are_many(stage) {
  const sids = [];
  for (let each = 0; each < 60; each++) {
    const { sid } = await stage.rest("POST", "/Conversations", { FriendlyName: `${each}` });
    await stage.rest("POST", `/Conversations/${sid}/Participants`, { Identity: "alice" });
    sids.push(sid);
  }
  const client = await stage.client("alice");
  const found = [];
  let page = await client.getSubscribedConversations();
  for (;;) {
    found.push(...page.items.map(({ sid }) => sid));
    if (!page.hasNextPage) break;
    page = await page.nextPage();
  }
  assert.deepEqual(found.sort(), sids.sort());
}
