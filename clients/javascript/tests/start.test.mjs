// The command: found, ready in time, and gone when nobody holds it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { CannotStart, Emulator } from "twilio-emulator";

test("it runs until it is stopped", async () => {
  const emulator = await Emulator.start({ numbers: ["+12025550177"], clock: "frozen", seed: 7 });
  try {
    assert.equal(emulator.accountSid, "AC00000000000000000000000000000001");
    const { mode } = await emulator.call("get", "/clock");
    assert.equal(mode, "frozen");
    const { numbers } = await emulator.call("get", "/numbers");
    assert.ok(numbers.some(({ address }) => address === "+12025550177"));
  } finally {
    await emulator[Symbol.asyncDispose]();
  }
  await emulator.stop();
  await assert.rejects(emulator.clock.now(), /no emulator answers/);
});

test("secrets that came from outside are those of the account that they are for", async () => {
  const token = "f".repeat(32);
  const emulator = await Emulator.start({ env: { TWILIO_AUTH_TOKEN: token } });
  const { url, accountSid } = emulator;
  try {
    assert.equal(emulator.authToken, token);
    process.env.TWILIO_AUTH_TOKEN = token;
    process.env.TWILIO_ACCOUNT_SID = `AC${"9".repeat(32)}`;
    const stranger = await Emulator.attach(url, { accountSid });
    assert.equal(stranger.authToken, "");
    assert.throws(() => stranger.client(), /came to the emulator from outside, which tells it to nobody/);
    process.env.TWILIO_ACCOUNT_SID = accountSid;
    assert.equal((await Emulator.attach(url, { accountSid })).authToken, token);
    delete process.env.TWILIO_AUTH_TOKEN;
    const told = await Emulator.attach(url, { accountSid, authToken: token });
    assert.equal(told.authToken, token);
  } finally {
    delete process.env.TWILIO_AUTH_TOKEN;
    delete process.env.TWILIO_ACCOUNT_SID;
    await emulator.stop();
  }
});

const HELD = `
  import { Emulator } from "twilio-emulator";
  const emulator = await Emulator.start();
  console.log(emulator.url);
`;

for (const [end, more, signal] of [
  ["has nothing more to do", "", undefined],
  ["throws", "throw new Error('a test failed');", undefined],
  ["is killed", "setInterval(() => undefined, 1000);", "SIGKILL"],
]) {
  test(`it ends with a process that ${end}`, { timeout: 60_000 }, async () => {
    const script = ["--input-type=module", "--eval", HELD + more];
    const holder = spawn(process.execPath, script, { stdio: ["ignore", "pipe", "inherit"] });
    const exit = once(holder, "exit");
    const [line] = await Promise.race([once(holder.stdout, "data"), exit]);
    const url = String(line).trim();
    if (signal) holder.kill(signal);
    await exit;
    await gone(url);
  });
}

/** Until nothing listens there any more: a connection that is open then is cut. */
async function gone(url) {
  const { hostname, port } = new URL(url);
  await closed(connect(Number(port), hostname));
  const refused = await closed(connect(Number(port), hostname));
  assert.equal(refused?.code, "ECONNREFUSED");
}

/** Until a connection is closed; answers what closed it, if it was an error. */
function closed(socket) {
  return new Promise((resolve) => {
    let reason;
    socket.on("error", (error) => (reason = error));
    socket.on("close", () => resolve(reason));
    socket.resume();
  });
}

for (const [what, options, said] of [
  ["is not there", { command: "no-such-emulator" }, /^there is no command no-such-emulator: `pip/],
  ["is no emulator", { command: ["echo", "hello"] }, /^echo is no twilio-emulator: it says hello/],
  ["says nothing", { command: ["sh", "-c", "read line"], timeout: 10 }, /^sh is not ready after 0.01 s$/],
  ["is told nonsense", { clock: "sundial" }, /ended before it was ready: .*clock: expected real/],
]) {
  test(`a command that ${what} is one clear line`, async () => {
    await assert.rejects(Emulator.start(options), (error) => {
      assert.ok(error instanceof CannotStart);
      assert.match(error.message, said);
      assert.ok(!error.message.includes("\n"));
      return true;
    });
  });
}
