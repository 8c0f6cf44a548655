// The sign-up by Vitest: an emulator for the file, an account for each test.

import { once } from "node:events";
import twilio from "twilio";
import { Emulator } from "twilio-emulator";
import { afterAll, beforeAll, expect, test as base } from "vitest";
import { signUp } from "./signup.js";

let emulator;
beforeAll(async () => {
  emulator = await Emulator.start();
});
afterAll(() => emulator.stop());

const test = base.extend({
  account: async ({}, use) => {
    const account = await emulator.account();
    await use(account);
    await account.stop();
  },
  post: async ({ account }, use) => {
    const server = signUp(account.client(twilio), account.number).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${server.address().port}`;
    await use(async (path, form) => {
      const answer = await fetch(url + path, { method: "POST", body: new URLSearchParams(form) });
      return answer.text();
    });
    server.close();
    server.closeAllConnections();
  },
});

test("the code on the phone is the one that counts", async ({ account, post }) => {
  const ann = await account.handset("+12025550199");
  expect(await post("/code", { number: ann.address })).toContain("Your code");
  const [code] = await ann.codes();
  expect(await post("/enter", { code: "no" })).toContain("That is not it.");
  expect(await post("/enter", { code })).toContain("Welcome!");
});

test("nobody else gets it", async ({ account, post }) => {
  const ben = await account.handset("+12025550123");
  await post("/code", { number: "+12025550199" });
  expect(await ben.inbox()).toEqual([]);
});
