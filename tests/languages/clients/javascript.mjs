// Sends a text by one client: for Node.js, Deno and Bun. `node javascript.mjs got`
import process from "node:process";

const { TWILIO_ACCOUNT_SID: account, TWILIO_AUTH_TOKEN: token, TWILIO_PHONE_NUMBER: from } = process.env;
const url = `https://api.twilio.com/2010-04-01/Accounts/${account}/Messages.json`;
const text = { To: "+12025550199", From: from, Body: "Hello" };
const body = new URLSearchParams(text).toString();
const headers = {
  Authorization: `Basic ${btoa(`${account}:${token}`)}`,
  "Content-Type": "application/x-www-form-urlencoded",
};
const request = { method: "POST", headers, body };

const clients = {
  fetch: async () => (await fetch(url, request)).status,

  undici: async () => (await (await import("undici")).request(url, request)).statusCode,

  got: async () => (await (await import("got")).default(url, request)).statusCode,

  "node-fetch": async () => (await (await import("node-fetch")).default(url, request)).status,

  superagent: async () =>
    (await (await import("superagent")).default.post(url).set(headers).send(body)).status,

  axios: async () => (await (await import("axios")).default.post(url, body, { headers })).status,

  https: async () => {
    const { request: begin } = await import("node:https");
    return new Promise((resolve, reject) => {
      const sending = begin(url, { method: "POST", headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sending.on("error", reject);
      sending.end(body);
    });
  },

  twilio: async () => {
    const client = (await import("twilio")).default();
    const sent = await client.messages.create({ to: text.To, from, body: text.Body });
    return sent.sid.startsWith("SM") ? 201 : sent.sid;
  },

  // The socket of the chat, over WebSocket.
  "@twilio/conversations": async () => {
    const { Client } = (await import("@twilio/conversations")).default;
    const where = `${process.env.TWILIO_EMULATOR_URL}/_emulator/v1/token?identity=ann`;
    const client = new Client(await (await fetch(where)).text());
    return new Promise((resolve, reject) => {
      client.on("initialized", () => resolve(201));
      client.on("initFailed", ({ error }) => reject(error));
    });
  },
};

try {
  console.log(await clients[process.argv[2]]());
  process.exit(0);
} catch (error) {
  console.log(error.message, error.cause?.message ?? "");
  process.exit(1);
}
