// Plays flows with one version of Twilio's JavaScript SDK for Sync against a running emulator.
//
//     node run.mjs PACKAGE URL [FLOW...]
//
// and prints what became of each as JSON: null, or why it failed.

import { createRequire } from "node:module";
import { readdirSync } from "node:fs";
import { SyncStage } from "./stage.mjs";

const PATIENCE = 120_000; // milliseconds for one flow

// What the SDK throws where nobody can catch it: half a minute after a client was shut down, and when
// it is impatient with a connection that is only coming about.
const OF_THE_SDK = /^Twilsock: request timeout|^WebSocket was closed before the connection was established/;

const [, , name, url, ...wanted] = process.argv;
const require = createRequire(import.meta.url);
const library = require(name);
const Client = library.SyncClient ?? library;
const { version } = require(`${name}/package.json`);

// Anything else that nobody catches fails the flow.
const stray = [];
let closing = false;
for (const kind of ["unhandledRejection", "uncaughtException"]) {
  process.on(kind, (error) => closing || OF_THE_SDK.test(error?.message) || stray.push(error));
}
console.warn = console.error = console.log = () => {}; // what SDKs say to developers

const report = {};
const folder = new URL("./flows/", import.meta.url);
for (const file of readdirSync(folder).sort()) {
  const flows = await import(new URL(file, folder));
  for (const [flow, play] of Object.entries(flows)) {
    if (wanted.length && !wanted.includes(flow)) continue;
    if (Number.parseInt(version) < (play.since ?? 0)) continue;
    report[flow] = await performed(play);
  }
}
process.stdout.write(JSON.stringify({ version, report }), () => process.exit());

async function overdue() {
  await new Promise((late) => setTimeout(late, PATIENCE).unref());
  throw new Error(`it had not ended after ${PATIENCE} ms`);
}

async function performed(play) {
  const stage = new SyncStage(url, { Client }, version);
  let failed = null;
  closing = false;
  try {
    await stage.open(play.settings);
    await Promise.race([play(stage), overdue()]);
    await new Promise((settled) => setImmediate(settled));
    if (stray.length) throw stray[0];
  } catch (error) {
    failed = error?.stack ?? String(error);
  }
  closing = true;
  await stage.close().catch((error) => (failed ??= error.stack));
  await new Promise((settled) => setImmediate(settled));
  stray.length = 0;
  return failed;
}
