// What a test holds of Verify: codes, mailboxes, authenticator apps and devices; and Lookup.

import assert from "node:assert/strict";
import { test } from "node:test";
import { NotReceived } from "twilio-emulator";
import { emulator } from "./account.mjs";
import { refused, rest } from "./texting.mjs";

const ANN = "+12025550199";
const MAIL = "ann@example.com";
const IDENTITY = "ann-00000001";

/** A call of the Verify service that the account began with. */
function service(path, form, method = "POST") {
  const below = `/v2/Services/${emulator.verifyServiceSid}${path}`;
  return rest(emulator, method, "verify", below, form);
}

function verification(To, Channel = "sms") {
  return service("/Verifications", { To, Channel });
}

function check(To, Code) {
  return service("/VerificationCheck", { To, Code });
}

test("an account says what it has from the start", () => {
  assert.match(emulator.verifyServiceSid, /^VA[0-9a-f]{32}$/);
  assert.match(emulator.syncServiceSid, /^IS[0-9a-f]{32}$/);
  assert.match(emulator.conversationConfigurationId, /^conv_configuration_/);
  assert.match(emulator.memoryStoreId, /^mem_store_/);
  assert.equal(emulator.verify.serviceSid, emulator.verifyServiceSid);
});

test("the code of somebody is told without a phone", async () => {
  const { sid } = await verification(ANN);
  const code = await emulator.verify.code(ANN);
  assert.equal((await check(ANN, "000000")).status, "pending");
  assert.equal(await emulator.verify.code(sid), code);
  assert.equal((await check(ANN, code)).status, "approved");
  const shown = await emulator.verify.verification(sid);
  assert.equal(shown.to, ANN);
  assert.equal(shown.serviceSid, emulator.verifyServiceSid);
  assert.equal(shown.sends[0].channel, "sms");
  assert.match(shown.sends[0].attemptSid, /^VL/);
  assert.deepEqual(shown.checks.map((each) => each.valid), [false, true]);
  await refused(emulator.verify.code(ANN), /verification/);
  await refused(emulator.verify.verification("+12025550123"), /\+12025550123/);
});

test("verifications are listed, newest first", async () => {
  await verification(ANN);
  await verification("+12025550123");
  await emulator.verify.cancel(ANN);
  const all = await emulator.verify.verifications();
  assert.deepEqual(all.map(({ to }) => to), ["+12025550123", ANN]);
  const canceled = await emulator.verify.verifications({ status: "canceled", channel: "sms" });
  assert.deepEqual(canceled.map(({ to }) => to), [ANN]);
  const there = { service: emulator.verifyServiceSid, to: "+12025550123" };
  assert.equal((await emulator.verify.verifications(there)).length, 1);
});

for (const [method, status] of [
  ["expire", "expired"],
  ["approve", "approved"],
  ["cancel", "canceled"],
]) {
  test(`to ${method} a verification ends it at once`, async () => {
    await verification(ANN);
    const ended = await emulator.verify[method](ANN);
    assert.equal(ended.status, status);
    assert.ok(ended.endedAt);
    await refused(emulator.verify[method](ANN), /verification/);
  });
}

test("what only the emulator can say of a Verify service is changed", async () => {
  const email = { senderName: "Desk", subject: "Your code" };
  const changed = await emulator.verify.change({
    fixedCode: "424242",
    codeTtl: 120,
    channels: { sna: true },
    emailIntegration: email,
  });
  assert.equal(changed.sid, emulator.verifyServiceSid);
  assert.equal(changed.fixedCode, "424242");
  assert.equal(changed.codeTtl, 120);
  assert.equal(changed.channels.sna, true);
  assert.equal(changed.emailIntegration.senderName, "Desk");
  await verification(ANN);
  assert.equal(await emulator.verify.code(ANN), "424242");

  const { sid } = await rest(emulator, "POST", "verify", "/v2/Services", { FriendlyName: "Shop" });
  const other = await emulator.verify.change({ fixedCode: "777777" }, { serviceSid: sid });
  assert.equal(other.friendlyName, "Shop");
  await refused(emulator.verify.change({ fixedCode: "1" }, { serviceSid: "VA1" }), /VA1 was not found/);
  await refused(emulator.verify.change({ colour: "red" }), /colour/);
});

test("a code comes to a mailbox", async () => {
  const ann = emulator.mailbox(MAIL);
  assert.equal(emulator.mailbox(` ${MAIL.toUpperCase()} `), ann);
  await refused(ann.clear(), /ann@example\.com/);
  assert.deepEqual(await ann.inbox(), []);
  const waiting = ann.wait({ contains: "code" });
  await verification(MAIL, "email");
  const mail = await waiting;
  assert.deepEqual(mail.codes, [await emulator.verify.code(MAIL)]);
  assert.equal(mail.to, MAIL);
  assert.ok(mail.receivedAt instanceof Date);
  assert.match(mail.html, /<p/);
  assert.deepEqual((await ann.inbox()).map(({ id }) => id), [mail.id]);
  await ann.clear();
  assert.deepEqual(await ann.inbox(), []);
});

