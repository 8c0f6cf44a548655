// A switch that is drawn anew when it is pressed keeps the focus.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import "./window.js";
import { answering, Told } from "./answers.js";

globalThis.window = document.defaultView;
document.head.insertAdjacentHTML("beforeend", "<meta name='pages' content='[]'>");
const { default: ClockPage } = await import("../../emulator/twilio_emulator/console/page/pages/clock.js");
const { default: JournalPage } = await import("../../emulator/twilio_emulator/console/page/pages/journal.js");
const { Notifications } = await import("../../emulator/twilio_emulator/console/page/notify.js");
const { CallCards } = await import("../../emulator/twilio_emulator/console/page/phones/calls.js");
const { Api } = await import("../../emulator/twilio_emulator/console/page/api.js");

const emulator = answering({});
after(() => emulator.end());
const session = { api: new Api(), live: new Told() };
const focused = () => [document.activeElement.textContent || document.activeElement.dataset.test, document.activeElement.getAttribute("aria-pressed")];

test("what kinds the journal shows", () => {
  const page = new JournalPage({ session });
  document.body.append(page.element);
  const button = page.element.querySelector("[data-test=kind-event]");
  button.focus();
  button.click();
  assert.deepEqual(focused(), ["Events", "false"]);
  page.close();
});

test("how fast the clock runs", () => {
  let tick;
  const clock = { mode: "real", nextDue: null, now: () => 0, watch: (see) => (tick = see) };
  const page = new ClockPage({ session: { ...session, clock } });
  document.body.append(page.element);
  tick();
  page.element.querySelector("[data-test=clock-frozen]").focus();
  clock.mode = "frozen";
  tick();
  assert.deepEqual(focused(), ["Frozen", "true"]);
});

test("a call that is answered, and the keys that are pressed then", () => {
  const cards = new CallCards(session, "+12025550199");
  document.body.append(cards.element);
  const call = { id: "CA1", handset: "+12025550199", from: "+12025550100", status: "ringing", spoken: [], date_ended: null };
  const show = (change) => {
    cards.calls = [{ ...call, ...change }];
    cards.draw();
  };
  show({});
  cards.element.querySelector("[data-test=answer]").focus();
  show({ status: "in-progress" });
  assert.equal(document.activeElement, cards.element.firstChild);
  cards.element.querySelector("[aria-label='Key 5']").focus();
  show({ status: "in-progress", pressed: "5" });
  assert.equal(document.activeElement.getAttribute("aria-label"), "Key 5");
  cards.close();
});

test("whether notes are shown on the desktop", async () => {
  const notifications = new Notifications({});
  document.body.append(notifications.button);
  notifications.button.firstChild.focus();
  await notifications.change(true);
  assert.deepEqual(focused(), ["notify", "false"]);
});
