// Runs flows with one version of Twilio's JavaScript SDK against a running emulator.
//
//     node run.mjs PACKAGE URL [FLOW...]
//
// and prints what became of each as JSON: null, or why it failed, and what of the SDK it exercised.

import { createRequire } from "node:module";
import { readdirSync } from "node:fs";
import { redirect, Stage } from "./stage.mjs";
import { Record } from "./record.mjs";

const PATIENCE = 120_000; // milliseconds for one flow

const LATE = /^Twilsock: request timeout/;

const [, , name, url, ...wanted] = process.argv;
const require = createRequire(import.meta.url);
const library = require(name);
const { version } = require(`${name}/package.json`);
redirect(url);
const record = new Record(await classes());

// What nobody catches fails the flow. But the SDK throws so itself when it is shut down while it
// still opens something; version 1 even half a minute later, in another flow.
const stray = [];
let tolerated = () => false;
for (const kind of ["unhandledRejection", "uncaughtException"]) {
  process.on(kind, (error) => LATE.test(error.message) || tolerated(error) || stray.push(error));
}
console.warn = console.error = console.log = () => {}; // what SDKs say to developers

const report = {};
const folder = new URL("./flows/", import.meta.url);
for (const file of readdirSync(folder).sort()) {
  const flows = await import(new URL(file, folder));
  for (const [flow, play] of Object.entries(flows)) {
    if (wanted.length && !wanted.includes(flow)) continue;
    report[flow] = await performed(play);
  }
}
process.stdout.write(JSON.stringify({ version, report }), () => process.exit());

// The classes whose methods and events are noted. Version 1 shows some of them by their objects only.
async function classes() {
  const { Client, Conversation, Message, Participant, User } = library;
  if (Conversation) return { Client, Conversation, Message, Participant, User };
  const stage = new Stage(url, library, version);
  await stage.open();
  const [, conversation] = await stage.room([await stage.client("alice")]);
  await conversation.sendMessage("");
  const [participant] = await conversation.getParticipants();
  const { items: [message] } = await conversation.getMessages();
  await stage.close();
  const [Own, Said, Member] = [conversation, message, participant].map((each) => each.constructor);
  return { Client, Conversation: Own, Message: Said, Participant: Member, User };
}

async function overdue() {
  await new Promise((late) => setTimeout(late, PATIENCE).unref());
  throw new Error(`it had not ended after ${PATIENCE} ms`);
}

async function performed(play) {
  const stage = new Stage(url, library, version);
  const began = performance.now();
  let failed = null;
  try {
    tolerated = (error) => stage.tolerates?.test(error.message);
    await stage.open(play.settings);
    await Promise.race([play(stage), overdue()]);
    await new Promise((settled) => setImmediate(settled));
    if (stray.length) throw stray[0];
    tolerated = () => true;
    await stage.close();
    await new Promise((settled) => setImmediate(settled));
  } catch (error) {
    failed = error.stack ?? String(error);
  }
  stray.length = 0;
  tolerated = () => false;
  return { failed, exercised: record.take(), milliseconds: Math.round(performance.now() - began) };
}
