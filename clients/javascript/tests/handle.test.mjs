// What a test holds of an account: its phones, its clock, what went on.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { CannotCall, DidNotHold, Emulator, NotReceived } from "twilio-emulator";
import { emulator, server } from "./account.mjs";
import { answering, text } from "./texting.mjs";

const ANN = "+12025550199";
const BEN = "+12025550123";

test("a code is read from a phone, and answered", async () => {
  const ann = await emulator.handset(ANN, { label: "Ann", profileName: "Ann Lee" });
  const sent = await text(emulator, ANN, "Your code is 424242");
  const message = await ann.wait({ contains: "code" });
  assert.deepEqual(message.codes, ["424242"]);
  assert.equal(message.messageSid, sent.sid);
  assert.equal(message.peer, emulator.number);
  assert.ok(message.receivedAt instanceof Date);
  const { sid, conversationSid } = await ann.send("Thank you!");
  assert.match(sid, /^SM[0-9a-f]{32}$/);
  assert.equal(conversationSid, null);
  assert.deepEqual(
    (await ann.inbox()).map(({ body }) => body),
    ["Your code is 424242", "Thank you!"],
  );
});

test("a wait answers with what no earlier wait has answered with", async () => {
  const ann = await emulator.handset(ANN);
  for (const body of ["one", "two", "three"]) await text(emulator, ANN, body);
  assert.equal((await ann.wait({ regex: /TW/i })).body, "two");
  const rest = await ann.wait({ count: 2 });
  assert.deepEqual(rest.map(({ body }) => body).sort(), ["one", "three"]);
  await assert.rejects(ann.wait({ timeout: 1 }), NotReceived);
});

test("two waits at once answer with two messages", async () => {
  const ann = await emulator.handset(ANN);
  const both = Promise.all([ann.wait(), ann.wait()]);
  await text(emulator, ANN, "one");
  await text(emulator, ANN, "two");
  assert.deepEqual((await both).map(({ body }) => body).sort(), ["one", "two"]);
});

test("a handle that is made later waits for what comes later", async () => {
  await text(emulator, ANN, "before");
  await (await emulator.handset(ANN)).inbox();
  await emulator.clock.advance({ seconds: 10 });
  const ann = await emulator.handset(ANN);
  await text(emulator, ANN, "behind");
  assert.equal((await ann.wait()).body, "behind");
});

test("a phone can be used without being awaited", async () => {
  await emulator.handset(ANN).send("Hello?");
  assert.deepEqual(
    (await emulator.handset(ANN).inbox()).map(({ body }) => body),
    ["Hello?"],
  );
  const wrong = { power: "sleepy" };
  await assert.rejects(emulator.handset(BEN, wrong).wait(), CannotCall);
  await assert.rejects(async () => await emulator.handset(BEN, wrong), CannotCall);
});

test("what waits for the phone is not in its inbox", async () => {
  const ann = await emulator.handset(ANN, { network: "airplane" });
  await emulator.clock.freeze();
  await text(emulator, ANN, "waiting");
  await emulator.clock.advance({ seconds: 59 });
  const shown = { path: { address: ANN } };
  const { items } = await emulator.call("get", "/handsets/{address}/messages", shown);
  assert.deepEqual(items.map((item) => item.state), ["pending"]);
  assert.deepEqual(await ann.inbox(), []);
});

test("the next codes are waited for", async () => {
  const ann = await emulator.handset(ANN);
  await text(emulator, ANN, "Welcome!");
  await text(emulator, ANN, "123456 is your code");
  assert.deepEqual(await ann.codes(), ["123456"]);
  await assert.rejects(ann.codes({ timeout: 1 }), NotReceived);
});

