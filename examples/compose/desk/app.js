"use strict";
// The desk that knows where parcels are. It answers by text, with a picture.
// Nothing in it knows of the emulator.

const http = require("http");
const twilio = require("twilio");

const { TWILIO_AUTH_TOKEN, TWILIO_PHONE_NUMBER, DESK_URL } = process.env;
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

const client = twilio();

async function text(form) {
  const [customer] = form.Body.split(" ", 1);
  await client.messages.create({
    to: form.From,
    from: TWILIO_PHONE_NUMBER,
    body: `${customer} It is at your door.`,
    mediaUrl: [`${DESK_URL}/door.png`],
    statusCallback: `${DESK_URL}/status`,
  });
}

async function answer(request, response) {
  if (request.url === "/health") {
    return response.end("ok");
  }
  if (request.url === "/door.png") {
    return response.setHeader("Content-Type", "image/png").end(PICTURE);
  }
  let body = "";
  for await (const chunk of request) {
    body += chunk;
  }
  const form = Object.fromEntries(new URLSearchParams(body));
  const signature = request.headers["x-twilio-signature"] ?? "";
  const url = `http://${request.headers.host}${request.url}`;
  if (!twilio.validateRequest(TWILIO_AUTH_TOKEN, signature, url, form)) {
    return response.writeHead(403).end();
  }
  if (request.url === "/sms") {
    await text(form);
  }
  return response.writeHead(204).end();
}

const server = http.createServer((request, response) => {
  answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
});
server.listen(3000, "0.0.0.0", () => console.log("the desk is open"));
