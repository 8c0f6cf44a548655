// Sync: what pages and back ends share, as it changes; who watches it; and its values, edited in
// place.

import { at } from "../api.js";
import { h, icon, iconButton } from "../dom.js";
import { json } from "../inspector/json.js";
import { say, trying } from "../toast.js";
import { count, exactly, plainly, relative } from "../words.js";
import { SimplePage } from "./simple.js";

const SHOWN = 100; // objects of a kind, items of an object
const HEARD = 20; // messages of a stream

/** @type {[kind: string, words: string, empty: string][]} */
const KINDS = [
  ["document", "Documents", "No document yet. A page makes one with client.document(name), a back end with Sync's API."],
  ["list", "Lists", "No list yet."],
  ["map", "Maps", "No map yet."],
  ["stream", "Streams", "No stream yet."],
];

/** `#/sync` */
export default class SyncPage extends SimplePage {
  /** @param {Host} console */
  constructor(console) {
    super(console);
    /** @type {Map<string, any[]>} */
    this.heard = new Map(); // messages of streams, by the stream's sid
    /** @type {string | undefined} */
    this.service = undefined;
    /** @type {{ sid: string, item: string | null, revision: string | null } | null} */
    this.editing = null;
    this.unwatch = this.session.clock.watch(() => this.count());
    // Who opens an object and who leaves it changes nothing in the account: the usual stream is silent.
    this.hearBesides("connection,subscription");
  }

  close() {
    super.close();
    this.unwatch();
  }

  get title() {
    return "Sync";
  }

  tools() {
    this.services = h("select", { "aria-label": "Sync service", hidden: true, onchange: () => this.choose() });
    return this.services;
  }

  /** @param {LiveEvent} of */
  changes({ type, event, fields }) {
    if (event === "StreamMessagePublished") this.hear(fields);
    return type.startsWith("sync.") || type === "clock.advanced";
  }

  /** @param {any} fields */
  hear({ resource, message, by }) {
    const said = this.heard.get(resource.sid) ?? [];
    said.unshift({ sid: message.sid, data: JSON.parse(message.data), identity: by?.identity ?? "system" });
    this.heard.set(resource.sid, said.slice(0, HEARD));
  }

  async choose() {
    this.service = this.services?.value;
    this.editing = null;
    await this.readAndShow();
  }

  async fetch() {
    const { api } = this.session;
    const { services } = await api.get("/sync/services");
    const service = services.some((/** @type {any} */ each) => each.sid === this.service) ? this.service : services[0]?.sid;
    this.service = service;
    const found = await Promise.all(KINDS.map(([kind]) => (service ? api.get(`/sync/${kind}s`, { service, limit: SHOWN }) : { objects: [] })));
    /** @type {Record<string, any>} */
    const items = {};
    const unfolded = found.flatMap(({ objects }) => objects).filter((/** @type {any} */ each) => each.items !== null && this.opened.has(each.sid));
    await Promise.all(unfolded.map(async (/** @type {any} */ each) => (items[each.sid] = await api.get(`${path(each)}/items`, { service, limit: SHOWN }))));
    return { services, found, items };
  }

  redraw() {
    if (!this.editing || !this.content.querySelector(".sync-form")) return super.redraw();
    // What is being written stays as it is; that somebody else was faster is said beside it.
    const now = revision(this.answer, this.editing);
    this.warning?.replaceChildren(now === this.editing.revision ? "" : now === null ? "It is gone meanwhile." : "It has changed meanwhile.");
  }

  /** Shows how long objects live. */
  count() {
    const now = this.session.clock.now();
    for (const element of this.content.querySelectorAll("time[data-until]")) element.textContent = ends(element.dataset.until ?? "", now);
  }

  /** @param {{ services: Listed[], found: { objects: Listed[], next?: string }[], items: Record<string, any> }} of */
  draw({ services, found, items }) {
    this.show_services(services);
    return h(
      "div.sync",
      KINDS.map(([kind, words, empty], n) => {
        const { objects, next } = found[n];
        return h(
          "section",
          { "aria-label": words },
          h("h2", words),
          objects.length ? objects.map((/** @type {any} */ each) => this.card(each, items[each.sid])) : h("p.empty", empty),
          next && h("p.hint", `The newest ${SHOWN} are shown.`),
          kind === "document" && this.maker(),
        );
      }),
    );
  }

  /** @param {Listed[]} services */
  show_services(services) {
    if (!this.services) return;
    this.services.hidden = services.length < 2;
    this.services.replaceChildren(...services.map((/** @type {any} */ each) => h("option", { value: each.sid, selected: each.sid === this.service }, each.friendly_name ? `${plainly(each.friendly_name)} (${each.sid})` : each.sid)));
  }

