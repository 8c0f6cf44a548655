// A sign-up in a browser, whose code is read from the phone.

import assert from "node:assert/strict";
import { test } from "node:test";
import twilio from "twilio";
import { signUp } from "./signup.js";
import { staged } from "./stage.js";

test("somebody signs up with the code on the phone", async (t) => {
  const { account, page, serve } = await staged(t);
  const ann = await account.handset("+12025550199", { label: "Ann" });
  await page.goto(await serve(signUp(account.client(twilio), account.number)));

  await page.getByLabel("Your number").fill(ann.address);
  await page.getByRole("button", { name: "Send me a code" }).click();
  const [code] = await ann.codes();

  await page.getByLabel("Your code").fill("no");
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByText("That is not it.").waitFor();
  await page.getByLabel("Your code").fill(code);
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByRole("heading", { name: "Welcome!" }).waitFor();
  assert.equal((await ann.inbox()).length, 1);
});
