// An emulator for the tests of a file, and a fresh account of it for each of them.

import { after, afterEach, before, beforeEach } from "node:test";
import { Emulator } from "twilio-emulator";

export let server;
export let emulator;

before(async () => {
  server = await Emulator.start();
});

beforeEach(async () => {
  emulator = await server.account();
});

afterEach(() => emulator.stop());
after(() => server.stop());
