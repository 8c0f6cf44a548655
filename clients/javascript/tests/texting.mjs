// Calls Twilio as an app does, without a library: what these tests are about is what a test holds.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { CannotCall, NotReceived } from "twilio-emulator";

/** Post a Messages, and answer the resource. */
export async function text(emulator, to, body, more = {}) {
  const { url, accountSid, authToken, number } = emulator;
  const response = await fetch(`${url}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}` },
    body: new URLSearchParams({ To: to, From: number, Body: body, ...more }),
  });
  return response.json();
}

/** What a product of Twilio's answers: `rest(emulator, "POST", "verify", "/v2/Services/...", {...})`. */
export async function rest({ url, accountSid, authToken }, method, product, path, form, headers = {}) {
  const response = await fetch(`${url}/${product}.twilio.com${path}`, {
    method,
    headers: { ...headers, authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}` },
    ...(form && { body: new URLSearchParams(form) }),
  });
  return response.json();
}

/** An app's server, which answers a webhook so, for as long as the block lasts. */
export async function answering(answer, block) {
  const app = createServer((request, response) => answer(response, request));
  await new Promise((listening) => app.listen(0, "127.0.0.1", listening));
  try {
    await block(`http://127.0.0.1:${app.address().port}/sms`);
  } finally {
    app.close();
  }
}

/** That a call is refused, in one line. */
export async function refused(doing, said) {
  await assert.rejects(doing, (error) => {
    assert.ok(error instanceof CannotCall, String(error));
    assert.match(error.message, said);
    assert.ok(!error.message.includes("\n"));
    return true;
  });
}

/** What is said of a wait that was in vain. */
export async function missed(waiting) {
  const error = await waiting.then(
    () => assert.fail("it was not in vain"),
    (reason) => reason,
  );
  assert.ok(error instanceof NotReceived, String(error));
  return error.message;
}
