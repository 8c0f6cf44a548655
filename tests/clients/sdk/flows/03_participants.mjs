// Participants: two identities and a phone, in one conversation.

import assert from "node:assert/strict";
import { Heard, until } from "../stage.mjs";

const ANN = "+12025550199";

async function team(stage) {
  const [alice, bob] = [await stage.client("alice"), await stage.client("bob")];
  const made = await alice.createConversation();
  await made.join();
  await stage.watching(made.sid, 1);
  return [alice, bob, made];
}

export async function are_added_and_removed(stage) {
  const [alice, bob, room] = await team(stage);
  const heard = new Heard(alice, "participantJoined", "participantLeft");
  const own = new Heard(room, "participantJoined", "participantLeft");
  const joined = new Heard(bob, "conversationJoined", "conversationLeft");
  await room.add("bob", { role: "guest" });
  assert.equal((await joined.next("conversationJoined")).sid, room.sid);
  const participant = await heard.next("participantJoined");
  assert.equal((await own.next("participantJoined")).sid, participant.sid);
  assert.deepEqual([participant.identity, participant.type, participant.attributes], ["bob", "chat", { role: "guest" }]);
  assert.match(participant.sid, /^MB/);
  assert.match(participant.roleSid, /^RL/);
  assert.equal(await room.getParticipantsCount(), 2);
  assert.deepEqual((await room.getParticipants()).map(({ identity }) => identity).sort(), ["alice", "bob"]);
  assert.equal((await room.getParticipantBySid(participant.sid)).identity, "bob");
  assert.equal((await room.getParticipantByIdentity("bob")).sid, participant.sid);
  await stage.watching(room.sid, 2);
  await room.removeParticipant("bob");
  assert.equal((await heard.next("participantLeft")).sid, participant.sid);
  await own.next("participantLeft");
  await joined.next("conversationLeft");
  await stage.watching(room.sid, 1);
  await room.add("bob");
  const again = await heard.next("participantJoined");
  await stage.watching(room.sid, 2);
  await again.remove();
  await heard.next("participantLeft", ({ sid }) => sid === again.sid);
  await stage.watching(room.sid, 1);
  await room.add("bob");
  await stage.watching(room.sid, 2);
  await room.removeParticipant(await heard.next("participantJoined"));
  await heard.next("participantLeft");
}

export async function may_be_phones(stage) {
  const [alice, , room] = await team(stage);
  const heard = new Heard(alice, "participantJoined", "participantLeft");
  await room.addNonChatParticipant(stage.number, ANN, { name: "Ann" });
  const phone = await heard.next("participantJoined");
  assert.deepEqual([phone.type, phone.identity, phone.attributes], ["sms", null, { name: "Ann" }]);
  const { participants } = await stage.rest("GET", `/Conversations/${room.sid}/Participants`);
  assert.deepEqual(participants[1].messaging_binding, { type: "sms", address: ANN, proxy_address: stage.number });
  await room.removeParticipant(phone);
  await heard.next("participantLeft");
}

export async function change(stage) {
  const [alice, bob, room] = await team(stage);
  const heard = new Heard(alice, "participantJoined", "participantUpdated");
  const own = new Heard(room, "participantUpdated");
  await room.add("bob");
  const seen = await heard.next("participantJoined");
  const each = new Heard(seen, "updated");
  await stage.watching(room.sid, 2);
  const theirs = await bob.getConversationBySid(room.sid);
  const myself = await theirs.getParticipantByIdentity("bob");
  await myself.updateAttributes({ away: true });
  const { participant, updateReasons } = await heard.next("participantUpdated");
  assert.deepEqual([participant.identity, participant.attributes], ["bob", { away: true }]);
  assert.ok(updateReasons.includes("attributes"));
  await own.next("participantUpdated");
  await each.next("updated");
  const { roles } = await stage.rest("GET", "/Roles");
  const admin = roles.find(({ friendly_name }) => friendly_name === "channel admin");
  await stage.rest("POST", `/Conversations/${room.sid}/Participants/${seen.sid}`, { RoleSid: admin.sid });
  await heard.next("participantUpdated", ({ updateReasons }) => updateReasons.includes("roleSid"));
  assert.equal(seen.roleSid, admin.sid);
}

export async function have_users(stage) {
  const [alice, , room] = await team(stage);
  const heard = new Heard(alice, "participantJoined");
  await room.add("bob");
  const user = await (await heard.next("participantJoined")).getUser();
  assert.equal(user.identity, "bob");
  await until(() => user.isSubscribed, "a subscribed user");
}
