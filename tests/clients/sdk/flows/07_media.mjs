// Media: sent by clients, read by clients, to phones and from phones.

import assert from "node:assert/strict";
import { Heard, refusal } from "../stage.mjs";

const ANN = "+12025550199";

async function pair(stage) {
  const clients = [await stage.client("alice"), await stage.client("bob")];
  return [...clients, ...(await stage.room(clients))];
}

async function content(stage, url) {
  if (stage.major === 1) url = url.replace("https://", `${stage.url}/`);
  const response = await fetch(url);
  assert.equal(response.status, 200);
  return [response.headers.get("content-type"), await response.text()];
}

export async function is_sent_and_read(stage) {
  const [, bob, sid, room] = await pair(stage);
  const heard = new Heard(bob, "messageAdded");
  const index = await room.sendMessage({ contentType: "text/plain", media: Buffer.from("a file"), filename: "ä b.txt" }, { kind: "file" });
  const message = await heard.next("messageAdded");
  assert.deepEqual([message.index, message.type, message.attributes], [index, "media", { kind: "file" }]);
  const media = stage.major === 1 ? message.media : message.attachedMedia[0];
  assert.deepEqual([media.contentType, media.size], ["text/plain", 6]);
  assert.match(media.sid, /^ME/);
  if (stage.major > 1) assert.deepEqual([media.filename, media.category], ["ä b.txt", "media"]);
  assert.deepEqual(await content(stage, await media.getContentTemporaryUrl()), ["text/plain", "a file"]);
  const { messages } = await stage.rest("GET", `/Conversations/${sid}/Messages`);
  assert.deepEqual([messages[0].media[0].sid, messages[0].author], [media.sid, "alice"]);
  await refusal(room.sendMessage({ contentType: "", media: "x" }));
}

export async function is_built_of_several_files(stage) {
  if (stage.major === 1) return; // a message holds one
  const [, bob, , room] = await pair(stage);
  const heard = new Heard(bob, "messageAdded");
  await room
    .prepareMessage()
    .setBody("two files")
    .addMedia({ contentType: "text/plain", media: "one", filename: "1.txt" })
    .addMedia({ contentType: "text/html", media: "<b>two</b>", filename: "2.html" })
    .build()
    .send();
  const message = await heard.next("messageAdded");
  assert.equal(message.body, "two files");
  const files = message.attachedMedia;
  assert.deepEqual(files.map(({ filename }) => filename), ["1.txt", "2.html"]);
  const sids = files.map(({ sid }) => sid);
  for (const urls of [
    await bob.getTemporaryContentUrlsForMediaSids(sids),
    await bob.getTemporaryContentUrlsForMedia(files),
    await message.getTemporaryContentUrlsForMediaSids(sids),
    await message.getTemporaryContentUrlsForMedia(files),
    await message.getTemporaryContentUrlsForAttachedMedia(),
  ]) {
    assert.deepEqual((await content(stage, urls.get(sids[1])))[1], "<b>two</b>");
  }
  message.attachTemporaryUrlsFor?.([]);
  await refusal(bob.getTemporaryContentUrlsForMediaSids(["ME" + "0".repeat(32)]));
}

export async function mail_has_bodies_and_histories(stage) {
  if (stage.major === 1) return; // it knows no mail
  const [, bob, , room] = await pair(stage);
  const heard = new Heard(bob, "messageAdded");
  const part = (text) => ({ contentType: "text/plain", media: text, filename: "mail.txt" });
  await room
    .prepareMessage()
    .setEmailBody("text/plain", part("the body"))
    .setEmailHistory("text/plain", part("what was said before"))
    .build()
    .send();
  const message = await heard.next("messageAdded");
  assert.equal(message.getMediaByCategory("body").length, 1);
  assert.equal(message.getMediaByCategories(["body", "history"]).length, 2);
  const [body, history] = [message.getEmailBody("text/plain"), message.getEmailHistory("text/plain")];
  assert.equal((await content(stage, await body.getContentTemporaryUrl()))[1], "the body");
  assert.equal((await content(stage, await history.getContentTemporaryUrl()))[1], "what was said before");
}

export async function goes_to_phones_and_comes_from_them(stage) {
  const [, bob, sid, room] = await pair(stage);
  await stage.rest("POST", `/Conversations/${sid}/Participants`, {
    "MessagingBinding.Address": ANN,
    "MessagingBinding.ProxyAddress": stage.number,
  });
  const ann = await stage.handset(ANN);
  const heard = new Heard(bob, "messageAdded");
  await room.sendMessage({ contentType: "image/png", media: Buffer.from("not really a picture"), filename: "a.png" });
  await heard.next("messageAdded");
  const { items: [text] } = await ann.received();
  assert.deepEqual([text.media.length, text.media[0].content_type], [1, "image/png"]);
  const base64 = Buffer.from("a picture of Ann").toString("base64");
  await ann.send("look", { media: [{ base64, content_type: "image/jpeg" }] });
  const message = await heard.next("messageAdded", ({ author }) => author === ANN);
  const media = stage.major === 1 ? message.media : message.attachedMedia[0];
  assert.equal(media.contentType, "image/jpeg");
  assert.deepEqual(await content(stage, await media.getContentTemporaryUrl()), ["image/jpeg", "a picture of Ann"]);
}

export async function temporary_addresses_expire(stage) {
  await stage.freeze();
  const [, bob, , room] = await pair(stage);
  const heard = new Heard(bob, "messageAdded");
  await room.sendMessage({ contentType: "text/plain", media: "short-lived" });
  const { media, attachedMedia } = await heard.next("messageAdded");
  let url = await (attachedMedia?.[0] ?? media).getContentTemporaryUrl();
  await content(stage, url);
  await stage.advance(4 * 3600 - 1);
  await content(stage, url);
  await stage.advance(1);
  if (stage.major === 1) url = url.replace("https://", `${stage.url}/`);
  assert.equal((await fetch(url)).status, 403);
}
