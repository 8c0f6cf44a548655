// Roles: what REST takes from a user who is connected it can do no more.

import assert from "node:assert/strict";
import { Heard, refusal } from "../stage.mjs";

const CONVERSATION = [
  "sendMessage", "sendMediaMessage", "leaveConversation", "editOwnMessage", "editOwnMessageAttributes",
  "deleteOwnMessage", "editOwnParticipantAttributes", "editNotificationLevel", "addParticipant",
  "addNonChatParticipant", "removeParticipant", "editConversationName", "editConversationAttributes",
  "editAnyMessage", "editAnyMessageAttributes", "editAnyParticipantAttributes", "deleteAnyMessage",
  "deleteConversation",
];
const SERVICE = ["createConversation", "joinConversation", "editOwnUserInfo", "editAnyUserInfo"];

const code = (stage, error) => (stage.major === 1 ? error.code : error.body.code);

export async function are_taken_away_while_connected(stage) {
  const [alice, bob] = [await stage.client("alice"), await stage.client("bob")];
  await stage.permit(CONVERSATION);
  await stage.permit(SERVICE, "service");
  const [sid, room, theirs] = await stage.room([alice, bob]);
  const heard = new Heard(alice, "messageAdded");
  await room.sendMessage("mine");
  await theirs.sendMessage("theirs");
  const [mine, other] = [await heard.next("messageAdded"), await heard.next("messageAdded")];
  const myself = await room.getParticipantByIdentity("alice");
  const them = await room.getParticipantByIdentity("bob");
  const elsewhere = await alice.createConversation();
  const bobby = await alice.getUser("bob");
  await bobby.updateFriendlyName("Bobby");
  const file = { contentType: "text/plain", media: "x" };
  const tries = [
    ["sendMessage", () => room.sendMessage("x")],
    ["sendMediaMessage", () => room.sendMessage(file)],
    ["editOwnMessage", () => mine.updateBody("x"), "editAnyMessage"],
    ["editAnyMessage", () => other.updateBody("x")],
    ["editOwnMessageAttributes", () => mine.updateAttributes({ x: 1 }), "editAnyMessageAttributes"],
    ["editAnyMessageAttributes", () => other.updateAttributes({ x: 1 })],
    ["deleteOwnMessage", () => mine.remove(), "deleteAnyMessage"],
    ["deleteAnyMessage", () => other.remove()],
    ["addParticipant", () => room.add("carol")],
    ["addNonChatParticipant", () => room.addNonChatParticipant(stage.number, "+12025550199")],
    ["removeParticipant", () => room.removeParticipant("bob")],
    ["editOwnParticipantAttributes", () => myself.updateAttributes({ x: 1 }), "editAnyParticipantAttributes"],
    ["editAnyParticipantAttributes", () => them.updateAttributes({ x: 1 })],
    ["editConversationName", () => room.updateFriendlyName("x")],
    ["editConversationName", () => room.updateUniqueName("x")],
    ["editConversationAttributes", () => room.updateAttributes({ x: 1 })],
    ["editNotificationLevel", () => room.setUserNotificationLevel("muted")],
    ["leaveConversation", () => room.leave()],
    ["deleteConversation", () => room.delete()],
    ["createConversation", () => alice.createConversation()],
    ["joinConversation", () => elsewhere.join()],
    ["editOwnUserInfo", () => alice.user.updateFriendlyName("x"), "editAnyUserInfo"],
    ["editAnyUserInfo", () => bobby.updateFriendlyName("x")],
  ];
  for (const [permission, attempt, also] of tries) {
    await stage.permit(CONVERSATION.filter((each) => each !== permission && each !== also));
    await stage.permit(SERVICE.filter((each) => each !== permission && each !== also), "service");
    const error = await refusal(attempt());
    assert.equal(code(stage, error), 50107, permission);
    if (stage.major === 1) {
      assert.equal(error.message, "User unauthorized for command");
    } else {
      assert.deepEqual([error.status, error.body.message], [403, "User unauthorized for command"]);
      assert.ok(error.body.details.missing_permissions.includes(permission), permission);
    }
  }
  const { entries } = await stage.control("GET", "/journal?limit=5000");
  const refused = entries.filter(({ kind }) => kind === "refused").map(({ reason }) => reason ?? "");
  for (const [permission] of tries) assert.ok(refused.some((reason) => reason.includes(permission)), permission);
  assert.equal((await stage.rest("GET", `/Conversations/${sid}/Messages`)).messages.length, 2);
}

export async function come_with_membership(stage) {
  const client = await stage.client("alice");
  const [sid, room] = await stage.room([client]);
  await room.sendMessage("x");
  const heard = new Heard(client, "conversationLeft");
  await stage.rest("DELETE", `/Conversations/${sid}/Participants/alice`);
  await heard.next("conversationLeft");
  assert.equal(code(stage, await refusal(room.sendMessage("x"))), 50430);
  assert.equal(code(stage, await refusal(room.add("bob"))), 50430);
}

export async function are_those_of_creators_for_who_created(stage) {
  const client = await stage.client("alice");
  const made = await client.createConversation();
  await made.add("bob");
  await made.join();
  await made.updateFriendlyName("mine");
  const { participants } = await stage.rest("GET", `/Conversations/${made.sid}/Participants`);
  const { roles } = await stage.rest("GET", "/Roles");
  const name = (role_sid) => roles.find(({ sid }) => sid === role_sid).friendly_name;
  assert.deepEqual(participants.map(({ role_sid }) => name(role_sid)), ["channel user", "channel admin"]);
}
