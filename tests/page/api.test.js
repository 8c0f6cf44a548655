import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { Api, at, Refusal } from "../../emulator/twilio_emulator/console/page/api.js";
import { answering } from "./answers.js";

let emulator = answering({});
afterEach(() => emulator.end());

test("parts of a path are encoded", () => {
  assert.equal(at`/handsets/${"+1 /?"}/messages`, "/handsets/%2B1%20%2F%3F/messages");
  assert.equal(at`/clock`, "/clock");
});

test("a call names its account, unless it says which", () => {
  const api = new Api("AC1");
  assert.equal(api.url("/clock"), "/_emulator/v1/clock?account=AC1");
  assert.equal(api.url("/accounts", { account: null }), "/_emulator/v1/accounts");
  assert.equal(new Api().url("/x", { a: "", b: 0, c: "&" }), "/_emulator/v1/x?b=0&c=%26");
});

test("each method asks with what it is given", async () => {
  const answers = Object.fromEntries(["GET", "POST", "PUT", "PATCH", "DELETE"].map((method) => [`${method} /x`, {}]));
  emulator = answering({ ...answers, "GET /x?a=1": {} });
  const api = new Api();
  await api.get("/x", { a: 1 });
  await api.post("/x");
  await api.put("/x", { b: 1 });
  await api.patch("/x", { b: 2 });
  await api.delete("/x");
  await api.following("/_emulator/v1/x");
  assert.deepEqual(emulator.asked, ["GET /x?a=1", "POST /x {}", 'PUT /x {"b":1}', 'PATCH /x {"b":2}', "DELETE /x", "GET /x"]);
});

test("no content is null", async () => {
  emulator = answering({ "DELETE /x": () => new Response(null, { status: 204 }) });
  assert.equal(await new Api().delete("/x"), null);
});

test("a refusal has the emulator's words", async () => {
  emulator = answering({});
  await assert.rejects(new Api().get("/x"), { constructor: Refusal, status: 404, code: 20404, message: "nothing at GET /x" });
});

test("a refusal without words has some", async () => {
  emulator = answering({ "GET /x": () => Response.json({}, { status: 500 }) });
  await assert.rejects(new Api().get("/x"), { status: 500, message: "the emulator answered 500" });
});

test("what is no JSON is said to be none", async () => {
  emulator = answering({ "GET /x": () => new Response("Bad gateway", { status: 502 }), "GET /y": () => new Response('{"a": ') });
  await assert.rejects(new Api().get("/x"), { constructor: Refusal, status: 502, message: "the emulator answered 502 with what is no JSON" });
  await assert.rejects(new Api().get("/y"), { constructor: Refusal, status: 0 });
});

test("an emulator that is gone is told from one that refuses", async () => {
  emulator = answering({ "GET /x": () => { throw new TypeError("fetch failed"); } });
  await assert.rejects(new Api().get("/x"), { status: 0, message: "the emulator does not answer" });
});
