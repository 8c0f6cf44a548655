// The whole console, in an account that is gone and with a page that cannot be loaded.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { window } from "./window.js";
import { answering, stream, until } from "./answers.js";

const places = [["handsets", "phone", "Handsets", "h"], ["lost", "clock", "Lost", "l"]];
document.head.insertAdjacentHTML("beforeend", "<meta name='pages'>");
document.querySelector("meta[name=pages]").content = JSON.stringify(places);
document.documentElement.dataset.theme = "auto";

const events = stream();
const emulator = answering({
  "GET /accounts": { accounts: [{ account_sid: "AC1", numbers: ["+12025550100"] }] },
  "GET /clock": { mode: "frozen", now: "2026-01-05T09:00:00Z", next_due: null },
  "GET /handsets": { handsets: [] },
  "GET /events": () => events.response,
});
after(() => {
  emulator.end();
  setImmediate(() => process.exit()); // the console ends with its page
});

const main = () => document.querySelector("main");
const go = (hash) => {
  window.location.hash = hash;
  window.dispatchEvent(new Event("hashchange"));
};

test("a page that cannot be loaded is waited for", async () => {
  window.location.hash = "#/lost";
  await import("../../emulator/twilio_emulator/console/page/main.js");
  await until(() => main()?.textContent === "This page comes when the emulator answers again.");
});

test("an account that is gone leads to those that are there", async () => {
  go("#/handsets?account=AC2");
  await until(() => main().textContent.startsWith("nothing at GET /clock?account=AC2"));
  assert.equal(main().querySelector("a").getAttribute("href"), "#/accounts");
  assert.match(document.querySelector(".connection").textContent, /^This account does not exist any more\. All accounts$/);
});
