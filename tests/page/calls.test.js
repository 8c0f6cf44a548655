import assert from "node:assert/strict";
import { test } from "node:test";

import { blamed, filled, found, groupsOf, isDangerous, Misread, said, shownAs } from "../../emulator/twilio_emulator/console/page/calls/declared.js";

const account = { $ref: "#/components/parameters/account" };
const DOCUMENT = {
  tags: [{ name: "handsets", description: "Phones." }, { name: "empty", description: "None." }, { name: "faults", description: "What goes wrong." }],
  paths: {
    "/handsets/{address}": {
      patch: {
        operationId: "change_handset",
        summary: "Changes a phone.",
        tags: ["handsets"],
        parameters: [
          { name: "address", in: "path", required: true, description: "its number.", schema: { type: "string" }, example: "+1" },
          { name: "since", in: "query", schema: { type: ["integer", "null"], minimum: -Number.MAX_SAFE_INTEGER, maximum: 100, default: 3 } },
          account,
        ],
        requestBody: {
          content: {
            "application/json": {
              schema: {
                type: "object",
                properties: {
                  power: { type: ["string", "null"], enum: ["on", "off", null], description: "whether it is on." },
                  loud: { type: "boolean" },
                  delay: { type: ["number", "string"] },
                  channels: { anyOf: [{ type: "array", items: { $ref: "#/components/schemas/Channel" } }, { type: "null" }] },
                  others: { type: "array", items: { type: "string" } },
                  extra: { type: "object", additionalProperties: { type: "string" } },
                  place: { anyOf: [{ $ref: "#/components/schemas/Place" }, { type: "null" }], description: "where it is." },
                },
                required: ["power"],
              },
              examples: { example1: { value: { power: "off" } }, example2: { value: {} } },
            },
          },
        },
      },
    },
    "/faults": {
      get: { operationId: "list_faults", summary: "Lists them.", tags: ["faults"], parameters: [account] },
      post: {
        operationId: "add_fault",
        summary: "Adds one.",
        tags: ["faults"],
        parameters: [account],
        requestBody: { content: { "application/json": { schema: { anyOf: [{ type: "object", properties: { a: { type: "string" } } }, { $ref: "#/components/schemas/Place" }] } } } },
      },
      put: { operationId: "put_faults", summary: "Has these.", tags: ["faults"], parameters: [account], requestBody: { content: { "application/yaml": { schema: { type: "string" }, examples: { example1: { value: "x: 1" } } } } } },
    },
  },
  components: {
    schemas: {
      Channel: { type: "string", enum: ["sms", "whatsapp"] },
      Place: { type: "object", description: "A place.", properties: { latitude: { type: "number" } }, required: ["latitude"] },
    },
  },
};

const groups = groupsOf(DOCUMENT);
const [phone] = groups[0].calls;
const fields = Object.fromEntries(phone.body.fields.map((field) => [field.name, field]));

/** Reads inputs that hold this. */
const holding = (held) => (name) => [held[name] ?? []].flat();

test("calls are in groups, in the order of their declaration", () => {
  assert.deepEqual(groups.map(({ name, calls }) => [name, calls.map((call) => `${call.method} ${call.path}`)]), [
    ["handsets", ["PATCH /handsets/{address}"]],
    ["faults", ["GET /faults", "POST /faults", "PUT /faults"]],
  ]);
});

test("places and parameters are fields, but for the account", () => {
  assert.deepEqual(phone.places.map(({ name, kind, isRequired, example }) => [name, kind, isRequired, example]), [["address", "text", true, "+1"]]);
  const [since, ...more] = phone.query;
  assert.deepEqual([since.kind, since.least, since.most, since.example, more.length], ["number", null, 100, 3, 0]);
});

test("what a field takes says how it is asked for", () => {
  const kinds = Object.values(fields).map(({ name, kind }) => `${name} ${kind}`);
  assert.deepEqual(kinds, ["power choice", "loud choice", "delay text", "channels choices", "others lines", "extra json", "place group"]);
  assert.deepEqual(fields.power.choices, ["on", "off", null]);
  assert.deepEqual(fields.channels.choices, ["sms", "whatsapp"]);
  assert.equal(fields.place.words, "where it is.");
  assert.deepEqual([fields.power.isRequired, fields.loud.isRequired, fields.place.fields[0].isRequired], [true, false, true]);
});

