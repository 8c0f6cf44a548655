// Content templates, and devices that are registered for push notifications.

import assert from "node:assert/strict";
import { Heard, until } from "../stage.mjs";

const TYPES = {
  "twilio/text": { body: "Hi {{1}}" },
  "twilio/quick-reply": { body: "Hi {{1}}", actions: [{ title: "Yes", id: "y" }] },
};

export async function templates_are_listed_and_sent(stage) {
  if (stage.major === 1) return; // it knows no templates
  const [alice, bob] = [await stage.client("alice"), await stage.client("bob")];
  const [, room] = await stage.room([alice, bob]);
  const wish = { friendly_name: "greeting", language: "en", variables: { 1: "you" }, types: TYPES };
  const { sid } = await stage.restJson("POST", "content.twilio.com/v1/Content", wish);
  const [template] = await alice.getContentTemplates();
  assert.deepEqual([template.sid, template.friendlyName], [sid, "greeting"]);
  assert.deepEqual(template.variables.map(({ name, value }) => [name, value]), [["1", "you"]]);
  assert.equal(template.variants.get("twilio/text").body, "Hi {{1}}");
  const heard = new Heard(bob, "messageAdded");
  const [variable] = template.variables;
  await room.prepareMessage().setContentTemplate(sid, [variable.copyWithValue("Bob")]).build().send();
  const message = await heard.next("messageAdded");
  assert.deepEqual([message.body, message.contentSid], ["Hi Bob", sid]);
  const data = await message.getContentData();
  assert.deepEqual([data.type, data.body, data.replies[0].title], ["quickReply", "Hi Bob", "Yes"]);
  await room.sendMessage("plain");
  assert.equal(await (await heard.next("messageAdded")).getContentData(), null);
}

export async function there_may_be_many_templates(stage) {
  if (stage.major === 1) return;
  const client = await stage.client("alice");
  for (let each = 0; each < 101; each++) {
    await stage.restJson("POST", "content.twilio.com/v1/Content", { friendly_name: `${each}`, language: "en", types: TYPES });
  }
  assert.equal((await client.getContentTemplates()).length, 101);
}

export async function devices_are_registered(stage) {
  const client = await stage.client("alice");
  const devices = async () => (await stage.rest("GET", `/Services/${stage.service}/Bindings`)).bindings;
  await client.setPushRegistrationId("fcm", "device-1");
  const [device] = await until(async () => { const all = await devices(); return all.length && all; }, "a device");
  assert.deepEqual([device.binding_type, device.identity, device.endpoint], ["fcm", "alice", "device-1"]);
  assert.ok(device.message_types.includes("new_message"));
  await client.unsetPushRegistrationId("fcm");
  await until(async () => (await devices()).length === 0, "no device");
  if (stage.major === 1) return; // it cannot take back what another run registered
  await client.setPushRegistrationId("apn", "device-2");
  await until(async () => (await devices()).length === 1, "a device");
  await client.removePushRegistrations("apn", "device-2");
  await until(async () => (await devices()).length === 0, "no device");
}

export async function notifications_are_understood(stage) {
  const client = await stage.client("alice");
  const { Client } = stage.library;
  const payload = {
    data: {
      twi_message_type: "twilio.conversations.new_message",
      twi_body: "bob: hi",
      conversation_sid: "CH1",
      message_index: "3",
    },
  };
  const parsed = Client.parsePushNotification(payload);
  assert.deepEqual([parsed.body, parsed.data.conversationSid, parsed.data.messageIndex], ["bob: hi", "CH1", 3]);
  const heard = new Heard(client, "pushNotification");
  await client.handlePushNotification(payload);
  assert.equal((await heard.next("pushNotification")).body, "bob: hi");
}

export async function what_a_client_listens_to_may_be_said_before(stage) {
  if (stage.major === 1) return;
  const { Client } = stage.library;
  const wanted = [];
  Client.populateInitRegistrations({ populateInitRegistrations: (types) => wanted.push(...types) });
  assert.ok(wanted.includes("twilio.sync.event"));
  assert.ok(wanted.includes("twilio.ipmsg.typing_indicator"));
}
