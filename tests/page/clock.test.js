import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { WorldClock } from "../../emulator/twilio_emulator/console/page/clock.js";
import { Told } from "./answers.js";

const START = Date.parse("2026-01-05T09:00:00Z");
let passed = 0;
let clock;
let live;
const api = { get: mock.fn(async () => ({ mode: "frozen", now: "2026-01-06T00:00:00Z", next_due: null })), post: mock.fn() };

beforeEach(() => {
  passed = 0;
  mock.timers.enable({ apis: ["setInterval", "Date"] });
  mock.method(performance, "now", () => passed);
  live = new Told();
  clock = new WorldClock(api, live);
});

afterEach(() => {
  clock.close();
  mock.timers.reset();
  mock.restoreAll();
});

for (const [mode, rate] of [["real", 1], ["frozen", 0], ["x10", 10], ["x3600", 3600], ["x0.5", 0.5]]) {
  test(`in a second, ${mode} goes ${rate} seconds on`, () => {
    clock.take({ mode, now: "2026-01-05T09:00:00Z", next_due: null });
    passed += 1000;
    assert.equal(clock.now(), START + rate * 1000);
  });
}

test("it is shown as a day and a time", () => {
  clock.take({ mode: "frozen", now: "2026-01-05T09:00:00Z", next_due: "2026-01-05T10:00:00Z" });
  assert.equal(clock.shown().time, "09:00:00");
  assert.equal(clock.nextDue, "2026-01-05T10:00:00Z");
});

test("watchers are told at once, each second and when it is moved", async () => {
  const see = mock.fn();
  const leave = clock.watch(see);
  assert.equal(see.mock.callCount(), 1);
  mock.timers.tick(3000);
  assert.equal(see.mock.callCount(), 4);
  await clock.load();
  assert.equal(see.mock.callCount(), 5);
  leave();
  mock.timers.tick(3000);
  assert.equal(see.mock.callCount(), 5);
});

test("it is read when somebody moved it, or something was missed", () => {
  const before = api.get.mock.callCount();
  live.tell([{ type: "message.status" }]);
  assert.equal(api.get.mock.callCount(), before);
  live.tell([{ type: "clock.advanced" }]);
  live.tell(null);
  assert.equal(api.get.mock.callCount(), before + 2);
});

test("moving it shows what the emulator answers", async () => {
  api.post = mock.fn(async () => ({ mode: "frozen", now: "2026-01-05T10:00:00Z", next_due: null }));
  await clock.change({ advance: "PT1H" });
  assert.deepEqual(api.post.mock.calls[0].arguments, ["/clock", { advance: "PT1H" }]);
  assert.equal(clock.now(), START + 3600 * 1000);
});
