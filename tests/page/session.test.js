import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { Session } from "../../emulator/twilio_emulator/console/page/session.js";
import { answering, stream, until } from "./answers.js";

const CLOCK = { mode: "frozen", now: "2026-01-05T09:00:00Z", next_due: null };
const ACCOUNTS = { accounts: [{ account_sid: "AC1" }, { account_sid: "AC2" }] };

let emulator = answering({});
let session;
afterEach(() => {
  session.close();
  emulator.end();
});

async function opened(account, answers = {}) {
  const query = account ? `?account=${account}` : "";
  const events = stream();
  emulator = answering({
    "GET /accounts": ACCOUNTS,
    [`GET /clock${query}`]: CLOCK,
    [`GET /handsets${query}`]: { handsets: [] },
    [`GET /events${query}`]: () => events.response,
    ...answers,
  });
  session = new Session(account);
  await session.open();
  return events;
}

test("it listens before it reads", async () => {
  await opened(null);
  assert.deepEqual(emulator.asked, ["GET /events", "GET /accounts", "GET /clock", "GET /handsets"]);
});

test("without a sid it is the default account", async () => {
  await opened(null);
  assert.equal(session.account.account_sid, "AC1");
});

test("it is the account that was asked for", async () => {
  await opened("AC2");
  assert.equal(session.account.account_sid, "AC2");
  assert.equal(session.clock.now(), Date.parse(CLOCK.now));
});

test("an account that is not there is refused", async () => {
  const refused = opened("AC3", { "GET /events?account=AC3": () => new Response(null, { status: 404 }), "GET /clock?account=AC3": () => Response.json({ message: "no such account" }, { status: 404 }) });
  await assert.rejects(refused, { status: 404, message: "no such account" });
});

test("all is read anew when something may have been missed", async () => {
  const events = await opened(null);
  const before = emulator.asked.length;
  await events.write("event: dropped\ndata: {}\n\n");
  await until(() => emulator.asked.length > before + 2);
  assert.deepEqual(emulator.asked.slice(before).filter((each) => each.includes("accounts")), ["GET /accounts"]);
});
