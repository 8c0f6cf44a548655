// The sign-up by Playwright Test: an emulator for each worker, an account and the app for each test.

import { once } from "node:events";
import { test as base, expect } from "@playwright/test";
import twilio from "twilio";
import { Emulator } from "twilio-emulator";
import { signUp } from "./signup.js";

const test = base.extend({
  emulator: [
    async ({}, use) => {
      const emulator = await Emulator.start();
      await use(emulator);
      await emulator.stop();
    },
    { scope: "worker" },
  ],
  account: async ({ emulator }, use) => {
    const account = await emulator.account();
    await use(account);
    await account.stop();
  },
  baseURL: async ({ account }, use) => {
    const server = signUp(account.client(twilio), account.number).listen(0, "127.0.0.1");
    await once(server, "listening");
    await use(`http://127.0.0.1:${server.address().port}`);
    server.close();
    server.closeAllConnections();
  },
});

test("somebody signs up with the code on the phone", async ({ account, page }) => {
  const ann = await account.handset("+12025550199");
  await page.goto("/");
  await page.getByLabel("Your number").fill(ann.address);
  await page.getByRole("button", { name: "Send me a code" }).click();

  const [code] = await ann.codes();
  await page.getByLabel("Your code").fill(code);
  await page.getByRole("button", { name: "Sign up" }).click();
  await expect(page.getByRole("heading", { name: "Welcome!" })).toBeVisible();
});
