// The same app as app.py, with Twilio's package for Node.js.

const client = require("twilio")();

async function main() {
  const { conversations } = client.conversations.v1;
  const { sid, url } = await conversations.create({ friendlyName: "Parcel 42" });
  const conversation = conversations(sid);
  await conversation.participants.create({
    "messagingBinding.address": "+12025550199",
    "messagingBinding.proxyAddress": process.env.TWILIO_PHONE_NUMBER,
  });
  await conversation.participants.create({
    "messagingBinding.address": "whatsapp:+12025550123",
    "messagingBinding.proxyAddress": "whatsapp:+14155238886",
  });
  await conversation.participants.create({ identity: "alice" });
  const message = await conversation.messages.create({
    author: "alice",
    body: "It arrives tomorrow.",
  });
  let messages = [];
  const begun = Date.now();
  while (messages.length < 2) {
    if (Date.now() > begun + 40_000) throw new Error("Nobody has answered.");
    await new Promise((resolve) => setTimeout(resolve, 10));
    messages = await conversation.messages.list();
  }
  const receipts = await conversation.messages(message.sid).deliveryReceipts.list();
  process.stdout.write(
    JSON.stringify({
      messages: messages.map((each) => [each.author, each.body]),
      receipts: receipts.map((each) => each.status).sort(),
      url,
    }),
  );
}

main();
