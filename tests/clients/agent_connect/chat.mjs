// A customer in a browser: Twilio's JavaScript SDK, which says something and waits for an answer.
//
//     node chat.mjs TOKEN TEXT...
//
// and prints the conversation's sid, and each answer with its author, as JSON.

import { createRequire } from "node:module";

const { Client } = createRequire(import.meta.url)("@twilio/conversations");
const [, , token, ...texts] = process.argv;

const client = new Client(token);
await once("initialized", "initFailed");
const conversation = await client.createConversation();
await conversation.join();

const answers = [];
for (const text of texts) {
  const answered = once("messageAdded", "connectionError", ({ author }) => author !== client.user.identity);
  await conversation.sendMessage(text);
  const { author, body } = await answered;
  answers.push([author, body]);
}
process.stdout.write(JSON.stringify({ sid: conversation.sid, answers }), () => process.exit());

function once(good, bad, fits = () => true) {
  return new Promise((resolve, reject) => {
    const hear = (told) => {
      if (!fits(told ?? {})) return;
      client.off(good, hear);
      resolve(told);
    };
    client.on(good, hear);
    client.on(bad, (told) => reject(new Error(JSON.stringify(told))));
  });
}