test("a wait for e-mail answers with what no earlier wait has answered with", async () => {
  await emulator.clock.freeze(); // then a wait performs all that is due
  const ann = emulator.mailbox(MAIL);
  await verification(MAIL, "email");
  await verification(MAIL, "email");
  const two = await ann.wait({ count: 2, regex: /YOUR/i, timeout: { seconds: 5 } });
  assert.equal(new Set(two.map(({ id }) => id)).size, 2);
  const { sender, subject } = two[0];
  await assert.rejects(ann.wait({ sender, subject, timeout: 20 }), (error) => {
    assert.ok(error instanceof NotReceived);
    assert.equal(error.message, `${MAIL} did not receive the expected e-mail in 0.02 s.`);
    return true;
  });
  await verification(MAIL, "email");
  await assert.rejects(ann.wait({ contains: "invoice", timeout: { seconds: 1 } }), (error) => {
    const [unmet, title, ...instead] = error.message.split("\n");
    assert.equal(unmet, `${MAIL} did not receive the expected e-mail in 1 s.`);
    assert.equal(title, "This came instead:");
    assert.equal(instead.length, 1);
    assert.match(instead[0], /^ {2}[0-9:]{8} from \S+@\S+: ".+"$/);
    return true;
  });
  await assert.rejects(ann.wait({ count: 2, timeout: 0 }), /in 0 s\.\nThis much came:\n {2}[0-9:]{8}/);
  await emulator.mark();
  assert.deepEqual(await ann.inbox(), []);
  await assert.rejects(ann.wait({ timeout: 1 }), NotReceived);
  await emulator.reset();
  await verification(MAIL, "email");
  assert.equal((await ann.wait()).to, MAIL);
});

test("two waits for e-mail at once answer with two", async () => {
  const ann = emulator.mailbox(MAIL);
  const both = Promise.all([ann.wait(), ann.wait()]);
  await verification(MAIL, "email");
  await verification(MAIL, "email");
  const [one, two] = await both;
  assert.notEqual(one.id, two.id);
});

test("an authenticator app shows its codes", async () => {
  const ann = emulator.authenticator(IDENTITY);
  assert.equal(ann.identity, IDENTITY);
  await refused(ann.code(), /^ann-00000001 has no TOTP factor$/);
  const factor = await service(`/Entities/${IDENTITY}/Factors`, {
    FriendlyName: "App",
    FactorType: "totp",
  });
  const AuthPayload = await ann.code();
  assert.equal(await ann.code(factor.sid), AuthPayload);
  const there = `/Entities/${IDENTITY}/Factors/${factor.sid}`;
  assert.equal((await service(there, { AuthPayload })).status, "verified");
  await refused(ann.code("YF1"), /YF1/);
});

test("a device approves and denies", async () => {
  const ann = emulator.authenticator(IDENTITY, { service: emulator.verifyServiceSid });
  await refused(ann.approve(), /^ann-00000001 has no device: `enroll\(\)` gives them one$/);
  const FactorSid = await ann.enroll({ friendlyName: "Ann's phone" });
  assert.match(FactorSid, /^YF/);
  const ask = { FactorSid, "Details.Message": "Sign in?" };
  const status = async (sid) =>
    (await service(`/Entities/${IDENTITY}/Challenges/${sid}`, undefined, "GET")).status;
  const one = await service(`/Entities/${IDENTITY}/Challenges`, ask);
  assert.equal(await ann.approve(), one.sid);
  assert.equal(await status(one.sid), "approved");
  const two = await service(`/Entities/${IDENTITY}/Challenges`, ask);
  assert.equal(await ann.deny(two.sid), two.sid);
  assert.equal(await status(two.sid), "denied");
  await refused(ann.deny(), /challenge/);
  await ann.enroll({ friendlyName: "Ann's tablet" });
  const three = await service(`/Entities/${IDENTITY}/Challenges`, ask);
  const four = await service(`/Entities/${IDENTITY}/Challenges`, ask);
  assert.equal(await ann.approve(three.sid), three.sid);
  assert.equal(await ann.deny(), four.sid);
  await refused(ann.deny(three.sid), /already responded/);
  await refused(ann.enroll({ accessToken: "nonsense" }), /./);
  const elsewhere = emulator.authenticator(IDENTITY, { service: "VA1" });
  await refused(elsewhere.deny(), /has no device/);
});

test("Lookup says what it is told to say", async () => {
  const found = await emulator.lookup(ANN, { lineType: undefined, simSwap: undefined });
  assert.deepEqual(await emulator.lookup(ANN), found);
  assert.deepEqual(found.defined, {});
  assert.equal(found.phoneNumber, ANN);
  assert.equal(found.valid, true);
  const told = await emulator.lookup(ANN, {
    lineType: "landline",
    simSwap: { carrierName: "Acme" },
    error: { sms_pumping_risk: 60606 },
  });
  assert.equal(told.lineType, "landline");
  assert.equal(told.packages.line_type_intelligence.type, "landline");
  assert.equal(told.packages.sim_swap.carrier_name, "Acme");
  assert.equal(told.packages.sms_pumping_risk.error_code, 60606);
  const risk = { numberBlockedLast3Months: true };
  const { packages } = await emulator.lookup(ANN, {
    smsPumpingRisk: risk,
    error: { sms_pumping_risk: null },
  });
  assert.equal(packages.sms_pumping_risk.number_blocked_last_3_months, true);
  const fields = "Fields=line_type_intelligence";
  const asked = await rest(emulator, "GET", "lookups", `/v2/PhoneNumbers/${ANN}?${fields}`);
  assert.equal(asked.line_type_intelligence.type, "landline");
  await refused(emulator.lookup(ANN, { lineType: "tin can" }), /line_type/);
});
