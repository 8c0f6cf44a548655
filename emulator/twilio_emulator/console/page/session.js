// One account as the page looks at it: its calls, its events, its clock and its phones.

import { Api } from "./api.js";
import { WorldClock } from "./clock.js";
import { Handsets } from "./handsets.js";
import { Live } from "./live.js";

/** Everything that pages share while they show one account; `close` ends it. */
export class Session {
  /** @param {string | null} account its sid; null for the default one */
  constructor(account) {
    this.api = new Api(account);
    this.live = new Live(this.api);
    this.clock = new WorldClock(this.api, this.live);
    this.handsets = new Handsets(this.api, this.live);
    /** @type {Account | null} */
    this.account = null; // what GET /accounts says of it
    /** @type {Account[]} */
    this.accounts = [];
    /** @type {import("./phones/phone.js").Phone | null} */
    this.inHand = null; // the phone that was touched last: it reads what it shows
    this.unheard = this.live.on((events) => {
      if (events === null) this.load().catch(() => {}); // gone again: when it is back this is told anew
    });
  }

  /** Listens first and reads then, so that nothing is missed in between. */
  async open() {
    this.live.follow();
    /** @type {Promise<void>} */
    const heard = new Promise((resolve) => {
      const unwatch = this.live.watch((state) => {
        if (state === "connecting") return;
        queueMicrotask(() => unwatch());
        resolve();
      });
    });
    await heard;
    await this.load();
  }

  async load() {
    const [{ accounts }] = await Promise.all([
      this.api.get("/accounts", { account: null }),
      this.clock.load(),
      this.handsets.load(),
    ]);
    this.accounts = accounts;
    const wanted = this.api.account;
    this.account = accounts.find((/** @type {any} */ each) => each.account_sid === wanted) ?? accounts[0];
  }

  close() {
    this.unheard();
    this.live.stop();
    this.clock.close();
    this.handsets.close();
  }
}
