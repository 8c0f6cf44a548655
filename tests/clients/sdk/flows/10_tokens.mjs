// Access tokens: renewed, about to expire, expired, and refused.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { Heard, refusal } from "../stage.mjs";

export async function are_renewed(stage) {
  await stage.freeze();
  const token = await stage.token("alice", { ttl: 600 });
  const client = await stage.client("alice", { token });
  const heard = new Heard(client, "tokenAboutToExpire", "tokenExpired");
  await stage.advance(300);
  await client.updateToken(await stage.token("alice", { ttl: 600 }));
  await client.updateToken(client.token);
  await stage.advance(400);
  assert.deepEqual(heard.all, []);
  await stage.advance(30);
  await heard.next("tokenAboutToExpire");
  const { connections: [shown] } = await stage.control("GET", "/connections");
  assert.equal(shown.state, "open");
}

export async function expire_on_the_clock(stage) {
  await stage.freeze();
  const client = await stage.client("alice", { token: await stage.token("alice", { ttl: 185 }) });
  const heard = new Heard(client, "tokenAboutToExpire", "tokenExpired", "connectionStateChanged");
  await stage.advance(4);
  assert.deepEqual(heard.all, []);
  await stage.advance(1);
  await heard.next("tokenAboutToExpire");
  await stage.advance(179);
  assert.deepEqual(heard.all, []);
  await stage.advance(1);
  await heard.next("tokenExpired");
  await heard.next("connectionStateChanged", (state) => state === "disconnected");
  await client.updateToken(await stage.token("alice"));
  await heard.next("connectionStateChanged", (state) => state === "connected");
}

export async function warn_at_once_when_they_are_short(stage) {
  const token = await stage.token("alice", { ttl: 60 });
  if (stage.major === 1) return; // it warns before anybody can listen
  const client = stage.raw(token);
  await new Heard(client, "tokenAboutToExpire").next("tokenAboutToExpire");
  await client.getSubscribedConversations();
}

export async function are_refused_for_another_identity(stage) {
  const client = await stage.client("alice");
  const heard = new Heard(client, "connectionError", "connectionStateChanged");
  await refusal(client.updateToken(await stage.token("mallory")));
  const error = await heard.next("connectionError");
  assert.deepEqual([error.terminal, error.httpStatusCode, error.errorCode], [true, 401, 51215]);
  await heard.next("connectionStateChanged", (state) => state === "denied");
}

const encoded = (said) => Buffer.from(JSON.stringify(said)).toString("base64url");

function signed(stage, { secret, header = {}, ...claims } = {}) {
  const { account_sid, api_key, api_secret } = stage.account;
  const now = Math.floor(Date.now() / 1000);
  const said = {
    jti: `${api_key}-${now}`,
    iss: api_key,
    sub: account_sid,
    iat: now,
    exp: now + 3600,
    grants: { identity: "alice", chat: { service_sid: stage.service } },
    ...claims,
  };
  const head = encoded({ alg: "HS256", typ: "JWT", cty: "twilio-fpa;v=1", ...header });
  const input = `${head}.${encoded(said)}`;
  return `${input}.${createHmac("sha256", secret ?? api_secret).update(input).digest("base64url")}`;
}

export async function are_refused_with_the_code_of_each_fault(stage) {
  const now = Math.floor(Date.now() / 1000);
  const chat = { service_sid: stage.service };
  const foreign = await stage.control("POST", "/accounts", {});
  const faults = [
    [20101, "nonsense"],
    [20101, signed(stage, { exp: undefined })],
    [20104, signed(stage, { exp: now + 90_000 })],
    [20104, signed(stage, { exp: "tomorrow" })],
    [20102, signed(stage, { header: { alg: "HS512" } })],
    [20102, signed(stage, { header: { cty: "text" } })],
    [20103, signed(stage, { iss: "SK" + "0".repeat(32) })],
    [20103, signed(stage, { sub: "AC" + "0".repeat(32) })],
    [20103, signed(stage, { sub: foreign.account_sid })],
    [20104, signed(stage, { iat: now - 7200, exp: now - 3600 })],
    [20105, signed(stage, { nbf: now + 1800 })],
    [20106, signed(stage, { grants: { identity: "alice" } })],
    [20106, signed(stage, { grants: { chat } })],
    [20106, signed(stage, { grants: { identity: "alice", chat: { service_sid: "IS" + "0".repeat(32) } } })],
    [20106, signed(stage, { grants: { identity: "alice", chat: { service_sid: foreign.conversation_service_sid } } })],
    [20107, signed(stage, { secret: "another" })],
    [50203, signed(stage, { grants: { identity: "system", chat } })],
  ];
  for (const [code, token] of faults) {
    if (stage.major === 1) {
      await rejected(stage, token);
      continue;
    }
    const client = stage.raw(token);
    const heard = new Heard(client, "connectionError", "tokenExpired", "initFailed");
    const error = await heard.next("connectionError");
    assert.deepEqual([error.terminal, error.httpStatusCode, error.errorCode], [true, 401, code]);
    await heard.next("initFailed");
    if (code === 20104) await heard.next("tokenExpired");
  }
  await stage.control("DELETE", `/accounts/${foreign.account_sid}`);
  const { entries } = await stage.control("GET", "/journal");
  const turned = entries.filter(({ kind, state }) => kind === "connection" && state === "refused");
  assert.ok(turned.some(({ code, reason }) => code === 20107 && reason.includes(stage.account.api_key)));
  const good = await stage.client("alice", { token: signed(stage) });
  assert.equal(good.user.identity, "alice");
}

// Version 1 shows a client only once it is let in; what it cannot open it throws where nobody catches.
async function rejected(stage, token) {
  stage.tolerates = /^Unable to connect/;
  assert.match((await refusal(stage.library.Client.create(token, stage.options()))).message, stage.tolerates);
}
