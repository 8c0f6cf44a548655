// Every operation of Conversations v2 with Twilio's package for Node.js. Prints what was asked.

const twilio = require("twilio");

const STORE = "mem_store_01k1etk2y5f1y9fpe2epfdtvv2";
const [ANN, SHOP] = ["+12025550199", "+12025550100"];

const asked = [];

class Noting extends twilio.RequestClient {
  request(options) {
    asked.push([options.method, options.uri]);
    return super.request(options);
  }
}

const client = twilio(process.env.TWILIO_ACCOUNT_SID, process.env.TWILIO_AUTH_TOKEN, {
  httpClient: new Noting(),
});
const { v2 } = client.conversations;
const [configurationId] = process.argv.slice(2);

const settings = {
  displayName: "Support",
  description: "Answers customers",
  conversationGroupingType: "GROUP_BY_PARTICIPANT_ADDRESSES",
  memoryStoreId: STORE,
  channelSettings: {
    SMS: {
      statusTimeouts: { inactive: 10, closed: 30 },
      captureRules: [{ from: "*", to: SHOP }],
    },
  },
  statusCallbacks: [{ url: "https://example.com/told", method: "POST" }],
};

const two = [
  { type: "CUSTOMER", addresses: [{ channel: "SMS", address: ANN }] },
  { type: "AI_AGENT", name: "Robo", addresses: [{ channel: "SMS", address: SHOP }] },
];

function is(found, expected) {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(expected)}`);
  }
}

async function refused(promise, status) {
  try {
    await promise;
  } catch (error) {
    is(error.status, status);
    return;
  }
  throw new Error("it was not refused");
}

async function configurations() {
  const accepted = await v2.configurations.create(settings);
  const operation = await v2.operations(accepted.statusUrl.split("/").at(-1)).fetch();
  is(operation.status, "COMPLETED");
  const { configurationId: made } = operation.related;
  const one = v2.configurations(made);
  is((await one.fetch()).channelSettings.SMS.statusTimeouts, { inactive: 10, closed: 30 });
  is((await v2.configurations.list()).map(({ id }) => id), [configurationId, made]);
  is((await v2.configurations.list({ memoryStoreId: STORE })).length, 1);
  await one.patch({ description: "Else", channelSettings: { SMS: null, CHAT: {} } });
  const patched = await one.fetch();
  is([patched.description, Object.keys(patched.channelSettings)], ["Else", ["CHAT"]]);
  await one.update({ ...settings, channelSettings: {} });
  is((await one.fetch()).version, 3);
  const key = { idempotencyKey: "01890a5d-aa0f-7c80-b8e6-0242ac140001" };
  await one.remove(key);
  await one.remove(key);
  await refused(one.remove(), 404);
}

async function conversations() {
  const begun = await v2.conversations.create({
    configurationId,
    participants: two,
    metadata: { order: "1" },
  });
  await refused(v2.conversations.create({ configurationId, participants: two }), 409);
  const one = v2.conversations(begun.id);
  is((await one.fetch()).participants[1].name, "Robo");
  is((await one.update({ status: "ACTIVE", name: "Order" })).name, "Order");
  is((await one.patch({ configuration: { statusCallbacks: [] } })).name, "Order");
  is((await v2.conversations.list({ status: ["ACTIVE", "INACTIVE"] })).length, 1);
  await participants(begun.id);
  await communications(begun.id);
  await actions(begun);
  await one.remove();
  is(await v2.conversations.list(), []);
}

async function participants(conversation) {
  const all = v2.participants(conversation);
  const addresses = [{ channel: "CHAT", address: "ben" }];
  const ben = await all.create({ name: "Ben", addresses });
  is((await all.get(ben.id).update({ type: "HUMAN_AGENT", addresses })).type, "HUMAN_AGENT");
  is((await all.get(ben.id).fetch()).name, "ben");
  is((await all.list({ pageSize: 1 })).length, 3);
}

async function communications(conversation) {
  const all = v2.communications(conversation);
  const said = {
    author: { address: ANN, channel: "SMS" },
    content: { type: "TEXT", text: "Hello" },
    recipients: [{ address: SHOP, channel: "SMS" }],
  };
  const first = await all.create(said);
  await all.create(said);
  is((await all.get(first.id).fetch()).content.text, "Hello");
  const page = await all.page({ pageSize: 1 });
  is((await page.nextPage()).instances.length, 1);
  is((await all.list({ pageSize: 1 })).length, 2);
}

async function actions(conversation) {
  const [customer, agent] = conversation.participants;
  const all = v2.actions(conversation.id);
  const action = await all.create({
    type: "SEND_MESSAGE",
    payload: {
      from: { participantId: agent.id, channel: "SMS" },
      to: [{ participantId: customer.id, channel: "SMS" }],
      content: { text: "Hello" },
    },
  });
  is(action.status, "PENDING");
  is((await all.get(action.id).fetch()).conversationId, conversation.id);
}

configurations()
  .then(conversations)
  .then(() => console.log(JSON.stringify(asked)))
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
