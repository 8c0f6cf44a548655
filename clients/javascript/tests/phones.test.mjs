// What a test does with phones besides texts that come: expectations, calls, links, and resets.

import assert from "node:assert/strict";
import { test } from "node:test";
import { NotReceived } from "twilio-emulator";
import { emulator } from "./account.mjs";
import { missed, refused, rest, text } from "./texting.mjs";

const ANN = "+12025550199";

/** Have Verify call somebody. */
function calling(To, Channel = "call") {
  const path = `/v2/Services/${emulator.verifyServiceSid}/Verifications`;
  return rest(emulator, "POST", "verify", path, { To, Channel });
}

test("what comes from a moment on is expected, whatever waits returned", async () => {
  await emulator.clock.freeze();
  const ann = await emulator.handset(ANN);
  await text(emulator, ANN, "code 1111");
  await emulator.clock.advance({ seconds: 1 });
  const codes = await ann.expect({ contains: "code", timeout: 0 });
  assert.match(await missed(codes.one()), /^Nothing came to \+12025550199: the text "code 1111"/);
  await text(emulator, ANN, "code 2222");
  await text(emulator, ANN, "code 3333");
  assert.deepEqual((await codes.one()).codes, ["2222"]);
  assert.deepEqual((await codes.some(2)).map((each) => each.codes), [["2222"], ["3333"]]);
  await assert.rejects(codes.some(3), NotReceived);
  await assert.rejects(codes.none({ within: { seconds: 1 } }), (error) => {
    assert.equal(error.name, "AssertionError");
    const said = /^\+12025550199 should not have received\n {2}.* sms from .*: "code 2222"\n/;
    assert.match(error.message, said);
    return true;
  });
  const more = await ann.expect({ contains: "code" });
  await text(emulator, ANN, "hello");
  const begun = await emulator.clock.now();
  await more.none({ within: "PT1M" });
  assert.equal((await emulator.clock.now()) - begun, 60_000);
  await text(emulator, ANN, "code 4444");
  await emulator.mark();
  await more.none({ within: { seconds: 0 } });
});

test("phones ring, are answered and hung up", async () => {
  await emulator.clock.freeze();
  const ann = await emulator.handset(ANN);
  const waiting = ann.waitForCall();
  await calling(ANN);
  const call = await waiting;
  assert.equal(call.status, "in-progress");
  assert.equal(call.handset, ANN);
  assert.equal(call.asks, "any_key");
  assert.deepEqual(call.codes, []);
  assert.ok(call.beganAt instanceof Date);
  const told = await ann.pressDigits(call, "1");
  assert.deepEqual(told.codes, [await emulator.verify.code(ANN)]);
  assert.equal(told.pressed, "1");
  assert.equal((await ann.hangUp(call)).status, "completed");
  await refused(ann.pressDigits(call, "1"), /completed/);
  await refused(ann.answer(call), /^A call that is completed cannot be answered$/);
  assert.deepEqual((await ann.calls()).map(({ id }) => id), [call.id]);
  assert.equal(
    await missed(ann.waitForCall({ timeout: 1 })),
    "+12025550199 was not called as expected in 0.001 s.",
  );
});

test("a wait for a call says which calls came instead", async () => {
  const ann = await emulator.handset(ANN, { calls: "hold" });
  const sameOne = await emulator.handset(ANN);
  await calling(ANN);
  await sameOne.waitForCall();
  const said = await missed(ann.waitForCall({ contains: "pizza", timeout: 0 }));
  const [unmet, title, other, ...more] = said.split("\n");
  assert.equal(unmet, "+12025550199 was not called as expected in 0 s.");
  assert.equal(title, "This came instead:");
  assert.match(other, /^ {2}[0-9:]{8} call from \+\d+, ringing: "/);
  assert.deepEqual(more, []);
  const call = await ann.waitForCall({ status: "ringing" });
  const { peer } = call;
  assert.equal((await ann.answer(call)).status, "in-progress");
  await assert.rejects(ann.waitForCall({ peer, timeout: 1 }), NotReceived);
  await ann.hangUp(call);
});

test("an address of silent network authentication is opened on the phone", async () => {
  await emulator.verify.change({ channels: { sna: true } });
  const { sna } = await calling(ANN, "sna");
  const ann = await emulator.handset(ANN);
  const wrong = await ann.openLink(sna.url, { over: "wifi" });
  assert.equal(typeof wrong.errorCode, "number");
  assert.deepEqual(Object.keys(await ann.openLink(sna.url)), ["errorCode", "snaClientToken"]);
  await refused(ann.openLink("https://example.com"), /expected what a verification has as sna\.url/);
});

test("a phone is there again after a reset, as it was made", async () => {
  const ann = await emulator.handset(ANN, { label: "Ann", calls: "hold" });
  await calling(ANN);
  const first = await ann.waitForCall();
  await emulator.reset();
  await calling(ANN);
  assert.deepEqual(await ann.inbox(), []);
  const { handsets } = await emulator.call("get", "/handsets");
  assert.deepEqual(handsets.map(({ label }) => label), ["Ann"]);
  await emulator.reset();
  await ann.online();
  await calling(ANN);
  assert.equal((await ann.waitForCall()).handset, first.handset);
});

test("a phone is somebody's", async () => {
  const ann = await emulator.handset(`whatsapp:${ANN}`, { person: { firstName: "Ann" } });
  assert.equal(ann.address, ANN);
  const { handsets } = await emulator.call("get", "/handsets");
  assert.equal(handsets[0].person.first_name, "Ann");
});
