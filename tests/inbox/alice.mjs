// Alice on Twilio's own client: connects, and says a word to whoever writes to her.
//
//     node alice.mjs PACKAGE URL TOKEN
//
// prints a line when she is there, and ends with her standard input.

import { createRequire } from "node:module";

const [, , name, url, token] = process.argv;
const { Client } = createRequire(import.meta.url)(name);
const uri = `${url.replace("http", "ws")}/v3/wsconnect`;
const client = new Client(token, { Twilsock: { uri }, retryPolicy: { min: 10, max: 100 } });

client.on("messageAdded", async (message) => {
  if (message.author !== "alice") await message.conversation.sendMessage(`You said: ${message.body}`);
});
client.on("initialized", () => process.stdout.write("here\n"));
process.stdin.on("end", () => process.exit()).resume();
