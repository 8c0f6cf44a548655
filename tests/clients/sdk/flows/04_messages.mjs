// Messages: sent, received, changed, removed, read page by page.

import assert from "node:assert/strict";
import { Heard, refusal } from "../stage.mjs";

async function pair(stage) {
  const clients = [await stage.client("alice"), await stage.client("bob")];
  return [...clients, ...(await stage.room(clients))];
}

export async function are_sent_and_received(stage) {
  const [alice, bob, sid, room, theirs] = await pair(stage);
  const heard = new Heard(bob, "messageAdded", "conversationUpdated");
  const own = new Heard(alice, "messageAdded");
  const inside = new Heard(theirs, "messageAdded");
  const text = "Ünïcode 👋\nand a second line";
  assert.equal(await room.sendMessage(text, { mood: "fine" }), 0);
  const message = await heard.next("messageAdded");
  assert.deepEqual([message.index, message.author, message.body, message.type], [0, "alice", text, "text"]);
  assert.deepEqual(message.attributes, { mood: "fine" });
  assert.ok(message.dateCreated instanceof Date);
  assert.equal((await own.next("messageAdded")).sid, message.sid);
  assert.equal((await inside.next("messageAdded")).sid, message.sid);
  await heard.next("conversationUpdated", ({ updateReasons }) => updateReasons.includes("lastMessage"));
  assert.equal(theirs.lastMessage.index, 0);
  assert.equal((await message.getParticipant()).identity, "alice");
  await stage.rest("POST", `/Conversations/${sid}/Messages`, { Body: "by REST", Author: "system", Attributes: '{"x":[1]}' });
  const other = await heard.next("messageAdded");
  assert.deepEqual([other.index, other.author, other.body, other.attributes], [1, "system", "by REST", { x: [1] }]);
  assert.equal(await room.getMessagesCount(), 2);
  const { messages } = await stage.rest("GET", `/Conversations/${sid}/Messages`);
  assert.deepEqual(messages.map(({ author }) => author), ["alice", "system"]);
}

export async function may_be_long_and_may_be_empty(stage) {
  const [, bob, , room] = await pair(stage);
  const heard = new Heard(bob, "messageAdded");
  const long = "0123456789abcdef".repeat(2048);
  await room.sendMessage(long);
  assert.equal((await heard.next("messageAdded")).body, long);
  await room.sendMessage(null, { only: "attributes" });
  const empty = await heard.next("messageAdded");
  assert.deepEqual([empty.body, empty.attributes], [null, { only: "attributes" }]);
  const refused = await refusal(room.sendMessage(long + "!"));
  assert.equal(stage.major === 1 ? refused.code : refused.body.code, 50504);
}

export async function are_built(stage) {
  if (stage.major === 1) return; // there is no builder
  const [, bob, , room] = await pair(stage);
  const heard = new Heard(bob, "messageAdded");
  const index = await room.prepareMessage().setBody("built").setSubject("News").setAttributes({ a: 1 }).build().send();
  const message = await heard.next("messageAdded");
  assert.deepEqual([message.index, message.body, message.subject, message.attributes], [index, "built", "News", { a: 1 }]);
  assert.equal((await message.getMessageRecipients()).items?.length ?? 0, 0);
  assert.equal((await room.getMessageRecipients()).items.length, 0);
}

export async function are_changed_and_removed(stage) {
  const [alice, bob, sid, room] = await pair(stage);
  const heard = new Heard(bob, "messageAdded", "messageUpdated", "messageRemoved");
  const inside = new Heard(await bob.getConversationBySid(sid), "messageUpdated", "messageRemoved");
  await room.sendMessage("first");
  const seen = await heard.next("messageAdded");
  const each = new Heard(seen, "updated");
  const { items: [mine] } = await room.getMessages();
  await mine.updateBody("second");
  const { updateReasons } = await heard.next("messageUpdated", ({ updateReasons }) => updateReasons.includes("body"));
  assert.ok(updateReasons.includes("lastUpdatedBy"));
  await inside.next("messageUpdated");
  await each.next("updated");
  assert.deepEqual([seen.body, seen.lastUpdatedBy], ["second", "alice"]);
  for (const attributes of [{ edited: true }, [], 5]) {
    await mine.updateAttributes(attributes);
    await heard.next("messageUpdated", ({ updateReasons }) => updateReasons.includes("attributes"));
    assert.deepEqual(seen.attributes, attributes);
  }
  await stage.rest("POST", `/Conversations/${sid}/Messages/${seen.sid}`, { Body: "third", Author: "carol" });
  await heard.next("messageUpdated", ({ updateReasons }) => updateReasons.includes("author"));
  assert.deepEqual([seen.body, seen.author], ["third", "carol"]);
  await stage.rest("POST", `/Conversations/${sid}/Messages/${seen.sid}`, { Author: "alice" });
  const own = new Heard(alice, "messageAdded", "messageRemoved");
  await mine.remove();
  assert.equal((await heard.next("messageRemoved")).sid, seen.sid);
  await inside.next("messageRemoved");
  await own.next("messageRemoved");
  assert.equal((await room.getMessages()).items.length, 0);
  assert.equal(await room.sendMessage("after a gap"), 1);
  await own.next("messageAdded");
}

export async function are_read_page_by_page(stage) {
  const client = await stage.client("alice");
  const { sid } = await stage.rest("POST", "/Conversations");
  for (let each = 0; each < 15; each++) await stage.rest("POST", `/Conversations/${sid}/Messages`, { Body: `${each}` });
  const heard = new Heard(client, "conversationJoined");
  await stage.rest("POST", `/Conversations/${sid}/Participants`, { Identity: "alice" });
  const room = await heard.next("conversationJoined");
  const shown = ({ items, hasPrevPage, hasNextPage }) => [items.map(({ index }) => index), hasPrevPage, hasNextPage];
  let page = await room.getMessages(4);
  assert.deepEqual(shown(page), [[11, 12, 13, 14], true, false]);
  page = await page.prevPage();
  assert.deepEqual(shown(page), [[7, 8, 9, 10], true, true]);
  page = await (await page.prevPage()).prevPage();
  assert.deepEqual(shown(page), [[0, 1, 2], false, true]);
  page = await page.nextPage();
  assert.deepEqual(shown(page)[0].slice(0, 3), [3, 4, 5]);
  page = await room.getMessages(3, 2, "forward");
  assert.deepEqual(shown(page), [[2, 3, 4], true, true]);
  assert.deepEqual(shown(await page.nextPage()), [[5, 6, 7], true, true]);
  page = await room.getMessages(5, 6, "backwards");
  assert.deepEqual(shown(page), [[2, 3, 4, 5, 6], true, true]);
}

export async function keep_their_order(stage) {
  const [alice, bob, , room, theirs] = await pair(stage);
  const heard = new Heard(alice, "messageAdded");
  const sent = [];
  for (let each = 0; each < 20; each++) sent.push(room.sendMessage(`a${each}`), theirs.sendMessage(`b${each}`));
  const indexes = await Promise.all(sent);
  assert.deepEqual([...indexes].sort((one, two) => one - two), indexes.map((_, at) => at));
  for (let each = 0; each < 40; each++) assert.equal((await heard.next("messageAdded")).index, each);
  assert.ok(bob);
}
