// What a flow stands on: an account of its own, clients of Twilio's, REST, handsets, and waiting.

import { AssertionError } from "node:assert/strict";
import https from "node:https";

const PATIENCE = 30_000; // milliseconds until something that should happen counts as missing

export class Stage {
  constructor(url, library, version) {
    Object.assign(this, { url, library, version, clients: [] });
    this.major = Number(version.split(".")[0]);
  }

  async open(settings = {}) {
    this.account = await this.control("POST", "/accounts", settings);
    this.service = this.account.conversation_service_sid;
    this.number = this.account.numbers[0];
    this.whatsapp = this.account.numbers.find((each) => each.startsWith("whatsapp:"));
  }

  async close() {
    for (const client of this.clients) {
      if (client.connectionState === "connected") await client.shutdown();
    }
    await this.control("DELETE", `/accounts/${this.account.account_sid}`);
  }

  // Our own API; about this account once there is one.
  async control(method, path, body) {
    const query = this.account ? `${path.includes("?") ? "&" : "?"}account=${this.account.account_sid}` : "";
    return this.ask(method, `${this.url}/_emulator/v1${path}${query}`, {
      headers: { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  // Twilio's REST API, as an app's backend calls it.
  async rest(method, path, form = {}, product = "conversations") {
    const { account_sid, auth_token } = this.account;
    const pairs = Object.entries(form).flatMap(([name, value]) => [value].flat().map((each) => [name, each]));
    return this.ask(method, `${this.url}/${product}.twilio.com/v1${path}`, {
      headers: { Authorization: "Basic " + btoa(`${account_sid}:${auth_token}`) },
      body: method === "POST" ? new URLSearchParams(pairs) : undefined,
    });
  }

  // The same for JSON, which content templates want.
  async restJson(method, url, body) {
    const { account_sid, auth_token } = this.account;
    return this.ask(method, `${this.url}/${url}`, {
      headers: { Authorization: "Basic " + btoa(`${account_sid}:${auth_token}`), "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  async ask(method, url, options) {
    const response = await fetch(url, { method, ...options });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
    return text && JSON.parse(text);
  }

  async token(identity, wish = {}) {
    return (await this.control("POST", "/tokens", { identity, ...wish })).token;
  }

  options(more = {}) {
    const uri = `${this.url.replace("http", "ws")}/v3/wsconnect`;
    return { [this.major === 1 ? "twilsock" : "Twilsock"]: { uri }, retryPolicy: { min: 10, max: 100 }, ...more };
  }

  // A client that has not said yet that it is ready. Version 1 has no other than ready ones.
  raw(token, options) {
    const client = new this.library.Client(token, this.options(options));
    this.clients.push(client);
    return client;
  }

  // A client that is ready, and everything that it has told from the first moment on.
  async client(identity, { token, options } = {}) {
    token ??= await this.token(identity);
    let client;
    if (this.major === 1) {
      client = await this.library.Client.create(token, this.options(options));
      this.clients.push(client);
      if (client.connectionState !== "connected") await once(client, "connectionStateChanged", (state) => state === "connected");
    } else {
      client = this.raw(token, options);
      const ready = once(client, "initialized");
      const failed = once(client, "initFailed").then(({ error }) => { throw new Error(error.message); });
      failed.catch(() => {});
      await Promise.race([ready, failed]);
    }
    await client.getSubscribedConversations();
    return client;
  }

  // A conversation by REST with these identities in it, and each client's own view of it.
  async room(clients, form = {}) {
    const made = await this.rest("POST", "/Conversations", form);
    const views = [];
    for (const client of clients) {
      const joined = once(client, "conversationJoined", (it) => it.sid === made.sid);
      await this.rest("POST", `/Conversations/${made.sid}/Participants`, { Identity: client.user.identity });
      views.push(await joined);
    }
    // Until a client has the others in its roster and is subscribed to it, it tells of nobody.
    for (const view of views) {
      await until(async () => (await view.getParticipants()).length === clients.length, "everybody in the roster");
    }
    await this.watching(made.sid, clients.length);
    return [made.sid, ...views];
  }

  // Until so many connections watch the document, the messages and the roster of a conversation.
  async watching(sid, count) {
    await until(async () => {
      const { connections } = await this.control("GET", "/connections");
      const objects = [`${sid}.channel`, `${sid}.messages`, `${sid}.roster`];
      return connections.filter(({ watches }) => objects.every((each) => watches.includes(each))).length === count;
    }, `${count} clients watching ${sid}`);
  }

  async handset(address, settings = {}) {
    await this.control("PUT", `/handsets/${encodeURIComponent(address)}`, settings);
    return {
      address,
      send: (body, more = {}) =>
        this.control("POST", `/handsets/${encodeURIComponent(address)}/messages`, { to: this.number, body, ...more }),
      received: (after = 0, count = 1) =>
        this.control("GET", `/handsets/${encodeURIComponent(address)}/messages/wait?after=${after}&direction=to_handset&count=${count}&timeout=30`),
    };
  }

  async freeze() {
    await this.control("POST", "/clock", { mode: "frozen" });
  }

  async advance(seconds) {
    await this.control("POST", "/clock", { advance: seconds });
  }

  // Who has a role in a conversation may do this and no more.
  async permit(permissions, kind = "conversation") {
    const name = { conversation: "channel user", service: "service user" }[kind];
    const { roles } = await this.rest("GET", "/Roles");
    const role = roles.find(({ friendly_name }) => friendly_name === name);
    await this.rest("POST", `/Roles/${role.sid}`, { Permission: permissions });
  }
}

// Everything that an emitter tells under some names, in order; for waiting without a race.
export class Heard {
  constructor(emitter, ...names) {
    this.all = [];
    this.changed = [];
    for (const name of names) {
      emitter.on(name, (...said) => {
        this.all.push({ name, said: said[0] });
        this.changed.splice(0).forEach((wake) => wake());
      });
    }
  }

  // What the next event of a name says that passes a test; one that has been heard already counts.
  async next(name, passes = () => true) {
    return within(`${name} in [${this.names()}]`, async () => {
      for (;;) {
        const at = this.all.findIndex((each) => each.name === name && passes(each.said));
        if (at >= 0) return this.all.splice(at, 1)[0].said;
        await new Promise((wake) => this.changed.push(wake));
      }
    }, () => `${name}, after ${this.names()}`);
  }

  names() {
    return this.all.map(({ name }) => name).join(" ");
  }
}

export async function once(emitter, name, passes = () => true) {
  return new Heard(emitter, name).next(name, passes);
}

// Until a function answers something that is true; what it answers.
export async function until(answers, what) {
  return within(what, async () => {
    for (;;) {
      const answer = await answers();
      if (answer) return answer;
      await new Promise((wake) => setTimeout(wake, 10));
    }
  });
}

async function within(what, work, describe = () => what) {
  let limit;
  const over = new Promise((_, reject) => {
    limit = setTimeout(() => reject(new AssertionError({ message: `waited in vain for ${describe()}` })), PATIENCE);
  });
  try {
    return await Promise.race([work(), over]);
  } finally {
    clearTimeout(limit);
  }
}

// Whether a promise is refused, and with what.
export async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new AssertionError({ message: "was not refused" });
}

// Twilio's hosts lead here, as a hosts file and port 443 would have it: version 1 sends media to a
// host that no option changes.
export function redirect(url) {
  const { hostname, port } = new URL(url);
  const request = https.request;
  https.request = (options, ...rest) => {
    if (typeof options === "object" && /\.twilio\.com$/.test(options.host)) {
      options = { ...options, servername: options.host, host: hostname, port };
    }
    return request(options, ...rest);
  };
}
