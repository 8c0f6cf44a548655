// Phones in a conversation: what they write, what they get, what became of it.

import assert from "node:assert/strict";
import { Heard, until } from "../stage.mjs";

const ANN = "+12025550199";

async function with_phone(stage, channel = "") {
  const client = await stage.client("alice");
  const [sid, room] = await stage.room([client]);
  await stage.rest("POST", `/Conversations/${sid}/Participants`, {
    "MessagingBinding.Address": `${channel}${ANN}`,
    "MessagingBinding.ProxyAddress": channel ? stage.whatsapp : stage.number,
  });
  return [client, sid, room, await stage.handset(ANN)];
}

export async function a_text_comes_in_and_an_answer_goes_out(stage) {
  const [client, , room, ann] = await with_phone(stage);
  const heard = new Heard(client, "messageAdded", "messageUpdated");
  await ann.send("Is anybody there?");
  const question = await heard.next("messageAdded");
  assert.deepEqual([question.body, question.author], ["Is anybody there?", ANN]);
  assert.equal((await question.getParticipant()).type, "sms");
  const index = await room.sendMessage("Yes, I am.");
  const { items: [text] } = await ann.received();
  assert.deepEqual([text.body, text.thread], ["Yes, I am.", stage.number]);
  const answer = await heard.next("messageAdded", (it) => it.index === index);
  await heard.next("messageUpdated", ({ updateReasons }) => updateReasons.includes("deliveryReceipt"));
  const receipt = await until(() => {
    const summary = answer.aggregatedDeliveryReceipt;
    return summary?.delivered === "all" && summary;
  }, "a receipt that says delivered");
  assert.deepEqual([receipt.total, receipt.sent, receipt.failed, receipt.read], [1, "all", "none", "none"]);
  const [detail] = await answer.getDetailedDeliveryReceipts();
  assert.deepEqual([detail.status, detail.errorCode, detail.messageSid], ["delivered", 0, answer.sid]);
  assert.match(detail.channelMessageSid, /^SM/);
  assert.equal((await room.getParticipantBySid(detail.participantSid)).type, "sms");
}

export async function what_is_not_delivered_is_seen(stage) {
  const [client, , room, ann] = await with_phone(stage);
  await stage.control("POST", "/faults", { match: { to: ANN }, do: { final: { status: "undelivered", error_code: 30003 } } });
  const heard = new Heard(client, "messageAdded");
  await room.sendMessage("Hello?");
  const message = await heard.next("messageAdded");
  await until(() => message.aggregatedDeliveryReceipt?.undelivered === "all", "a receipt that says undelivered");
  const [detail] = await message.getDetailedDeliveryReceipts();
  assert.deepEqual([detail.status, detail.errorCode], ["undelivered", 30003]);
  assert.ok(ann);
}

export async function whatsapp_says_who_wrote(stage) {
  const [client, , room, ann] = await with_phone(stage, "whatsapp:");
  await stage.control("PATCH", `/handsets/${encodeURIComponent(ANN)}`, { label: "Ann" });
  const heard = new Heard(client, "messageAdded");
  await ann.send("hi", { to: stage.whatsapp });
  const message = await heard.next("messageAdded");
  assert.equal(message.author, `whatsapp:${ANN}`);
  if (stage.major === 1) return; // it asks for no more
  const metadata = await message.getChannelMetadata();
  assert.deepEqual([metadata.type, metadata.data], ["whatsapp", { context: { ProfileName: "Ann", WaId: ANN.slice(1) } }]);
  await room.sendMessage("hello Ann");
  const own = await heard.next("messageAdded");
  assert.equal(await own.getChannelMetadata(), null);
}

export async function a_text_opens_a_conversation(stage) {
  await stage.rest("POST", "/Configuration/Addresses", {
    Type: "sms",
    Address: stage.number,
    "AutoCreation.Enabled": "true",
    "AutoCreation.Type": "default",
  });
  const client = await stage.client("alice");
  const heard = new Heard(client, "conversationJoined", "messageAdded");
  await (await stage.handset(ANN)).send("first contact");
  const { conversations: [made] } = await stage.rest("GET", "/Conversations");
  await stage.rest("POST", `/Conversations/${made.sid}/Participants`, { Identity: "alice" });
  const room = await heard.next("conversationJoined");
  const { items: [message] } = await room.getMessages();
  assert.deepEqual([message.body, message.author], ["first contact", ANN]);
}
