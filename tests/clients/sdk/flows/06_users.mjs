// Users: what they show, and whether they can be reached.

import assert from "node:assert/strict";
import { Heard, once, refusal } from "../stage.mjs";

export async function show_names_and_attributes(stage) {
  const [alice, bob] = [await stage.client("alice"), await stage.client("bob")];
  const seen = await alice.getUser("bob");
  const heard = new Heard(alice, "userUpdated");
  const each = new Heard(seen, "updated");
  await stage.control("GET", "/connections");
  await bob.user.updateFriendlyName("Bobby");
  await heard.next("userUpdated", ({ updateReasons }) => updateReasons.includes("friendlyName"));
  await each.next("updated");
  assert.equal(seen.friendlyName, "Bobby");
  await bob.user.updateAttributes({ colour: "red" });
  await heard.next("userUpdated", ({ updateReasons }) => updateReasons.includes("attributes"));
  assert.deepEqual(seen.attributes, { colour: "red" });
  await stage.rest("POST", "/Users/bob", { FriendlyName: "Robert" });
  await heard.next("userUpdated", () => seen.friendlyName === "Robert");
  const refused = await refusal(seen.updateFriendlyName("mine"));
  assert.equal(stage.major === 1 ? refused.code : refused.body.code, 50107);
}

export async function are_watched_and_let_go(stage) {
  const client = await stage.client("alice");
  await stage.rest("POST", "/Users", { Identity: "bob", FriendlyName: "Bob" });
  const heard = new Heard(client, "userSubscribed", "userUnsubscribed");
  const user = await client.getUser("bob");
  await heard.next("userSubscribed", ({ identity }) => identity === "bob");
  assert.deepEqual([user.friendlyName, user.isSubscribed], ["Bob", true]);
  assert.deepEqual((await client.getSubscribedUsers()).map(({ identity }) => identity), ["alice", "bob"]);
  const own = once(user, "userUnsubscribed");
  await user.unsubscribe();
  await own;
  await heard.next("userUnsubscribed");
  assert.deepEqual((await client.getSubscribedUsers()).map(({ identity }) => identity), ["alice"]);
}

export async function are_reachable_while_they_are_connected(stage) {
  await stage.rest("POST", `/Services/${stage.service}/Configuration`, { ReachabilityEnabled: "true" });
  const client = await stage.client("alice");
  assert.equal(client.reachabilityEnabled, true);
  await stage.rest("POST", "/Users", { Identity: "bob" });
  const user = await client.getUser("bob");
  assert.deepEqual([user.isOnline, user.isNotifiable], [false, false]);
  const heard = new Heard(client, "userUpdated");
  const changed = ({ user, updateReasons }) => user.identity === "bob" && updateReasons.includes("reachabilityOnline");
  const [first, second] = [await stage.client("bob"), await stage.client("bob")];
  await heard.next("userUpdated", changed);
  assert.equal(user.isOnline, true);
  assert.equal((await stage.rest("GET", "/Users/bob")).is_online, true);
  await first.shutdown();
  await stage.client("carol");
  assert.equal(user.isOnline, true);
  await second.shutdown();
  await heard.next("userUpdated", changed);
  assert.equal(user.isOnline, false);
}
