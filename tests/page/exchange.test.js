// What a webhook sent, as it is shown.

import assert from "node:assert/strict";
import { test } from "node:test";

import "./window.js";

const { exchangeDetails } = await import("../../emulator/twilio_emulator/console/page/inspector/exchange.js");

const SENT = { seq: 7, url: "http://app.test/sms?a=1", method: "POST", headers: [], signed: "", answer_headers: [], answer_body: "", body: "" };
const session = { account: {}, api: {} };
const partsOf = (exchange) => Object.fromEntries(
  [...exchangeDetails(session, { ...SENT, ...exchange }).querySelectorAll("details")].map((each) => [each.querySelector("summary").textContent, each]),
);

test("a form is a table", () => {
  const parts = partsOf({ body: "From=%2B1&Body=Hi", headers: [["Content-Type", "application/x-www-form-urlencoded"]] });
  assert.deepEqual([...parts.Parameters.querySelectorAll("td")].map((each) => each.textContent), ["+1", "Hi"]);
});

test("without a body it is the query", () => {
  assert.equal(partsOf({}).Parameters.querySelector("td").textContent, "1");
});

test("JSON is shown as JSON", () => {
  const parts = partsOf({ body: '{"eventType": "X", "data": {"a&b": "c=d"}}', headers: [["content-type", "application/json; charset=utf-8"]] });
  assert.equal(parts.Parameters, undefined);
  assert.equal(parts.Body.querySelector("pre").textContent, JSON.stringify({ eventType: "X", data: { "a&b": "c=d" } }, null, 2));
});

test("what says that it is JSON and is none is shown as it is", () => {
  const parts = partsOf({ body: '{"a', headers: [["content-type", "application/json"]] });
  assert.equal(parts.Body.querySelector("pre").textContent, '{"a');
});
