// All phones of the account, kept up to date for the parts of the page that show some of them.

import { at } from "./api.js";
import { bare } from "./words.js";

const MANY = 20; // phones that changed at once, from which on all are read

/** Phones by address. Watchers are told after each change. */
export class Handsets {
  /**
   * @param {import("./api.js").Api} api
   * @param {Pick<import("./live.js").Live, "on">} live
   */
  constructor(api, live) {
    this.api = api;
    /** @type {Map<string, Handset>} */
    this.all = new Map();
    this.watchers = new Set();
    this.touched = new Set();
    this.reading = false;
    this.unheard = live.on((events) => events?.forEach((event) => this.hear(event)));
  }

  close() {
    this.unheard();
    this.watchers.clear();
  }

  /** @param {string} address */
  get(address) {
    return this.all.get(address);
  }

  /**
   * What the phone with an address is called, when that is more than its number.
   * @param {string} address
   */
  nameOf(address) {
    const handset = this.all.get(bare(address ?? ""));
    return handset?.label || handset?.profile_name || null;
  }

  /** The phones that were in use last come first. */
  inOrder() {
    /** @param {Listed} it */
    const moment = (it) => it.last_message?.at ?? it.date_created;
    return [...this.all.values()].sort((one, two) => moment(two).localeCompare(moment(one)));
  }

  get unread() {
    return [...this.all.values()].reduce((sum, it) => sum + it.unread, 0);
  }

  /** @param {() => void} see */
  watch(see) {
    this.watchers.add(see);
    return () => this.watchers.delete(see);
  }

  /** Reads all; what changes meanwhile is read afterwards, or an older answer would hide it. */
  async load() {
    this.loading = true;
    try {
      const { handsets } = await this.api.get("/handsets");
      this.all = new Map(handsets.map((/** @type {any} */ each) => [each.address, each]));
    } finally {
      this.loading = false;
    }
    this.tell();
    if (this.touched.size && !this.reading) this.read();
  }

  /**
   * Takes what a call answered about a phone.
   * @param {Handset} handset
   */
  take(handset) {
    this.all.set(handset.address, handset);
    this.tell();
  }

  /** @param {{ event: any, fields: any }} of */
  hear({ event, fields }) {
    if (event === "MessagesCleared") {
      for (const each of this.all.keys()) this.touched.add(each);
      if (!this.reading && !this.loading) this.read();
      return;
    }
    const address = fields?.item?.handset ?? fields?.call?.handset ?? fields?.handset?.address;
    if (!address) return;
    if (event === "HandsetRemoved") {
      this.touched.delete(address);
      this.all.delete(address);
      this.tell();
      return;
    }
    this.touched.add(address);
    if (!this.reading && !this.loading) this.read();
  }

  /** Reads what has changed, in turns: what changes meanwhile is read in the next. */
  async read() {
    this.reading = true;
    try {
      while (this.touched.size) {
        const addresses = [...this.touched];
        this.touched.clear();
        if (addresses.length > MANY) await this.load();
        else await Promise.all(addresses.map((address) => this.readOne(address)));
      }
    } catch {
      // The emulator is gone; when it is back everything is read anew.
    } finally {
      this.reading = false;
    }
  }

  /** @param {string} address */
  async readOne(address) {
    try {
      this.take(await this.api.get(at`/handsets/${address}`));
    } catch (refusal) {
      if (refusal.status !== 404) throw refusal;
      this.all.delete(address);
      this.tell();
    }
  }

  tell() {
    for (const see of [...this.watchers]) see();
  }
}
