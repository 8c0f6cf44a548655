// What a test holds of Conversations v2: conversations across channels, agents, memory.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { emulator } from "./account.mjs";
import { refused, rest } from "./texting.mjs";

const ANN = "+12025550199";

let orchestrator;

beforeEach(() => {
  ({ orchestrator } = emulator);
});

test("conversations across channels are in hand", async () => {
  assert.equal(orchestrator.configurationId, emulator.conversationConfigurationId);
  assert.equal(orchestrator.memoryStoreId, emulator.memoryStoreId);
  const ann = await emulator.handset(ANN);
  await ann.send("Not for an agent");
  const connected = await orchestrator.connect("http://127.0.0.1:9/", { channels: ["SMS"] });
  assert.deepEqual(connected.statusCallbacks, ["http://127.0.0.1:9/"]);
  assert.deepEqual(Object.keys(connected.channels), ["SMS"]);
  assert.deepEqual(await orchestrator.conversations(), []);

  await ann.send("Are you open?");
  const [begun, ...others] = await orchestrator.conversations();
  assert.deepEqual(others, []);
  assert.equal(begun.configurationId, connected.id);
  assert.equal(begun.participants[0].addresses[0].address, ANN);
  assert.equal(begun.last.author.address, ANN);
  assert.deepEqual(await orchestrator.conversation(ann), begun);
  assert.deepEqual(await orchestrator.conversation(begun.id), begun);
  const [said] = await orchestrator.communications(ann);
  assert.equal(said.text, "Are you open?");
  assert.equal(said.conversationId, begun.id);
  assert.equal((await orchestrator.close(ann)).status, "CLOSED");
  await refused(orchestrator.close(ann), /is closed/);
  const left = await orchestrator.disconnect({ configuration: connected.id });
  assert.deepEqual(left.statusCallbacks, []);
  assert.equal((await orchestrator.disconnect()).id, connected.id);
  await refused(orchestrator.connect("nowhere"), /url/);
  await refused(orchestrator.conversation("+12025550123"), /\+12025550123/);
});

test("an agent is told of some numbers alone", async () => {
  const numbers = [emulator.number];
  const { channels } = await orchestrator.connect("http://127.0.0.1:9/", { numbers });
  assert.ok(channels.SMS.capture.some(({ from, to }) => [from, to].includes(emulator.number)));
  const configuration = "conv_configuration_none";
  await refused(orchestrator.connect("http://127.0.0.1:9/", { configuration }), /configuration/);
  await refused(orchestrator.disconnect({ configuration }), /configuration/);
});

test("what agents know is in hand", async () => {
  const ann = emulator.handset(ANN); // whoever has to be named needs not be there
  await refused(orchestrator.profileOf(ann), /nobody is known as/);
  const occurredAt = new Date("2026-07-01T08:00:00Z");
  const said = { source: "a test", occurredAt };
  const profile = await orchestrator.remember(ann, "Likes tea.", said);
  assert.equal(profile.storeId, emulator.memoryStoreId);
  assert.deepEqual(profile.identifiers, { phone: [ANN] });
  const [observation] = profile.observations;
  assert.equal(observation.content, "Likes tea.");
  assert.equal(observation.source, "a test");
  assert.equal(Date.parse(observation.occurredAt), occurredAt.getTime());
  assert.deepEqual(await orchestrator.profileOf(ann), profile);
  assert.deepEqual(await orchestrator.profileOf(profile.id), profile);
  await orchestrator.remember(ann, "Pays late.");
  assert.equal((await orchestrator.profileOf(ANN)).observations.length, 2);
  await refused(orchestrator.remember(ann, "x".repeat(5000)), /content/);

  const base = await orchestrator.teach("We are open until 6.", { name: "Hours", base: "Shop" });
  assert.equal(base.displayName, "Shop");
  assert.deepEqual(base.knowledge.map(({ name }) => name), ["Hours"]);
  const again = await orchestrator.teach("And on Sunday until 4.", { base: base.id });
  assert.equal(again.id, base.id);
});

test("who was handed over to a flow is told", async () => {
  assert.deepEqual(await orchestrator.handOvers(), []);
  const path = `/v2/Flows/FW${"7".repeat(32)}/Executions`;
  const Parameters = JSON.stringify({ the_reason: "asked" });
  await rest(emulator, "POST", "studio", path, { To: ANN, From: emulator.number, Parameters });
  const [handed] = await orchestrator.handOvers();
  assert.equal(handed.to, ANN);
  assert.equal(handed.from, emulator.number);
  assert.deepEqual(handed.parameters, { the_reason: "asked" });
});
