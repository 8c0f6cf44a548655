// Every command of twilio-cli about Verify and Lookup, run as it runs them. Prints which there are
// and which were run.

const crypto = require("node:crypto");
const path = require("node:path");
const { Config } = require("@oclif/core");

const ANN = "+12025550199";
const IDENTITY = "ann-00000001";
const SECRET = "12345678901234567890";
const BASE32 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

const ran = new Set();
let config;

function is(found, expected) {
  if (found !== expected) throw new Error(`${JSON.stringify(found)} is not ${expected}`);
}

/** Run a command, and answer the first thing that it shows. */
async function cli(id, flags = {}) {
  const given = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const shown = [];
  const { write } = process.stdout;
  process.stdout.write = (text) => shown.push(String(text));
  try {
    await config.runCommand(id, [...given, "-o", "json"]);
  } finally {
    process.stdout.write = write;
  }
  ran.add(id);
  return shown.length > 0 ? JSON.parse(shown.join(""))[0] : null;
}

function codeAt(time) {
  const step = Buffer.alloc(8);
  step.writeBigInt64BE(BigInt(Math.floor(time / 30_000)));
  const digest = crypto.createHmac("sha1", SECRET).update(step).digest();
  const number = digest.readUInt32BE(digest.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

async function verifications(service) {
  const topic = "api:verify:v2:services:verifications";
  const { sid } = await cli(`${topic}:create`, { ...service, to: ANN, channel: "sms" });
  is((await cli(`${topic}:fetch`, { ...service, sid })).status, "pending");
  const check = "api:verify:v2:services:verification-check:create";
  is((await cli(check, { ...service, to: ANN, code: "0000" })).status, "pending");
  is((await cli(`${topic}:update`, { ...service, sid, status: "approved" })).status, "approved");
}

async function around(service) {
  const attempts = "api:verify:v2:attempts";
  const whose = { "verify-service-sid": service["service-sid"] };
  const { sid: attempt } = await cli(`${attempts}:list`, whose);
  is((await cli(`${attempts}:fetch`, { sid: attempt })).sid, attempt);
  is((await cli(`${attempts}:summary:fetch`, whose)).totalAttempts, 1);
  is((await cli("api:verify:v2:templates:list")).sid.slice(0, 2), "HJ");

  const created = await cli("api:messaging:v1:services:create", { "friendly-name": "Texts" });
  const pool = { ...service, country: "US", "messaging-service-sid": created.sid };
  const there = { ...service, country: "US" };
  const configurations = "api:verify:v2:services:messaging-configurations";
  is((await cli(`${configurations}:create`, pool)).country, "US");
  is((await cli(`${configurations}:update`, pool)).country, "US");
  is((await cli(`${configurations}:fetch`, there)).messagingServiceSid, created.sid);
  is((await cli(`${configurations}:list`, service)).country, "US");
  await cli(`${configurations}:remove`, there);

  const limits = "api:verify:v2:services:rate-limits";
  const { sid } = await cli(`${limits}:create`, { ...service, "unique-name": "end_user_ip" });
  const limit = { ...service, sid };
  is((await cli(`${limits}:update`, { ...limit, description: "by address" })).sid, sid);
  is((await cli(`${limits}:fetch`, limit)).description, "by address");
  is((await cli(`${limits}:list`, service)).sid, sid);
  const limited = { ...service, "rate-limit-sid": sid };
  const made = await cli(`${limits}:buckets:create`, { ...limited, max: 4, interval: 60 });
  const bucket = { ...limited, sid: made.sid };
  is((await cli(`${limits}:buckets:update`, { ...bucket, max: 5 })).max, 5);
  is((await cli(`${limits}:buckets:fetch`, bucket)).max, 5);
  is((await cli(`${limits}:buckets:list`, limited)).sid, made.sid);
  await cli(`${limits}:buckets:remove`, bucket);
  await cli(`${limits}:remove`, limit);

  const number = { "phone-number": ANN };
  is((await cli("api:verify:v2:safe-list:numbers:create", number)).phoneNumber, ANN);
  is((await cli("api:verify:v2:safe-list:numbers:fetch", number)).phoneNumber, ANN);
  await cli("api:verify:v2:safe-list:numbers:remove", number);
}

async function factors(service) {
  const topic = "api:verify:v2:services:entities";
  const ann = { ...service, identity: IDENTITY };
  is((await cli(`${topic}:create`, ann)).identity, IDENTITY);
  is((await cli(`${topic}:fetch`, ann)).identity, IDENTITY);
  is((await cli(`${topic}:list`, service)).identity, IDENTITY);
  const tokens = "api:verify:v2:services:access-tokens";
  const token = await cli(`${tokens}:create`, { ...ann, "factor-type": "push" });
  is((await cli(`${tokens}:fetch`, { ...service, sid: token.sid })).token, token.token);

  const app = await cli(`${topic}:factors:create`, {
    ...ann,
    "friendly-name": "App",
    "factor-type": "totp",
    "binding.secret": BASE32,
  });
  const factor = { ...ann, sid: app.sid };
  const proof = { "auth-payload": codeAt(Date.parse(app.dateCreated)) };
  is((await cli(`${topic}:factors:update`, { ...factor, ...proof })).status, "verified");
  is((await cli(`${topic}:factors:fetch`, factor)).status, "verified");
  is((await cli(`${topic}:factors:list`, ann)).sid, app.sid);
  const asked = { ...ann, "factor-sid": app.sid };
  const { sid } = await cli(`${topic}:challenges:create`, asked);
  const challenge = { ...ann, sid };
  is((await cli(`${topic}:challenges:update`, { ...challenge, ...proof })).status, "approved");
  is((await cli(`${topic}:challenges:fetch`, challenge)).status, "approved");
  is((await cli(`${topic}:challenges:list`, ann)).sid, sid);
  await cli(`${topic}:factors:remove`, factor);
  await pushes(topic, ann);
  await cli(`${topic}:remove`, ann);
}

async function pushes(topic, ann) {
  const { privateKey, publicKey } = crypto.generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { sid } = await cli(`${topic}:factors:create`, {
    ...ann,
    "friendly-name": "Phone",
    "factor-type": "push",
    "binding.alg": "ES256",
    "binding.public-key": publicKey.export({ type: "spki", format: "der" }).toString("base64"),
    "config.app-id": "com.example.app",
    "config.notification-platform": "fcm",
    "config.notification-token": "t".repeat(64),
    "config.sdk-version": "2.1.0",
  });
  const signature = crypto.sign("sha256", Buffer.from(sid), privateKey).toString("base64");
  await cli(`${topic}:factors:update`, { ...ann, sid, "auth-payload": signature });
  const asked = { ...ann, "factor-sid": sid, "details.message": "Log in?" };
  const challenge = await cli(`${topic}:challenges:create`, asked);
  const told = { ...ann, "challenge-sid": challenge.sid };
  is((await cli(`${topic}:challenges:notifications:create`, told)).challengeSid, challenge.sid);
}

async function webhooks(service) {
  const topic = "api:verify:v2:services:webhooks";
  const { sid } = await cli(`${topic}:create`, {
    ...service,
    "friendly-name": "Hook",
    "event-types": "*",
    "webhook-url": "http://app.test/verify",
  });
  const hook = { ...service, sid };
  is((await cli(`${topic}:update`, { ...hook, status: "disabled" })).status, "disabled");
  is((await cli(`${topic}:fetch`, hook)).status, "disabled");
  is((await cli(`${topic}:list`, service)).sid, sid);
  await cli(`${topic}:remove`, hook);
}

async function main() {
  config = new Config({ root: path.dirname(require.resolve("twilio-cli/package.json")) });
  await config.load();
  await config.runHook("init", { id: "api", argv: [] });
  const known = config.commandIDs.filter((id) => /^api:(verify|lookups):/.test(id));

  const { sid } = await cli("api:verify:v2:services:create", { "friendly-name": "Shop" });
  is((await cli("api:verify:v2:services:update", { sid, "code-length": 4 })).codeLength, 4);
  is((await cli("api:verify:v2:services:fetch", { sid })).codeLength, 4);
  is((await cli("api:verify:v2:services:list")).sid, sid);
  const service = { "service-sid": sid };
  await verifications(service);
  await around(service);
  await factors(service);
  await webhooks(service);
  const form = await cli("api:verify:v2:forms:fetch", { "form-type": "form-push" });
  is(form.formType, "form-push");
  await cli("api:verify:v2:services:remove", { sid });
  for (const version of ["v1", "v2"]) {
    const found = await cli(`api:lookups:${version}:phone-numbers:fetch`, { "phone-number": ANN });
    is(found.phoneNumber, ANN);
  }
  process.stdout.write(JSON.stringify({ known, ran: [...ran] }));
}

main();