test("a body that takes one of several shapes has the fields of all, one of no JSON has none", () => {
  const [list, add, put] = groups[1].calls;
  assert.equal(list.body, null);
  assert.deepEqual(add.body.fields.map(({ name }) => name), ["latitude", "a"]);
  assert.deepEqual([put.body.type, put.body.isJson, put.body.fields, put.body.examples], ["application/yaml", false, null, ["x: 1"]]);
});

test("a search finds calls by all that is said of them", () => {
  /** @param {string} search */
  const names = (search) => found(groups, search).flatMap(({ calls }) => calls.map(({ name }) => name));
  assert.deepEqual(names("FAULT post"), ["add_fault"]);
  assert.deepEqual(names("channels"), ["change_handset"]);
  assert.deepEqual(names(""), ["change_handset", "list_faults", "add_fault", "put_faults"]);
  assert.deepEqual(names("nothing like it"), []);
});

test("what is left empty is not said, all else is JSON", () => {
  const read = holding({
    "body.power": '"off"', "body.loud": "false", "body.delay": "1.5", "body.channels": ['"sms"', '"whatsapp"'],
    "body.others": " +1 \n\n+2", "body.extra": '{"a": "b"}', "body.place.latitude": "-3",
  });
  assert.deepEqual(said(phone.body.fields, "body", read), {
    power: "off", loud: false, delay: 1.5, channels: ["sms", "whatsapp"], others: ["+1", "+2"], extra: { a: "b" }, place: { latitude: -3 },
  });
  assert.deepEqual(said(phone.body.fields, "body", holding({ "body.power": "null", "body.delay": "PT1H", "body.others": " " })), { power: null, delay: "PT1H" });
});

test("what is no JSON says where", () => {
  const read = holding({ "body.extra": "{a" });
  assert.throws(() => said(phone.body.fields, "body", read), (/** @type {Misread} */ error) => error instanceof Misread && error.field === "body.extra");
});

test("what an input shows is read as it was", () => {
  const value = { power: "on", loud: true, delay: 90, others: ["+1", "+2"], extra: { a: "b" } };
  const held = Object.fromEntries(Object.entries(value).map(([name, each]) => [`body.${name}`, shownAs(fields[name], each)]));
  assert.deepEqual(said(phone.body.fields, "body", holding(held)), value);
  assert.equal(shownAs(fields.delay, null), "");
});

test("paths are filled in, and encoded", () => {
  assert.equal(filled("/handsets/{address}/x/{b}", { address: "+1 /" }), "/handsets/%2B1%20%2F/x/");
});

test("what takes something away asks first", () => {
  const call = { ...phone, body: null };
  const dangers = [["DELETE", "/journal"], ["POST", "/reset"], ["PUT", "/snapshot"], ["PUT", "/optouts"], ["POST", "/faults"]];
  assert.deepEqual(dangers.map(([method, path]) => isDangerous({ ...call, method, path })), [true, true, true, false, false]);
});

for (const [message, name] of [
  ["body do.final.status: expected sent", "body.do.final.status"],
  ["body do.final.other: expected less", "body.do.final"],
  ["body media[0].url: expected str", "body.media"],
  ["body: Object missing required field to", "body.to"],
  ["query limit: expected int, got str", "query.limit"],
  ["address: expected a phone", "path.address"],
  ["limit: expected 1 or more", "query.limit"],
  ["body do final.status: expected sent", "body.do.final.status"],
  ["there is no such phone", null],
  ["no phone: expected one", null],
  ["body: expected JSON, but it is cut off", "body"],
]) {
  test(`the input is found that is meant by: ${message}`, () => {
    const inputs = ["path.address", "query.limit", "body", "body.to", "body.media", "body.do.final", "body.do.final.status"];
    assert.equal(blamed(message, inputs)?.name ?? null, name);
  });
}
