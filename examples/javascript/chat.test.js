// A React chat, whose user talks with somebody on a phone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "esbuild";
import twilio from "twilio";
import { chat } from "./chat.js";
import { staged } from "./stage.js";

test("a user of the chat and a phone talk", async (t) => {
  const { account, page, serve } = await staged(t);
  const ann = await account.handset("+12025550199", { label: "Ann" });
  const { conversations } = account.client(twilio).conversations.v1;
  const { sid } = await conversations.create({ friendlyName: "Parcel 42" });
  await conversations(sid).participants.create({ identity: "alice" });
  await conversations(sid).participants.create({
    "messagingBinding.address": ann.address,
    "messagingBinding.proxyAddress": account.number,
  });

  const uri = `${account.url.replace("http", "ws")}/v3/wsconnect`;
  await page.goto(await serve(chat(await bundled(), account, { twilsock: { uri } })));
  await page.getByRole("heading", { name: "Parcel 42" }).waitFor();

  await ann.send("Where is my parcel?");
  await page.getByText(`${ann.address}: Where is my parcel?`).waitFor();
  await page.getByLabel("Say").fill("It is on the van.");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText("alice: It is on the van.").waitFor();
  assert.equal((await ann.wait()).body, "It is on the van.");
});

async function bundled() {
  const { outputFiles } = await build({
    entryPoints: [new URL("chat.jsx", import.meta.url).pathname],
    bundle: true,
    write: false,
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "error",
  });
  return outputFiles[0].text;
}
