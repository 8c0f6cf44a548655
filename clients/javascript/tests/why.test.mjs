// Why nothing came to a phone, as a failed wait says it; and what went on, in sentences.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { emulator } from "./account.mjs";
import { answering, missed, rest, text } from "./texting.mjs";

const ANN = "+12025550199";
const BEN = "+12025550123";
const NOBODY = "http://127.0.0.1:9/sms";

beforeEach(() => emulator.clock.freeze());

/** Have the account's texts be told to an URL. */
function tell(sms_url) {
  return emulator.call("patch", "/numbers/{address}", {
    path: { address: emulator.number },
    body: { sms_url },
  });
}

/** What a wait says that gets nothing: its first line, without what is always there. */
async function why(ann) {
  const [first] = (await missed(ann.wait({ timeout: 0 }))).split("\n");
  const begin = `Nothing came to ${ann.address}: `;
  assert.ok(first.startsWith(begin), first);
  return first.slice(begin.length);
}

/** Let what the app was asked be answered. */
function answered() {
  return emulator.clock.advance({ seconds: 1 });
}

test("a webhook failed, or gave no answer", async () => {
  const ann = await emulator.handset(ANN);
  const fail = (response) => response.writeHead(500).end("KeyError: 'name'");
  await answering(fail, async (url) => {
    await tell(url);
    await ann.send("hello");
    await answered();
    const said = `the webhook POST ${url} answered 500 Internal Server Error: "KeyError: 'name'"`;
    assert.equal(await why(ann), said);
    const told = `alert 11200 answered 500: POST ${url} answered "KeyError: 'name'"`;
    assert.ok((await emulator.sentences()).includes(told));
  });
  await tell(NOBODY);
  await ann.send("hello");
  await answered();
  assert.ok((await why(ann)).startsWith(`the webhook POST ${NOBODY} gave no answer: `));
});

test("a webhook said nothing, or nonsense", async () => {
  const ann = await emulator.handset(ANN);
  const answers = ["<Response/>", "<Response>"];
  const answer = (response) => {
    response.writeHead(200, { "content-type": "text/xml" }).end(answers.shift());
  };
  await answering(answer, async (url) => {
    await tell(url);
    await ann.send("hello");
    await answered();
    const said = `the webhook POST ${url} answered 200 OK: "<Response/>", which sends nothing`;
    assert.equal(await why(ann), said);
    await ann.send("hello");
    await answered();
    assert.match(await why(ann), /^the webhook was answered with an error: 12100 .*: POST http/);
  });
});

test("a webhook has not answered yet", async () => {
  const ann = await emulator.handset(ANN);
  await emulator.call("post", "/clock", { body: { mode: "real" } });
  const held = [];
  await answering((response) => held.push(response), async (url) => {
    await tell(url);
    await ann.send("hello");
    assert.equal(await why(ann), `the webhook ${url} was called and has not answered yet`);
    for (const response of held) response.end();
  });
});

test("nobody was told, or not before a setting was changed", async () => {
  const ann = await emulator.handset(ANN);
  await ann.send("hello");
  assert.ok((await why(ann)).startsWith(`${emulator.number} has no SmsUrl: set it with `));
  assert.ok((await emulator.sentences()).includes(`hint: ${emulator.number} has no SmsUrl`));
  await tell(NOBODY);
  const before = `a text came before ${emulator.number} was changed, and was told to nobody`;
  assert.equal(await why(ann), before);
  await ann.send("again");
  await answered();
  const said = await missed(ann.wait({ timeout: 0 }));
  assert.ok(!said.includes(before) && !said.includes("SmsUrl"), said);
  await tell("");
  await ann.send("once more");
  assert.ok((await why(ann)).startsWith(`${emulator.number} has no SmsUrl: `));
});

test("webhooks of conversations were configured since", async () => {
  const ann = await emulator.handset(ANN);
  const there = { path: { service: emulator.conversationServiceSid } };
  const body = { post_webhook_url: "http://127.0.0.1:9/" };
  await emulator.call("patch", "/services/{service}", { ...there, body });
  await rest(emulator, "POST", "conversations", "/v1/Conversations", {}, {
    "X-Twilio-Webhook-Enabled": "true",
  });
  assert.match(await why(ann), /have an URL but no filters/);
  const filters = ["onMessageAdded"];
  await emulator.call("patch", "/services/{service}", { ...there, body: { filters } });
  assert.equal(await why(ann), `no text was sent to ${ANN}`);
});

test("somebody has opted out, or in again", async () => {
  const ann = await emulator.handset(ANN);
  await ann.send("STOP");
  await ann.wait();
  await text(emulator, ANN, "hello");
  const said = await why(ann);
  assert.match(said, /^POST api \S+ with To="\+12025550199", .* was refused with 400: 21610 /);
  assert.ok(said.endsWith("it has opted out, and gets texts again after it writes START"), said);
  assert.ok((await emulator.sentences()).includes(`${ANN} opted out of `));
  await ann.send("START");
  const later = await missed(ann.wait({ contains: "code", timeout: 0 }));
  assert.ok(later.includes("was refused with 400: 21610"), later);
  assert.ok(!later.includes("it has opted out"), later);
});

