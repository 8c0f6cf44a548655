// The server of the chat: the page, and a token for whom it knows.

import { createServer } from "node:http";
import twilio from "twilio";

const PAGE = '<!doctype html><title>Chat</title><div id="root"></div><script src="/chat.bundle.js"></script>';

/**
 * @param script the bundle of chat.jsx
 * @param keys the account with its API key and its conversation service
 * @param options for the client in the browser: none where it is Twilio itself
 */
export function chat(script, keys, options = {}) {
  const { AccessToken } = twilio.jwt;
  return createServer((request, response) => {
    if (request.url === "/token") {
      const token = new AccessToken(keys.accountSid, keys.apiKey, keys.apiSecret, { identity: "alice" });
      const serviceSid = keys.conversationServiceSid;
      token.addGrant(new AccessToken.ChatGrant({ serviceSid }));
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ token: token.toJwt(), options }));
    } else if (request.url === "/chat.bundle.js") {
      response.setHeader("content-type", "text/javascript; charset=utf-8");
      response.end(script);
    } else {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(PAGE);
    }
  });
}
