"use strict";
// The emulator in a container: npm install --save-dev testcontainers; node --test
const assert = require("node:assert/strict");
const { after, before, test } = require("node:test");
const { GenericContainer, Wait } = require("testcontainers");

const PORT = 8008;
const ACCOUNT = "AC00000000000000000000000000000001";
const TOKEN = "00000000000000000000000000000001";
const ANN = "%2B12025550199";
let container;
let url;

before(async () => {
  container = await new GenericContainer("twilio-emulator")
    .withExposedPorts(PORT)
    // The app that is tested runs here, beside the container.
    .withExtraHosts([{ host: "host.docker.internal", ipAddress: "host-gateway" }])
    .withEnvironment({ TWILIO_EMULATOR_SMS_URL: "http://host.docker.internal:3000/sms" })
    .withWaitStrategy(Wait.forHttp("/_emulator/v1/ready", PORT))
    .start();
  url = `http://${container.getHost()}:${container.getMappedPort(PORT)}`;
});

after(() => container.stop());

test("a code", async () => {
  const sent = await fetch(`${url}/2010-04-01/Accounts/${ACCOUNT}/Messages.json`, {
    method: "POST",
    headers: { Authorization: `Basic ${btoa(`${ACCOUNT}:${TOKEN}`)}` },
    body: new URLSearchParams({ To: "+12025550199", From: "+12025550100", Body: "Code 424242" }),
  });
  assert.equal(sent.status, 201);
  const got = await fetch(`${url}/_emulator/v1/handsets/${ANN}/messages/wait?contains=Code&after=0`);
  const { items } = await got.json();
  assert.deepEqual(items[0].codes, ["424242"]);
});
