import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { Api } from "../../emulator/twilio_emulator/console/page/api.js";
import { Live, parse } from "../../emulator/twilio_emulator/console/page/live.js";
import { answering, stream, until } from "./answers.js";

let emulator = answering({});
let live = new Live(new Api());
afterEach(() => {
  live.stop();
  emulator.end();
});

function following(answers) {
  emulator = answering(answers);
  live = new Live(new Api());
  const heard = [];
  const states = [];
  live.on((events) => heard.push(events));
  live.watch((state) => states.push(state));
  return { heard, states, ended: live.follow() };
}

test("a block is an event, a comment is none", () => {
  assert.deepEqual(parse('id: 7\nevent: clock.advanced\ndata: {"at":"x: y"}'), { at: "x: y", type: "clock.advanced", seq: 7 });
  assert.equal(parse(": still here"), null);
  assert.equal(parse(""), null);
});

test("events are heard whole, wherever the stream is cut", async () => {
  const events = stream();
  const { heard, states } = following({ "GET /events": () => events.response });
  const text = 'id: 1\nevent: a\ndata: {"x":"é"}\n\n: c\n\nid: 2\nevent: b\ndata: {}\n\n';
  const bytes = [...text];
  for (const each of bytes) await events.write(each);
  await until(() => heard.flat().length === 2);
  assert.deepEqual(heard.flat(), [{ x: "é", type: "a", seq: 1 }, { type: "b", seq: 2 }]);
  assert.deepEqual(states, ["connecting", "live"]);
});

for (const type of ["dropped", "cleared"]) {
  test(`when events were ${type} all is read anew`, async () => {
    const events = stream();
    const { heard } = following({ "GET /events": () => events.response });
    await events.write(`event: a\ndata: {}\n\nevent: ${type}\ndata: {}\n\n`);
    await until(() => heard.length);
    assert.deepEqual(heard, [null]);
  });
}

test("an account that is gone ends it", async () => {
  const { states, ended } = following({});
  await ended;
  assert.deepEqual(states, ["connecting", "gone"]);
});

test("after a pause all is read anew", async () => {
  const [one, two] = [stream(), stream()];
  const answers = [() => one.response, () => { throw new TypeError("fetch failed"); }, () => two.response];
  const { heard, states } = following({ "GET /events": () => answers.shift()() });
  await until(() => states.includes("live"));
  await one.end();
  await until(() => states.length === 4);
  assert.deepEqual(states, ["connecting", "live", "lost", "live"]);
  await until(() => heard.length);
  assert.deepEqual(heard, [null]);
});

test("nobody who has left is told", async () => {
  const events = stream();
  const { heard } = following({ "GET /events": () => events.response });
  const others = [];
  const leave = live.on((each) => others.push(each));
  leave();
  await events.write("event: a\ndata: {}\n\n");
  await until(() => heard.length);
  assert.deepEqual(others, []);
});
