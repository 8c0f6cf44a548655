// What one phone holds, by thread, kept up to date.

import { at } from "../api.js";

/** Items of one phone. Watchers are told after each change. */
export class Inbox {
  /**
   * @param {Session} session
   * @param {string} address
   */
  constructor(session, address) {
    this.session = session;
    this.address = address;
    this.items = new Map(); // by id
    this.last = 0; // the greatest seq that was read
    this.ready = false;
    this.watchers = new Set();
    this.reading = null;
    this.unheard = session.live.on((events) => this.hear(events));
    this.load();
  }

  close() {
    this.unheard();
    this.watchers.clear();
  }

  /** @param {() => void} see */
  watch(see) {
    this.watchers.add(see);
    return () => this.watchers.delete(see);
  }

  async load() {
    this.last = 0;
    await this.read(true);
  }

  /** Reads what came after the last item; one read at a time, and another one if news came. */
  async read(anew = false) {
    if (this.reading) {
      this.again = true;
      return this.reading;
    }
    this.reading = this.readNow(anew).finally(() => (this.reading = null));
    await this.reading;
    if (this.again) {
      this.again = false;
      await this.read();
    }
    return undefined;
  }

  /** @param {boolean} anew */
  async readNow(anew) {
    const path = at`/handsets/${this.address}/messages`;
    try {
      const { items, next_seq: next } = await this.session.api.get(path, { since: this.last });
      if (anew) this.items.clear();
      for (const item of items) this.items.set(item.id, item);
      this.last = next;
      this.ready = true;
      this.tell();
    } catch {
      // The phone or the emulator is gone: the part that shows this hears of either by itself.
    }
  }

  /** @param {LiveEvent[] | null} events */
  hear(events) {
    if (events === null) {
      this.load();
      return;
    }
    let news = false;
    let changed = false;
    for (const { type, event, fields } of events) {
      if (event === "MessagesCleared" || (event === "InboxCleared" && fields.handset.address === this.address)) {
        this.load();
        return;
      }
      const item = fields?.item;
      if (item?.handset === this.address) {
        const known = this.items.get(item.sid);
        if (known && type === "handset.read") changed = this.change(known, { state: "read" });
        else if (known && type === "ItemExpired") changed = this.change(known, { state: "expired" });
        else news = true;
      } else if (type === "message.status" && this.items.has(fields.text.sid)) {
        const { status, error_code: code = null } = fields.text;
        changed = this.change(this.items.get(fields.text.sid), { status, error_code: code });
      }
    }
    if (changed) this.tell();
    if (news) this.read();
  }

  /**
   * @param {Item} item
   * @param {object} changes
   */
  change(item, changes) {
    this.items.set(item.id, { ...item, ...changes });
    return true;
  }

  /**
   * The messages with one peer, in order.
   * @param {string} peer
   */
  thread(peer) {
    return [...this.items.values()].filter((item) => item.thread === peer).sort((one, two) => one.seq - two.seq);
  }

  /** Every thread: `{ peer, last, unread }`, the newest first. */
  threads() {
    const found = new Map();
    for (const item of this.items.values()) {
      const thread = found.get(item.thread) ?? { peer: item.thread, last: item, unread: 0 };
      if (item.seq > thread.last.seq) thread.last = item;
      if (isUnread(item)) thread.unread += 1;
      found.set(item.thread, thread);
    }
    return [...found.values()].sort((one, two) => two.last.seq - one.last.seq);
  }

  tell() {
    for (const see of [...this.watchers]) see();
  }
}

/** @param {Item} item */
export const isUnread = (item) => item.direction === "to_handset" && item.state === "displayed";