test("what was over when an expectation began explains nothing", async () => {
  const ann = await emulator.handset(ANN);
  await ann.send("hello");
  await text(emulator, "nobody", "hello");
  await emulator.fail(30005, { times: 1 });
  await text(emulator, ANN, "hello");
  await emulator.clock.advance({ minutes: 1 });
  const texts = await ann.expect({ timeout: 0 });
  const said = await missed(texts.one());
  assert.match(said, /^Nothing came to \S+ the text "hello" from \S+ .* was undelivered before the wait began$/m);
  assert.ok(!said.includes("SmsUrl") && !said.includes("21211"), said);
});

test("a text is under way, came before, or went elsewhere", async () => {
  const early = await emulator.handset(ANN);
  await text(emulator, BEN, "hello");
  assert.equal(await why(early), `no text was sent to ${ANN}, only to ${BEN}`);
  await early.airplane();
  await text(emulator, ANN, "hello");
  await emulator.clock.advance({ seconds: 1 });
  await early.online();
  await emulator.clock.advance({ minutes: 1 });
  const late = await emulator.handset(ANN);
  assert.match(await why(late), /came before, to another wait or before the phone was named$/);
  assert.equal((await early.wait()).body, "hello");
  assert.equal(await why(early), `no text was sent to ${ANN}`);
});

test("what is due next is said, and how to come to it", async () => {
  await emulator.call("post", "/clock", { body: { mode: "real" } });
  const ann = await emulator.handset(ANN);
  const SendAt = new Date((await emulator.clock.now()).getTime() + 3_600_000).toISOString();
  const MessagingServiceSid = emulator.messagingServiceSid;
  await text(emulator, ANN, "later", { MessagingServiceSid, ScheduleType: "fixed", SendAt });
  const said = /is still scheduled: what is due next is (\S+) s of the account's clock away: (.*)$/;
  const [, seconds, call] = said.exec(await why(ann));
  assert.ok(seconds > 3000 && seconds <= 3600, seconds);
  assert.equal(call, `clock.advance({ seconds: ${seconds} })`);
});

test("what came instead is shown after why", async () => {
  const ann = await emulator.handset(ANN);
  await text(emulator, ANN, "hello");
  await emulator.fail(30005);
  await text(emulator, ANN, "hello");
  const said = await missed(ann.wait({ contains: "code", timeout: 0 }));
  const [unmet, cause, title, other] = said.split("\n");
  assert.equal(unmet, `${ANN} did not receive a message with "code" in it in 0 s.`);
  assert.match(cause, /is undelivered with 30005$/);
  assert.equal(title, "This came instead:");
  assert.match(other, /"hello"$/);
});

test("what went on is told in sentences", async () => {
  const ann = await emulator.handset(ANN);
  await text(emulator, ANN, "Hello");
  await ann.wait();
  await ann.send("Thank you!");
  await emulator.fail(30005);
  await text(emulator, ANN, "");
  await text(emulator, ANN, "lost");
  await emulator.clock.advance({ minutes: 1 });
  await rest(emulator, "POST", "conversations", "/v1/Conversations", { FriendlyName: "Talk" });
  const lines = (await emulator.sentences()).split("\n");
  for (const each of lines) assert.match(each, /^\d\d:\d\d:\d\d\.\d{3} \S/);
  const told = lines.map((each) => each.slice(13));
  const { number } = emulator;
  for (const said of [
    /^handset added: address="\+12025550199"$/,
    new RegExp(`^\\${number} sends \\${ANN} by sms: "Hello" \\(SM[0-9a-f]{32}\\)$`),
    new RegExp(`^\\${ANN} got by sms from \\${number}: "Hello"$`),
    new RegExp(`^\\${ANN} wrote \\${number} by sms: "Thank you!"$`),
    /^POST api \/2010-04-01\/Accounts\/AC\w+\/Messages\.json with To=.* was answered 201 Created$/,
    /^POST api .* was refused with 400: 21602 /,
    /^the text "lost" from \S+ to \S+ is undelivered with 30005$/,
    /^conversation added: CH\w+ friendly_name="Talk"$/,
  ]) {
    assert.ok(told.some((each) => said.test(each)), `${said}\n${lines.join("\n")}`);
  }
  assert.ok(!told.some((each) => /^(refused|command)/.test(each)), lines.join("\n"));
  await emulator.mark();
  assert.equal(await emulator.sentences(), "");
  for (const n of Array(60).keys()) await emulator.handset(`+120255501${String(n).padStart(2, "0")}`);
  const [first, ...shown] = (await emulator.sentences()).split("\n");
  assert.equal(first, "(what was before is in the journal)");
  assert.equal(shown.length, 50);
  assert.match(shown.at(-1), /handset added: address="\+12025550159"$/);
});
