// What a flow of Sync stands on: an account of its own, clients, REST, and waiting.

import { createRequire } from "node:module";
import { once, Stage, until } from "../sdk/stage.mjs";

const { AccessToken } = createRequire(import.meta.url)("twilio").jwt;

export class SyncStage extends Stage {
  minted = 0;

  // A token as an app's own back-end makes it. Two of one second would be the same token, by which
  // clients do nothing, so each has another end.
  async syncToken(identity, { service = "default", chat, ttl = 3600 + this.minted++ } = {}) {
    const { account_sid, api_key, api_secret } = this.account;
    const token = new AccessToken(account_sid, api_key, api_secret, { identity, ttl });
    token.addGrant(new AccessToken.SyncGrant({ serviceSid: service }));
    if (chat) token.addGrant(new AccessToken.ChatGrant({ serviceSid: this.service }));
    return token.toJwt();
  }

  options(more = {}) {
    const uri = `${this.url.replace("http", "ws")}/v3/wsconnect`;
    return { [this.major < 3 ? "twilsock" : "Twilsock"]: { uri }, retryPolicy: { min: 50, max: 500 }, ...more };
  }

  // A client that is connected.
  async client(identity, { token, options } = {}) {
    const client = this.raw(token ?? (await this.syncToken(identity)), options);
    await this.connected(client);
    return client;
  }

  async connected(client) {
    if (client.connectionState !== "connected") {
      await once(client, "connectionStateChanged", (state) => state === "connected");
    }
  }

  // How a client is told what a document is to begin with.
  valued(data) {
    return this.major ? { data } : { value: data };
  }

  // REST, as an app's back-end calls it: a path below the default service.
  async sync(method, path, form = {}) {
    const fields = Object.entries(form).map(([name, value]) => [name, typeof value === "object" ? JSON.stringify(value) : value]);
    return this.rest(method, `/Services/default${path}`, Object.fromEntries(fields), "sync");
  }

  // Until so many connections watch an object.
  async watched(name, count = 1) {
    await until(async () => {
      const { connections } = await this.control("GET", "/connections");
      return connections.filter(({ watches }) => watches.includes(name)).length === count;
    }, `${count} clients watching ${name}`);
  }

  // Cut all clients off, as a network does.
  async cut() {
    await this.control("DELETE", "/connections");
  }

  async close() {
    for (const client of this.clients) {
      if (client.connectionState === "connected") await client.shutdown();
    }
    await this.control("DELETE", `/accounts/${this.account.account_sid}`);
  }
}

export { Heard, once, refusal, until } from "../sdk/stage.mjs";

// What an item holds; before version 1 it was its value.
export const held = (it) => it.value ?? it.data;