  /**
   * @param {Listed} it
   * @param {any} page of its items, when it is unfolded
   */
  card(it, page) {
    return h(
      "article.card",
      { "data-test": "sync-object", "data-sid": it.sid, "data-kind": it.kind },
      h(
        "div.card-head",
        h("h3", h("bdi", plainly(it.unique_name ?? it.sid))),
        it.revision !== null && h("span.tag", { "data-test": "revision", title: `Changed ${exactly(it.date_updated)}, made by ${plainly(it.created_by)}` }, `revision ${it.revision}`),
        it.date_expires && this.until(it.date_expires),
        h("span.grow"),
        it.watched_by.map((/** @type {any} */ each) => watcher(each)),
        iconButton("trash", `Remove ${plainly(it.unique_name ?? it.sid)}`, () => this.after(this.session.api.delete(path(it), { service: this.service }))),
      ),
      it.kind === "document" ? this.value(it, null, it.data, it.revision) : it.kind === "stream" ? this.stream(it) : this.items(it, page),
    );
  }

  /**
   * A value, or the form that changes it.
   * @param {Listed} it
   * @param {string | null} item
   * @param {any} data
   * @param {string} known the revision that is shown
   */
  value(it, item, data, known) {
    const { editing } = this;
    if (editing && editing.sid === it.sid && editing.item === item) return this.form(it, item, data);
    const edit = iconButton("pen", "Edit", () => this.edit({ sid: it.sid, item, revision: known }), { "data-test": "edit" });
    return h("div.sync-value", json(data), edit);
  }

  /** @param {{ sid: string, item: string | null, revision: string | null } | null} what */
  edit(what) {
    this.content.querySelector(".sync-form")?.remove(); // that of another value
    this.editing = what;
    this.wanted = true;
    this.redraw();
  }

  /**
   * @param {Listed} it
   * @param {string | null} item
   * @param {any} data
   */
  form(it, item, data) {
    const text = JSON.stringify(data, null, 2);
    const area = h("textarea.mono", { value: text, rows: String(Math.min(text.split("\n").length + 1, 20)), spellcheck: "false", "aria-label": "Value", "data-test": "value" });
    queueMicrotask(() => area.focus());
    this.warning = h("span.hint", { role: "status", "data-test": "meanwhile" });
    const save = async (/** @type {any} */ event) => {
      event.preventDefault();
      const value = read(area.value);
      if (value === undefined) return;
      const where = item === null ? path(it) : `${path(it)}${at`/items/${item}`}`;
      if (await trying(this.session.api.put(where, { service: this.service, data: value }))) this.end();
    };
    return h("form.sync-form", { onsubmit: save }, area, h("div.buttons", this.warning, h("span.grow"), h("button", { type: "button", onclick: () => this.end() }, "Cancel"), h("button.primary", { type: "submit", "data-test": "save" }, "Save")));
  }

  /** The value is shown again, and the focus is where it can be changed once more. */
  async end() {
    const { sid = "", item = null } = this.editing ?? {};
    this.editing = null;
    await this.readAndShow();
    const card = this.content.querySelector(`[data-sid="${sid}"]`);
    const place = item === null ? card : [...(card?.querySelectorAll("[data-name]") ?? [])].find((/** @type {any} */ each) => each.dataset.name === item);
    place?.querySelector("[data-test=edit]")?.focus();
  }

  /**
   * @param {Listed} it
   * @param {any} page
   */
  items(it, page) {
    const details = h("details", { open: this.opened.has(it.sid) }, h("summary", count(it.items, "item")), page && this.rows(it, page));
    details.addEventListener("toggle", () => {
      if (details.open === this.opened.has(it.sid)) return;
      if (details.open) this.opened.add(it.sid);
      else this.opened.delete(it.sid);
      this.read();
    });
    return details;
  }

  /**
   * @param {Listed} it
   * @param {{ items: Listed[], next?: string }} page
   */
  rows(it, page) {
    const rows = page.items.map((/** @type {any} */ each) => {
      const name = each.key ?? String(each.index);
      return h(
        "li",
        { "data-test": "sync-item", "data-name": name },
        h("div.card-head", h("code", plainly(name)), h("span.hint", `revision ${each.revision}`), each.date_expires && this.until(each.date_expires), h("span.grow"), iconButton("trash", `Remove item ${plainly(name)}`, () => this.after(this.session.api.delete(`${path(it)}${at`/items/${name}`}`, { service: this.service })))),
        this.value(it, name, each.data, each.revision),
      );
    });
    return h("div.sync-items", h("ul.plain", rows), page.next && h("p.hint", `The first ${SHOWN} are shown.`), this.adder(it));
  }

