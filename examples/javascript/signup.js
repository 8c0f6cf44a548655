// A sign-up: somebody says a number, gets a code there, and enters it.

import { randomInt } from "node:crypto";
import { createServer } from "node:http";

const ASK = `<form method="post" action="/code">
  <label>Your number <input name="number" type="tel"></label><button>Send me a code</button>
</form>`;
const ENTER = `<form method="post" action="/enter">
  <label>Your code <input name="code" inputmode="numeric"></label><button>Sign up</button>
</form>`;

/** The app's server: `client` is Twilio's, `from` the number that it sends from. */
export function signUp(client, from) {
  let expected;
  return createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    const said = new URLSearchParams(body);
    let page = ASK;
    if (request.url === "/code") {
      expected = String(randomInt(100_000, 1_000_000));
      const text = `Your code is ${expected}`;
      await client.messages.create({ to: said.get("number"), from, body: text });
      page = ENTER;
    } else if (request.url === "/enter") {
      page = said.get("code") === expected ? "<h1>Welcome!</h1>" : `<p>That is not it.</p>${ENTER}`;
    }
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(`<!doctype html><title>Sign up</title>${page}`);
  });
}
