// Client SDKs on the socket: who is connected, what they watch, and hanging up on them.

import { at } from "../api.js";
import { h, icon, iconButton } from "../dom.js";
import { part } from "../inspector/exchange.js";
import { trying } from "../toast.js";
import { exactly, plainly, relative } from "../words.js";
import { SimplePage } from "./simple.js";

/** `#/connections` */
export default class ConnectionsPage extends SimplePage {
  /** @param {Host} console */
  constructor(console) {
    super(console);
    // Who comes and goes is no event of the world, nor what they watch: the usual stream tells neither.
    this.hearBesides("connection,subscription");
  }

  get title() {
    return "Connections";
  }

  changes() {
    return true; // whatever happens may make a client watch something else
  }

  tools() {
    return h("button", { onclick: () => this.hangUp("/connections") }, icon("close"), "Hang up on all");
  }

  async fetch() {
    return (await this.session.api.get("/connections")).connections;
  }

  /** @param {Listed[]} connections */
  draw(connections) {
    if (!connections.length) return h("p.empty", "No client SDK is connected.");
    return connections.map((/** @type {any} */ each) => this.card(each));
  }

  /** @param {Listed} it */
  card(it) {
    const name = plainly(it.identity);
    const now = this.session.clock.now();
    return h(
      "section.card",
      { "data-test": "connected", "data-id": it.id },
      h(
        "div.card-head",
        h("h2", h("bdi", name)),
        h("span.tag", { class: `tag ${it.state === "open" ? "good" : "warn"}` }, it.state),
        h("span.grow"),
        iconButton("close", `Hang up on ${name}`, () => this.hangUp(at`/connections/${it.id}`)),
      ),
      h("dl.facts-list", [
        fact("Since", h("span", { title: exactly(it.since) }, relative(it.since, now))),
        it.token_expires && fact("Token expires", h("span", { title: exactly(it.token_expires) }, relative(it.token_expires, now))),
        fact("Service", h("span.mono", it.service_sid)),
        fact("Client", Object.entries(it.client).map(([key, value]) => `${key} ${value}`).join(", ") || "unknown"),
      ]),
      part(`Watches ${it.watches.length} objects`, () => h("ul.plain.mono", it.watches.map((/** @type {any} */ each) => h("li", plainly(each))))),
    );
  }

  /** @param {string} path */
  async hangUp(path) {
    await trying(this.session.api.delete(path));
    await this.read();
  }
}

/**
 * @param {string} name
 * @param {any} value
 */
const fact = (name, value) => [h("dt", name), h("dd", value)];
