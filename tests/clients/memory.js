// Every operation of Memory and Knowledge that is here, with Twilio's package for Node.js, and a
// hand-over to a flow of Studio. Prints what was asked.

const twilio = require("twilio");

const [ANN, BOB, SHOP] = ["+12025550199", "+12025550188", "+12025550100"];
const TALK = "conv_conversation_00000000000000000000000001";
const NOON = "2026-01-05T08:00:00Z";
const FLOW = `FW${"0".repeat(31)}1`;

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
const { v1 } = client.memory;
const { v2 } = client.knowledge;
const [STORE] = process.argv.slice(2);

function is(found, expected) {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(expected)}`);
  }
}

async function made(operations, accepted) {
  const operation = await operations(accepted.statusUrl.split("/").at(-1)).fetch();
  is(operation.status, "COMPLETED");
  return operation.result.id;
}

async function stores() {
  const id = await made(v1.operations, await v1.stores.create({ displayName: "second" }));
  is((await v1.stores(id).fetch()).displayName, "second");
  is(await v1.stores.list(), [id, STORE]);
  await v1.stores(id).patch({ description: "other" }, { ifMatch: '"1"' });
  await v1.stores(id).remove();
}

async function settings() {
  const identity = v1.identityResolutionSettings(STORE);
  const { identifierConfigs, matchingRules } = await identity.fetch();
  await identity.update({ identifierConfigs, matchingRules });

  const groups = v1.traitGroups(STORE);
  await groups.create({ displayName: "Shop", traits: { size: { dataType: "NUMBER" } } });
  is((await groups.list()).map((each) => each.displayName), ["Shop", "Contact"]);
  const shop = v1.traitGroups(STORE, "Shop");
  is((await shop.fetch()).traitGroup.displayName, "Shop");
  await shop.patch({ description: "of the shop" });
  await shop.remove();

  const mappings = v1.dataMappings(STORE);
  await mappings.create({
    displayName: "in",
    mappingTo: {
      type: "TRAITS",
      mappings: [{ expression: "mail", traitGroup: "Contact", traitName: "email" }],
    },
    mappingFrom: { type: "INGRESS", columns: ["mail"] },
  });
  const [listed] = await mappings.list();
  const mapping = v1.dataMappings(STORE, listed.id);
  is((await mapping.fetch()).displayName, "in");
  await mapping.patch({ isEnabled: false });
  await mapping.remove();
}

async function profiles() {
  const ann = (await v1.profiles(STORE).create({ traits: { Contact: { phone: ANN } } })).id;
  is((await v1.lookup(STORE).create({ idType: "phone", value: ANN })).profiles, [ann]);
  await v1.bulk(STORE).update({ profiles: [{ traits: { Contact: { phone: BOB } } }] });
  is((await v1.profiles(STORE).list()).length, 2);
  const profile = v1.profiles(STORE, ann);
  await profile.patch({ traits: { Contact: { city: "Bonn" } } });
  is((await profile.fetch()).traits, { Contact: { phone: ANN, city: "Bonn" } });
  is((await v1.traits(STORE, ann).list()).length, 2);

  const identifiers = v1.identifiers(STORE, ann);
  await identifiers.create({ idType: "email", value: "a@example.com" });
  await identifiers.list();
  const email = v1.identifiers(STORE, ann, "email");
  is((await email.fetch()).values, ["a@example.com"]);
  await email.patch({ idType: "email", oldValue: "a@example.com", newValue: "b@example.com" });
  await email.remove({ removeAll: true });
  await memories(ann);
  await profile.remove();
}

async function memories(ann) {
  const said = { content: "likes tea", occurredAt: NOON, source: "test" };
  await v1.observations(STORE, ann).create({ observations: [said] });
  const [it] = await v1.observations(STORE, ann).list({ source: "test" });
  const observation = v1.observations(STORE, ann, it.id);
  await observation.patch({ content: "likes green tea" });
  is((await observation.fetch()).content, "likes green tea");
  is((await v1.revisions(STORE, ann, it.id).list()).length, 2);
  const summed = { content: "of tea", occurredAt: NOON, conversationId: TALK };
  await v1.conversationSummaries(STORE, ann).create({ summaries: [summed] });
  const [summary] = await v1.conversationSummaries(STORE, ann).list();
  const one = v1.conversationSummaries(STORE, ann, summary.id);
  await one.patch({ source: "test" });
  is((await one.fetch()).source, "test");
  const recalled = await v1.recall(STORE, ann).create({ query: "green tea" });
  is(recalled.observations.map((each) => each.content), ["likes green tea"]);
  await one.remove();
  await observation.remove();
}

async function knowledge() {
  const id = await made(v2.operations, await v2.knowledgeBases.create({ displayName: "docs" }));
  is((await v2.knowledgeBases(id).fetch()).displayName, "docs");
  await v2.knowledgeBases(id).update({ description: "of the shop" });
  is((await v2.knowledgeBases.list()).length, 1);
  const source = { type: "Text", content: "We have green tea." };
  const faq = await v2.knowledge(id).create({ name: "faq", source });
  is((await v2.knowledge(id).list()).length, 1);
  const one = v2.knowledge(id, faq.id);
  is((await one.fetch()).status, "COMPLETED");
  await one.update({ name: "answers" });
  is((await v2.chunks(id, faq.id).list()).length, 1);
  const found = await v2.search(id).create({ query: "tea", top: 3 });
  is(found.chunks.map((each) => each.content), ["We have green tea."]);
  await one.remove();
  await v2.knowledgeBases(id).remove();
}

async function studio() {
  const flow = client.studio.v2.flows(FLOW);
  const execution = await flow.executions.create({
    to: ANN,
    from: SHOP,
    parameters: { HandoffData: { reason: "angry" } },
  });
  is((await flow.executions(execution.sid).fetch()).status, "active");
  const { context } = await flow.executions(execution.sid).executionContext().fetch();
  is(context.flow.data, { HandoffData: { reason: "angry" } });
  is((await flow.executions.list({ status: "active" })).length, 1);
  is((await flow.executions(execution.sid).update({ status: "ended" })).status, "ended");
  await flow.executions(execution.sid).remove();
}

async function main() {
  await stores();
  await settings();
  await profiles();
  await knowledge();
  await studio();
  console.log(JSON.stringify(asked));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
