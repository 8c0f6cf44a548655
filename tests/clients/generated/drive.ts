// Drives a phone by a client whose types were made of the emulator's OpenAPI file alone.

import createClient from "openapi-fetch";
import type { components, paths } from "./control.js";

type Message = components["schemas"]["Item"];

const [url, account] = process.argv.slice(2) as [string, string];
const ann = "+12025550199";
const control = createClient<paths>({ baseUrl: `${url}/_emulator/v1` });
const query = { account };

const phone = await control.PUT("/handsets/{address}", {
  params: { path: { address: ann }, query },
  body: { label: "Ann", receipts: "auto" },
});
if (phone.error) throw new Error(phone.error.message);

const sent = await control.POST("/handsets/{address}/messages", {
  params: { path: { address: ann }, query: { ...query, wait: "webhook" } },
  body: { to: "+12025550100", body: "Hello" },
});
if (sent.error) throw new Error(sent.error.message);

const waited = await control.GET("/handsets/{address}/messages/wait", {
  params: {
    path: { address: ann },
    query: { ...query, after: "0", direction: "from_handset", contains: "Hello" },
  },
});
if (waited.error) throw new Error("others" in waited.error ? "something else came" : "nothing");
const messages: Message[] = waited.data.items;

const clock = await control.POST("/clock", { params: { query }, body: { advance: 1 } });
if (clock.error) throw new Error(clock.error.message);

const journal = await control.GET("/journal", { params: { query: { ...query, kinds: "event" } } });
const events = (journal.data?.entries ?? []).flatMap((entry) =>
  entry.kind === "event" ? [entry.event] : [],
);

const refused = await control.PATCH("/handsets/{address}", {
  params: { path: { address: "+12025550000" }, query },
  body: { network: "airplane" },
});

console.log(
  JSON.stringify({
    label: phone.data.label,
    body: messages[0]?.body,
    same: messages[0]?.message_sid === sent.data.message_sid,
    events: events.includes("HandsetSent"),
    refused: refused.error?.status,
  }),
);
