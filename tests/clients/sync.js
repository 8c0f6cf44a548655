// Every operation of Sync, with Twilio's package for Node.js. Prints what was asked.

const twilio = require("twilio");

const asked = [];

class Noting extends twilio.RequestClient {
  request(options) {
    asked.push([options.method, options.uri]);
    return super.request(options);
  }
}

const client = twilio(process.env.TWILIO_ACCOUNT_SID, process.env.TWILIO_AUTH_TOKEN, {
  httpClient: new Noting(),
});
const { v1 } = client.sync;

function is(found, expected) {
  if (found !== expected) throw new Error(`${JSON.stringify(found)} is not ${expected}`);
}

async function refused(work, status, code) {
  try {
    await work;
  } catch (error) {
    is(error.status, status);
    is(error.code, code);
    return;
  }
  throw new Error("it was not refused");
}

async function permissions(object, list) {
  const rights = { read: true, write: true, manage: false };
  is((await list("alice").update(rights)).write, true);
  is((await list("alice").fetch()).manage, false);
  is((await list.list()).length, 1);
  is(await list("alice").remove(), true);
  await refused(list("alice").fetch(), 404, 20404);
  is(await object.remove(), true);
}

async function documents(service) {
  const { sid } = await service.documents.create({ uniqueName: "cart", data: { apples: 3 }, ttl: 60 });
  const cart = service.documents("cart");
  is((await cart.update({ ifMatch: "0", data: { apples: 4 } })).revision, "1");
  await refused(cart.update({ ifMatch: "0", data: {} }), 412, 54103);
  const found = await cart.fetch();
  is(found.data.apples, 4);
  is(found.dateCreated instanceof Date && !Number.isNaN(found.dateCreated.getTime()), true);
  is((await service.documents.list())[0].sid, sid);
  await permissions(cart, cart.documentPermissions);
}

async function lists(service) {
  const { sid } = await service.syncLists.create({ uniqueName: "orders" });
  const orders = service.syncLists("orders");
  is((await orders.update({ collectionTtl: 60 })).revision, "0");
  const items = orders.syncListItems;
  for (const index of [0, 1, 2]) is((await items.create({ data: { index } })).index, index);
  is((await items(1).update({ ifMatch: "1", data: {}, itemTtl: 10 })).revision, "3");
  is((await items(1).fetch()).index, 1);
  is(await items(1).remove({ ifMatch: "3" }), true);
  const found = await items.list({ order: "desc", from: "2", pageSize: 1 });
  is(found.map(({ index }) => index).join(), "2,0");
  is((await orders.fetch()).revision, "5");
  is((await service.syncLists.list())[0].sid, sid);
  await permissions(orders, orders.syncListPermissions);
}

async function maps(service) {
  const { sid } = await service.syncMaps.create({ uniqueName: "players" });
  const players = service.syncMaps("players");
  is((await players.update({ ttl: 0 })).dateExpires, null);
  const items = players.syncMapItems;
  is((await items.create({ key: "ann", data: { goals: 1 } })).key, "ann");
  await refused(items.create({ key: "ann", data: {} }), 409, 54208);
  is((await items("ann").update({ data: { goals: 2 } })).revision, "1");
  is((await items("ann").fetch()).data.goals, 2);
  is((await items.list({ from: "a", bounds: "exclusive" })).length, 1);
  is(await items("ann").remove({ ifMatch: "1" }), true);
  is((await players.fetch()).revision, "3");
  is((await service.syncMaps.list())[0].sid, sid);
  await permissions(players, players.syncMapPermissions);
}

async function streams(service) {
  await service.syncStreams.create({ uniqueName: "taps" });
  const taps = service.syncStreams("taps");
  is((await taps.update({ ttl: 60 })).uniqueName, "taps");
  is((await taps.streamMessages.create({ data: { x: 1 } })).data.x, 1);
  is((await taps.fetch()).uniqueName, "taps");
  is((await service.syncStreams.list()).length, 1);
  is(await taps.remove(), true);
}

async function main() {
  is((await v1.services("default").fetch()).sid, process.env.TWILIO_SYNC_SERVICE_SID);
  const { sid } = await v1.services.create({ friendlyName: "Shop", aclEnabled: true });
  const service = v1.services(sid);
  is((await service.update({ webhooksFromRestEnabled: true })).aclEnabled, true);
  is((await service.fetch()).webhooksFromRestEnabled, true);
  is((await v1.services.list()).length, 2);
  await documents(service);
  await lists(service);
  await maps(service);
  await streams(service);
  is(await service.remove(), true);
  console.log(JSON.stringify(asked));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