test("a wait that is not met says what came", async () => {
  await emulator.clock.freeze();
  const ann = await emulator.handset(ANN);
  await text(emulator, ANN, "Doors open at 19:00");
  await assert.rejects(ann.wait({ contains: "code", timeout: { seconds: 1 } }), (error) => {
    assert.ok(error instanceof NotReceived);
    assert.match(error.message, /^\+12025550199 did not receive a message with "code" in it in 1 s\./);
    assert.match(error.message, /This came instead:\n {2}[0-9:]{8} sms from \+12025550100: "Doors open/);
    return true;
  });
});

for (const [why, begin, said] of [
  ["nothing was sent", () => undefined, "no text was sent to +12025550199"],
  [
    "it went elsewhere",
    () => text(emulator, BEN, "Hello"),
    "no text was sent to +12025550199, only to +12025550123",
  ],
  ["it was refused", () => text(emulator, ANN, ""), "was refused with 400: 21602"],
  [
    "it failed",
    async () => {
      await emulator.fail(30006);
      await text(emulator, ANN, "Hello");
    },
    "is undelivered with 30006",
  ],
  [
    "the phone is off",
    async () => {
      await emulator.handset(ANN).change({ power: "off" });
      await text(emulator, ANN, "Hello");
    },
    "the phone's power is off",
  ],
  [
    "the phone is in airplane mode",
    async () => {
      await emulator.handset(ANN).airplane();
      await text(emulator, ANN, "Hello");
    },
    "the phone's network is airplane, until online()",
  ],
]) {
  test(`a wait that is not met says that ${why}`, async () => {
    await emulator.clock.freeze(); // then a wait performs all that is due
    const ann = await emulator.handset(ANN);
    await begin();
    await assert.rejects(ann.wait({ timeout: 0 }), (error) => {
      assert.ok(error.message.includes(said), error.message);
      assert.match(error.message, /^Nothing came to \+12025550199: /);
      return true;
    });
  });
}

test("a wait that is not met says what the webhook answered", async () => {
  const fail = (response) => response.writeHead(500).end("no such table");
  await answering(fail, async (url) => {
    const number = { path: { address: emulator.number }, body: { sms_url: url } };
    await emulator.call("patch", "/numbers/{address}", number);
    await emulator.clock.freeze();
    const ann = await emulator.handset(ANN);
    await ann.send("Hello?");
    await assert.rejects(ann.wait({ timeout: 1000 }), (error) => {
      const said = `the webhook POST ${url} answered 500 Internal Server Error: "no such table"`;
      assert.ok(error.message.includes(said), error.message);
      return true;
    });
  });
});

test("webhooks are told with what came back", async () => {
  const reply = "<Response><Message>Hello Ann</Message></Response>";
  const answer = (response) => response.writeHead(200, { "content-type": "text/xml" }).end(reply);
  await answering(answer, async (url) => {
    const number = { path: { address: emulator.number }, body: { sms_url: url } };
    await emulator.call("patch", "/numbers/{address}", number);
    const ann = await emulator.handset(ANN);
    await ann.send("Hello?");
    assert.equal((await ann.wait()).body, "Hello Ann");
    const [webhook] = await emulator.webhooks();
    assert.equal(webhook.url, url);
    assert.equal(webhook.status, 200);
    assert.equal(webhook.answerBody, reply);
    assert.ok(webhook.at instanceof Date);
  });
  const kinds = new Set((await emulator.journal()).map(({ kind }) => kind));
  for (const kind of ["command", "event", "webhook"]) assert.ok(kinds.has(kind), kind);
  await text(emulator, ANN, "");
  const [refused, ...others] = await emulator.journal("refused");
  assert.deepEqual([refused.kind, refused.code, others], ["refused", 21602, []]);
});

test("the clock stands still until it is moved", async () => {
  await emulator.clock.freeze("2027-07-01T08:00:00Z");
  assert.equal((await emulator.clock.now()).toISOString(), "2027-07-01T08:00:00.000Z");
  const then = await emulator.clock.advance({ hours: 25, minutes: 30 });
  assert.equal(then.toISOString(), "2027-07-02T09:30:00.000Z");
  await emulator.clock.advance("PT30M");
  await emulator.clock.freeze(new Date("2027-08-01T00:00:00Z"));
  assert.equal((await emulator.clock.now()).toISOString(), "2027-08-01T00:00:00.000Z");
  await assert.rejects(emulator.clock.advance(30), /such as \{ seconds: 30 \}, not 30/);
  await assert.rejects(emulator.clock.advance({ fortnights: 1 }), /not fortnights: 1/);
});

test("texts go wrong as they are told to", async () => {
  await emulator.fail(30007, { to: "+1202555*", times: 1 });
  await emulator.fail(20429, { http: 429, to: BEN });
  assert.equal((await text(emulator, BEN, "Hello")).code, 20429);
  const ann = await emulator.handset(ANN);
  await text(emulator, ANN, "lost");
  await text(emulator, ANN, "found");
  assert.equal((await ann.wait()).body, "found");
});

test("a phone sends files and quotes, and presses what there is", async () => {
  const folder = await mkdtemp(join(tmpdir(), "twilio-emulator-"));
  try {
    await writeFile(join(folder, "cat.png"), "\x89PNG\r\n\x1a\n", "latin1");
    const ann = await emulator.handset(ANN);
    const desk = emulator.whatsappNumber;
    await ann.send("Is this yours?", { to: desk, files: [join(folder, "cat.png")] });
    const [asked] = await ann.inbox();
    assert.equal(asked.media[0]?.contentType, "image/png");
    await text(emulator, `whatsapp:${ANN}`, "It is!", { From: desk });
    const answer = await ann.wait({ channel: "whatsapp", peer: desk });
    await ann.replyTo(answer, "Then come and fetch it");
    await ann.read(answer);
    assert.equal((await ann.inbox()).at(-1)?.replyTo, answer.id);
    await assert.rejects(ann.press(answer, "Yes"), /no button "Yes": it has none/);
    await assert.rejects(ann.send("Look", { files: ["nowhere.png"] }), { code: "ENOENT" });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("scenarios are played in the account", async () => {
  const folder = await mkdtemp(join(tmpdir(), "twilio-emulator-"));
  const write = async (name, wanted) => {
    const story = `  - messages.create: {from: number, to: Ann, body: one}\n  - Ann gets: ${wanted}`;
    const people = `people:\n  Ann: ${ANN}\nstory:\n${story}\n`;
    await writeFile(join(folder, name), `scenario: A code\n${people}`);
    return join(folder, name);
  };
  try {
    const report = await emulator.play(await write("holds.yaml", "one"));
    assert.equal(report.held, true);
    assert.equal(report.accountSid, emulator.accountSid);
    const fails = await write("fails.yaml", "another");
    await assert.rejects(emulator.play(fails), (error) => {
      assert.ok(error instanceof DidNotHold);
      assert.match(error.message, /fails\.yaml:6:5: Ann gets: another\n {2}expected /);
      return true;
    });
    await writeFile(join(folder, "wrong.yaml"), "scenario: [");
    await assert.rejects(emulator.play(join(folder, "wrong.yaml")), CannotCall);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a token is for one identity", async () => {
  const [, payload = ""] = (await emulator.token("alice", { ttl: 60 })).split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  assert.equal(claims.grants.identity, "alice");
  assert.equal(claims.exp - claims.iat, 60);
});

test("accounts do not see each other, and go when they are stopped", async () => {
  const other = await server.account({ clock: "frozen", now: "2027-01-05T09:00:00Z" });
  assert.notEqual(other.accountSid, emulator.accountSid);
  await text(other, ANN, "for the other");
  const ann = await emulator.handset(ANN);
  assert.deepEqual(await ann.inbox(), []);
  await other.stop();
  await other.stop();
  await assert.rejects(other.clock.now(), CannotCall);
});

test("an account that is there is held as it is, from now on", async () => {
  await text(emulator, ANN, "noise");
  await emulator.handset(ANN).wait().catch(() => undefined);
  const held = await Emulator.attach(`${server.url}/`, { accountSid: emulator.accountSid });
  assert.equal(held.authToken, emulator.authToken);
  assert.deepEqual(await held.journal(), []);
  const ann = await held.handset(ANN);
  await text(held, ANN, "news");
  assert.equal((await ann.wait()).body, "news");
  assert.deepEqual((await ann.inbox()).map(({ body }) => body), ["news"]);
  await held.clock.freeze();
  await held.fail(30006);
  await held.stop();
  assert.equal((await emulator.call("get", "/clock")).mode, "real");
  assert.deepEqual((await emulator.call("get", "/faults")).faults, []);
  assert.ok((await emulator.journal()).length > 0, "it is still there");
  const nobody = Emulator.attach(server.url, { accountSid: "ACnobody" });
  await assert.rejects(nobody, /has no account ACnobody: it has AC/);
});

test("an account is what it was when it is reset", async () => {
  const ann = await emulator.handset(ANN);
  await text(emulator, ANN, "before");
  await ann.wait();
  await emulator.clock.freeze();
  await emulator.reset();
  assert.equal((await emulator.call("get", "/clock")).mode, "real");
  assert.deepEqual((await emulator.call("get", "/handsets")).handsets, []);
  assert.deepEqual(await emulator.journal(), []);
  await text(emulator, ANN, "behind");
  assert.equal((await ann.wait()).body, "behind");
});

test("what is refused says what was expected", async () => {
  const wrong = emulator.call("patch", "/carrier", { body: { profile: "slow" } });
  await assert.rejects(wrong, (error) => {
    assert.ok(error instanceof CannotCall);
    assert.equal(error.status, 400);
    assert.match(error.message, /realistic/);
    return true;
  });
  for (const url of ["", "nowhere", "ftp://localhost", "http://localhost:8008/path"]) {
    await assert.rejects(Emulator.attach(url), /expected an URL such as http:\/\/localhost:8008/);
  }
  await assert.rejects(Emulator.attach("http://127.0.0.1:1"), /no emulator answers at .*ECONNREFUSED/);
});

test("an answer of something else is no emulator's", async () => {
  const hello = (response) => response.end("hello");
  await answering(hello, async (url) => {
    await assert.rejects(Emulator.attach(new URL(url).origin), /is no emulator/);
  });
  const json = (response) => response.setHeader("content-type", "application/json").end("{}");
  await answering(json, async (url) => {
    await assert.rejects(Emulator.attach(new URL(url).origin), /is no emulator/);
    const named = Emulator.attach(new URL(url).origin, { accountSid: "AC1" });
    await assert.rejects(named, /is no emulator/);
  });
});
