// How far somebody has read, what is unread, what somebody wants to be told of; who is typing.

import assert from "node:assert/strict";
import { Heard } from "../stage.mjs";

async function pair(stage) {
  const clients = [await stage.client("alice"), await stage.client("bob")];
  return [...clients, ...(await stage.room(clients))];
}

export async function unread_messages_are_counted(stage) {
  const [alice, bob, sid, room, theirs] = await pair(stage);
  for (const body of ["a", "b", "c"]) await room.sendMessage(body);
  const heard = new Heard(bob, "conversationUpdated");
  const others = new Heard(alice, "participantUpdated");
  assert.equal(theirs.lastReadMessageIndex, null);
  assert.equal(await theirs.getUnreadMessagesCount(), null);
  assert.equal(await theirs.updateLastReadMessageIndex(0), 2);
  await heard.next("conversationUpdated", ({ updateReasons }) => updateReasons.includes("lastReadMessageIndex"));
  assert.equal(theirs.lastReadMessageIndex, 0);
  const { participant } = await others.next("participantUpdated", ({ updateReasons }) => updateReasons.includes("lastReadMessageIndex"));
  assert.deepEqual([participant.identity, participant.lastReadMessageIndex], ["bob", 0]);
  assert.ok(participant.lastReadTimestamp instanceof Date);
  assert.equal(await theirs.getUnreadMessagesCount(), 2);
  assert.equal(await theirs.advanceLastReadMessageIndex(1), 1);
  await heard.next("conversationUpdated", () => theirs.lastReadMessageIndex === 1);
  assert.equal(await theirs.advanceLastReadMessageIndex(0), 1);
  assert.equal(await theirs.setAllMessagesRead(), 0);
  await heard.next("conversationUpdated", () => theirs.lastReadMessageIndex === 2);
  assert.equal(await theirs.setAllMessagesUnread(), null);
  await heard.next("conversationUpdated", () => theirs.lastReadMessageIndex === null);
  assert.equal(await theirs.getUnreadMessagesCount(), null);
  const { participants } = await stage.rest("GET", `/Conversations/${sid}/Participants`);
  await stage.rest("POST", `/Conversations/${sid}/Participants/${participants[1].sid}`, { LastReadMessageIndex: 1 });
  await heard.next("conversationUpdated", () => theirs.lastReadMessageIndex === 1);
}

export async function notifications_are_muted(stage) {
  const client = await stage.client("alice");
  const [sid, room] = await stage.room([client]);
  const heard = new Heard(client, "conversationUpdated");
  const changed = ({ updateReasons }) => updateReasons.includes("notificationLevel");
  assert.equal(room.notificationLevel, "default");
  await room.setUserNotificationLevel("muted");
  await heard.next("conversationUpdated", changed);
  assert.equal(room.notificationLevel, "muted");
  const { conversations } = await stage.rest("GET", "/Users/alice/Conversations");
  assert.equal(conversations[0].notification_level, "muted");
  await stage.rest("POST", `/Users/alice/Conversations/${sid}`, { NotificationLevel: "default" });
  await heard.next("conversationUpdated", changed);
}

export async function typing_is_seen_by_the_others(stage) {
  const options = { typingIndicatorTimeoutOverride: 100 };
  const [alice, bob] = [await stage.client("alice"), await stage.client("bob", { options })];
  const [, room, theirs] = await stage.room([alice, bob]);
  const heard = new Heard(bob, "typingStarted", "typingEnded");
  const own = new Heard(alice, "typingStarted");
  const inside = new Heard(theirs, "typingStarted", "typingEnded");
  const typist = await theirs.getParticipantByIdentity("alice");
  const each = new Heard(typist, "typingStarted", "typingEnded");
  await room.typing();
  assert.equal((await heard.next("typingStarted")).identity, "alice");
  await inside.next("typingStarted");
  await each.next("typingStarted");
  assert.ok(typist.isTyping);
  await room.sendMessage("that is what I typed");
  assert.equal((await heard.next("typingEnded")).identity, "alice");
  await inside.next("typingEnded");
  await each.next("typingEnded");
  assert.equal(own.all.length, 0);
  await theirs.typing();
  await own.next("typingStarted", ({ identity }) => identity === "bob");
}
