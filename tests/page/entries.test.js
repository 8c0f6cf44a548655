import assert from "node:assert/strict";
import { test } from "node:test";

import "./window.js";

const { describe, sidsOf, spaced } = await import("../../emulator/twilio_emulator/console/page/inspector/entries.js");
const { copies, quoted } = await import("../../emulator/twilio_emulator/console/page/inspector/copies.js");

const SESSION = { account: { account_sid: "AC1", auth_token: "secret" }, api: { account: null }, handsets: new Map() };

test("names of events are read as words", () => {
  assert.equal(spaced("TextStatusChanged"), "Text status changed");
});

test("an entry is a line, and says whether it is bad", () => {
  assert.deepEqual(describe({ kind: "request", method: "POST", status: 400, product: "api", path: "/x", code: 21211, message: "Invalid\n'To'" }), { title: "POST 400", detail: "api /x  21211: Invalid 'To'", bad: true });
  assert.equal(describe({ kind: "webhook", status: null, event: "onMessageAdded", method: "POST", url: "http://app/x", milliseconds: 3, outcome: "" }).bad, true);
  assert.equal(describe({ kind: "event", event: "TextStatusChanged", fields: { text: { status: "failed", error_code: 30003, to: "+1" } } }).title, "Text failed 30003");
  assert.deepEqual(describe({ kind: "subscription", state: "watching", identity: "alice", object_sid: "ET1" }), { title: "Client watches", detail: "alice  ET1" });
  assert.equal(describe({ kind: "never-seen", a: 1 }).title, "Never-seen");
});

test("sids are found once, wherever they stand", () => {
  const [text, conversation] = [`SM${"0a".repeat(16)}`, `CH${"1b".repeat(16)}`];
  assert.deepEqual(sidsOf({ a: text, b: { c: [conversation, `/Messages/${text}.json`] }, d: `${text}0` }), [text, conversation]);
});

test("a shell reads a text as it was", () => {
  assert.equal(quoted("it's $HOME"), "'it'\\''s $HOME'");
});

test("a message is made again in three languages", () => {
  const made = copies(SESSION, { text: { direction: "outbound-api", from: "+1", to: "+2", body: 'say "it\'s"\n' } });
  assert.ok(made.curl.startsWith("curl -X POST 'http://localhost:8008/2010-04-01/Accounts/AC1/Messages.json'"));
  assert.ok(made.curl.includes("--data-urlencode 'Body=say \"it'\\''s\"\n'"));
  assert.equal(made.Python, 'client.messages.create(to="+2", from_="+1", body="say \\"it\'s\\"\\n")');
  assert.equal(made["scenario step"], '- messages.create: {to: "+2", from: "+1", body: "say \\"it\'s\\"\\n"}');
});

test("a token that is not shown is taken from the environment", () => {
  const session = { ...SESSION, account: { account_sid: "AC1", auth_token: null } };
  const { curl } = copies(session, { request: { method: "GET", product: "api", path: "/x", form: null } });
  assert.ok(curl.includes('-u "AC1:$TWILIO_AUTH_TOKEN"'));
});
