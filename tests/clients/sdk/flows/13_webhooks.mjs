// Webhooks: what clients want is asked about as what REST wants is.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { Heard, refusal } from "../stage.mjs";

export async function of_an_app_decide_what_clients_say(stage) {
  const asked = [];
  const app = createServer(async (request, response) => {
    const said = new URLSearchParams((await request.toArray()).join(""));
    asked.push(said);
    const body = said.get("Body");
    response.writeHead(body === "forbidden" ? 403 : 200, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ body: `${body}, please` }));
  }).listen(0, "127.0.0.1");
  await once(app, "listening");
  try {
    const [alice, bob] = [await stage.client("alice"), await stage.client("bob")];
    const [sid, room] = await stage.room([alice, bob]);
    await stage.rest("POST", "/Configuration/Webhooks", {
      PreWebhookUrl: `http://127.0.0.1:${app.address().port}/`,
      Filters: "onMessageAdd",
    });
    const heard = new Heard(bob, "messageAdded");
    await room.sendMessage("tea");
    assert.equal((await heard.next("messageAdded")).body, "tea, please");
    const refused = await refusal(room.sendMessage("forbidden"));
    if (stage.major === 1) assert.equal(refused.code, 50056);
    else assert.deepEqual([refused.status, refused.body.code], [403, 50056]);
    assert.equal(asked.length, 2);
    for (const said of asked) {
      assert.deepEqual(
        ["EventType", "Source", "ClientIdentity", "ConversationSid"].map((name) => said.get(name)),
        ["onMessageAdd", "SDK", "alice", sid],
      );
    }
    assert.equal((await stage.rest("GET", `/Conversations/${sid}/Messages`)).messages.length, 1);
  } finally {
    app.closeAllConnections();
    app.close();
  }
}
