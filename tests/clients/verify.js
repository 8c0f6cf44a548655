// Every operation of Verify and Lookup, with Twilio's package for Node.js. Prints what was asked.

const crypto = require("node:crypto");
const twilio = require("twilio");

const [control] = process.argv.slice(2);
const ANN = "+12025550199";
const IDENTITY = "ann-00000001";
const SECRET = "12345678901234567890";
const BASE32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

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
const { v2 } = client.verify;

function is(found, expected) {
  if (found !== expected) throw new Error(`${JSON.stringify(found)} is not ${expected}`);
}

function codeAt(time) {
  const step = Buffer.alloc(8);
  step.writeBigInt64BE(BigInt(Math.floor(time / 30_000)));
  const digest = crypto.createHmac("sha1", SECRET).update(step).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

async function phone(call, options) {
  const answer = await fetch(`${control}/passkeys/${call}?account=${process.env.TWILIO_ACCOUNT_SID}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ handset: ANN, options }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

async function verifications(service) {
  const { sid } = await service.verifications.create({ to: ANN, channel: "sms" });
  is((await service.verifications(sid).fetch()).status, "pending");
  const wrong = await service.verificationChecks.create({ to: ANN, code: "0000" });
  is(wrong.status, "pending");
  is((await service.verifications(ANN).update({ status: "approved" })).status, "approved");
}

async function around(service, verifyServiceSid) {
  const [attempt] = await v2.verificationAttempts.list({ verifyServiceSid });
  is((await v2.verificationAttempts(attempt.sid).fetch()).sid, attempt.sid);
  const summary = await v2.verificationAttemptsSummary().fetch({ verifyServiceSid });
  is(summary.totalAttempts, 1);
  is((await v2.templates.list()).length > 0, true);

  const { sid: messagingServiceSid } = await client.messaging.v1.services.create({
    friendlyName: "Texts",
  });
  await service.messagingConfigurations.create({ country: "US", messagingServiceSid });
  const configured = service.messagingConfigurations("US");
  await configured.update({ messagingServiceSid });
  is((await configured.fetch()).messagingServiceSid, messagingServiceSid);
  is((await service.messagingConfigurations.list()).length, 1);
  is(await configured.remove(), true);

  const { sid: limit } = await service.rateLimits.create({ uniqueName: "end_user_ip" });
  const limited = service.rateLimits(limit);
  await limited.update({ description: "by address" });
  is((await limited.fetch()).description, "by address");
  is((await service.rateLimits.list()).length, 1);
  const { sid: bucket } = await limited.buckets.create({ max: 4, interval: 60 });
  await limited.buckets(bucket).update({ max: 5 });
  is((await limited.buckets(bucket).fetch()).max, 5);
  is((await limited.buckets.list()).length, 1);
  is(await limited.buckets(bucket).remove(), true);
  is(await limited.remove(), true);

  await v2.safelist.create({ phoneNumber: ANN });
  is((await v2.safelist(ANN).fetch()).phoneNumber, ANN);
  is(await v2.safelist(ANN).remove(), true);
}

async function factors(service) {
  await service.entities.create({ identity: IDENTITY });
  const entity = service.entities(IDENTITY);
  is((await entity.fetch()).identity, (await service.entities.list())[0].identity);
  const token = await service.accessTokens.create({ identity: IDENTITY, factorType: "push" });
  is((await service.accessTokens(token.sid).fetch()).token, token.token);

  const app = await entity.newFactors.create({
    friendlyName: "App",
    factorType: "totp",
    "binding.secret": BASE32,
  });
  const authPayload = codeAt(app.dateCreated.getTime());
  is((await entity.factors(app.sid).update({ authPayload })).status, "verified");
  is((await entity.factors(app.sid).fetch()).status, "verified");
  const { sid } = await entity.challenges.create({ factorSid: app.sid });
  is((await entity.challenges(sid).update({ authPayload })).status, "approved");
  is((await entity.challenges(sid).fetch()).status, "approved");
  is((await entity.factors.list()).length, 1);
  is(await entity.factors(app.sid).remove(), true);
  await pushes(entity);
}

async function pushes(entity) {
  const { privateKey, publicKey } = crypto.generateKeyPairSync("ec", { namedCurve: "P-256" });
  const device = await entity.newFactors.create({
    friendlyName: "Phone",
    factorType: "push",
    "binding.alg": "ES256",
    "binding.publicKey": publicKey.export({ type: "spki", format: "der" }).toString("base64"),
    "config.appId": "com.example.app",
    "config.notificationPlatform": "fcm",
    "config.notificationToken": "t".repeat(64),
    "config.sdkVersion": "2.1.0",
  });
  const authPayload = crypto
    .sign("sha256", Buffer.from(device.sid), privateKey)
    .toString("base64");
  is((await entity.factors(device.sid).update({ authPayload })).status, "verified");
  const { sid } = await entity.challenges.create({
    factorSid: device.sid,
    "details.message": "Log in?",
  });
  is((await entity.challenges(sid).notifications.create()).challengeSid, sid);
  is((await entity.challenges.list()).length, 1);
}

async function passkeys(service) {
  const made = await service.newFactors.create({ friendly_name: "Phone", identity: IDENTITY });
  const factor = await service.newVerifyFactors.update(await phone("create", made.options));
  is(factor.status, "verified");
  const challenge = await service.newChallenge().create({ identity: IDENTITY });
  const approved = await service.approveChallenge.update(await phone("get", challenge.options));
  is(approved.status, "approved");
  is(await service.entities(IDENTITY).remove(), true);
}

async function webhooks(service) {
  const { sid } = await service.webhooks.create({
    friendlyName: "Hook",
    eventTypes: ["*"],
    webhookUrl: "http://app.test/verify",
  });
  await service.webhooks(sid).update({ status: "disabled" });
  is((await service.webhooks(sid).fetch()).status, "disabled");
  is((await service.webhooks.list()).length, 1);
  is(await service.webhooks(sid).remove(), true);
}

async function lookups() {
  const lookup = client.lookups.v2;
  const fields = "line_type_intelligence";
  is((await lookup.phoneNumbers(ANN).fetch({ fields })).phoneNumber, ANN);
  const batch = await lookup.query.create({ phone_numbers: [{ phone_number: ANN }] });
  is(batch.phoneNumbers.length, 1);

  const bucket = lookup.bucket("sim_swap", "default");
  await bucket.update({ limit: 5, ttl: 60 });
  is((await bucket.fetch()).limit, 5);
  is((await lookup.rateLimits.fetch()).rateLimits.length > 0, true);
  is(await bucket.remove(), true);

  const override = lookup.lookupOverrides(fields, ANN);
  await override.create({ line_type: "mobile", reason: "It was ported." });
  await override.update({ line_type: "landline", reason: "It was not." });
  is((await override.fetch()).overriddenLineType, "landline");
  is(await override.remove(), true);
  is((await client.lookups.v1.phoneNumbers(ANN).fetch({ type: ["carrier"] })).phoneNumber, ANN);
}

async function main() {
  const { sid } = await v2.services.create({
    friendlyName: "Shop",
    "passkeys.relyingParty.id": "localhost",
    "passkeys.relyingParty.origins": "http://localhost:3000",
    "passkeys.authenticatorAttachment": "platform",
    "passkeys.discoverableCredentials": "preferred",
    "passkeys.userVerification": "preferred",
  });
  const service = v2.services(sid);
  await service.update({ codeLength: 4 });
  is((await service.fetch()).codeLength, 4);
  is((await v2.services.list()).some((each) => each.sid === sid), true);
  await verifications(service);
  await around(service, sid);
  await factors(service);
  await passkeys(service);
  await webhooks(service);
  is((await v2.forms("form-push").fetch()).formType, "form-push");
  is(await service.remove(), true);
  await lookups();
  process.stdout.write(JSON.stringify(asked));
}

main();