  /** @param {Listed} it */
  adder(it) {
    const key = it.kind === "map" && h("input", { placeholder: "key", "aria-label": "Key", required: true });
    const text = h("input.mono", { placeholder: '{"amount": 2}', "aria-label": "Value", required: true });
    const add = async (/** @type {any} */ event) => {
      event.preventDefault();
      const data = read(text.value);
      if (data === undefined) return;
      const { service } = this;
      const said = { service, data };
      const { api } = this.session;
      if (key) {
        const listed = await trying(api.get(`${path(it)}/items`, { service })); // all, not those that are shown
        if (!listed) return;
        if (listed.items.some((/** @type {any} */ each) => each.key === key.value)) return say(`There is an item ${plainly(key.value)} already.`, "bad");
      }
      this.after(key ? api.put(`${path(it)}${at`/items/${key.value}`}`, said) : api.post(`${path(it)}/items`, said), event.target);
    };
    return h("form.row", { onsubmit: add }, key, text, h("button", { type: "submit", "data-test": "add-item" }, icon("plus"), "Add"));
  }

  /** @param {Listed} it */
  stream(it) {
    const said = this.heard.get(it.sid) ?? [];
    const text = h("input.mono", { placeholder: '{"x": 3}', "aria-label": "Message", required: true });
    const publish = (/** @type {any} */ event) => {
      event.preventDefault();
      const data = read(text.value);
      if (data !== undefined) this.after(this.session.api.post(`${path(it)}/messages`, { service: this.service, data }), event.target);
    };
    return h(
      "div.sync-items",
      said.length ? h("ul.plain", said.map((/** @type {any} */ each) => h("li", { "data-test": "sync-message" }, h("code", JSON.stringify(each.data)), h("span.hint", ` ${plainly(each.identity)}`)))) : h("p.hint", "Nothing was said since this page is open; nobody keeps it."),
      h("form.row", { onsubmit: publish }, text, h("button", { type: "submit", "data-test": "publish" }, icon("send"), "Publish")),
    );
  }

  /** A new document. */
  maker() {
    const name = h("input", { placeholder: "cart", "aria-label": "Unique name", required: true });
    const make = async (/** @type {any} */ event) => {
      event.preventDefault();
      const { api } = this.session;
      const listed = await trying(api.get("/sync/documents", { service: this.service }));
      const isThere = listed?.objects.some((/** @type {any} */ each) => each.unique_name === name.value);
      if (isThere) return say(`There is a document ${plainly(name.value)} already.`, "bad"); // it would lose its value
      if (listed) await this.after(api.put(at`/sync/documents/${name.value}`, { service: this.service, data: {} }), event.target);
    };
    return h("form.row", { onsubmit: make }, name, h("button", { type: "submit", "data-test": "make-document" }, icon("plus"), "Make a document"));
  }

  /** @param {string} instant */
  until(instant) {
    return h("time.countdown", { "data-until": instant, title: exactly(instant) }, ends(instant, this.session.clock.now()));
  }
}

/** @param {Listed} it */
const path = (it) => at`/sync/${`${it.kind}s`}/${it.sid}`;

/**
 * A text as a JSON object; undefined when it is none, which is said.
 * @param {string} text
 * @returns {any}
 */
export function read(text) {
  try {
    const value = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return value;
    say('Expected a JSON object such as {"total": 3}', "bad");
  } catch (error) {
    say(`That is no JSON: ${error.message}`, "bad");
  }
  return undefined;
}

/**
 * The revision that something has now; null when it is gone.
 * @param {any} answer
 * @param {{ sid: string, item: string | null }} what
 */
export function revision({ found, items }, { sid, item }) {
  if (item === null) return found.flatMap((/** @type {any} */ each) => each.objects).find((/** @type {any} */ each) => each.sid === sid)?.revision ?? null;
  return items[sid]?.items.find((/** @type {any} */ each) => (each.key ?? String(each.index)) === item)?.revision ?? null;
}

/** @param {{ identity: string, connection: string }} it */
const watcher = (it) => h("span.chip", { "data-test": "watcher", title: `Connection ${it.connection}` }, icon("eye"), h("bdi", plainly(it.identity)));

/**
 * @param {string} until
 * @param {number} now
 */
const ends = (until, now) => (Date.parse(until) > now ? `ends ${relative(until, now)}` : "ends now");
