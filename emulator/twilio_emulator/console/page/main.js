// Starts the console: listens to its address, and shows the page that it names.

import { Frame } from "./frame.js";
import { h } from "./dom.js";
import { format, parse } from "./route.js";
import { Session } from "./session.js";
import { load } from "./pages/all.js";

class Console {
  constructor() {
    this.frame = new Frame(this);
    /** @type {any} until one is there */
    this.session = null;
    /** @type {any} */
    this.page = null;
    this.isMissing = false; // whether the page could not be loaded
  }

  async start() {
    document.body.append(this.frame.element);
    this.frame.bindKeys();
    addEventListener("hashchange", () => this.follow());
    await this.follow();
  }

  /**
   * An address on this page, for the account that is shown.
   * @param {any[]} path
   */
  address(path, query = {}) {
    return format(path, { ...query, account: this.session?.api.account });
  }

  /**
   * @param {any[]} path
   * @param {Query} query
   */
  go(path, query) {
    location.hash = this.address(path, query);
  }

  /**
   * Changes the address without a step back to the one before.
   * @param {any[]} path
   * @param {Query} query
   */
  replace(path, query) {
    history.replaceState(null, "", this.address(path, query));
    this.follow();
  }

  /** Shows what the address says. */
  async follow() {
    const route = parse(location.hash);
    const account = route.query.account ?? null;
    if (!this.session || this.session.api.account !== account) {
      this.session?.close();
      this.leave();
      /** @type {any} */
      const session = (this.session = new Session(account));
      this.frame.join(session);
      session.live.on((/** @type {LiveEvent[] | null} */ events) => {
        if (events === null && this.isMissing) this.show();
      });
      load(nameOf(route)).catch(() => {}); // meanwhile; whether it could be is seen when it is shown
      try {
        await session.open();
      } catch (refusal) {
        this.frame.show(null, h("p.empty", refusal.message, account && [". ", h("a", { href: "#/accounts" }, "All accounts")]));
        return;
      }
      if (this.session !== session) return; // another page was opened in the meantime
      this.frame.join(session);
    }
    await this.show();
  }

  async show() {
    const { session } = this;
    const name = nameOf(parse(location.hash));
    const Page = await load(name).catch(() => undefined);
    const route = parse(location.hash);
    if (this.session !== session || nameOf(route) !== name) return; // gone on
    this.isMissing = Page === undefined;
    if (!Page) {
      this.leave();
      this.frame.show(null, this.isMissing ? "This page comes when the emulator answers again." : `There is no page ${name}.`);
      return;
    }
    if (!(this.page instanceof Page)) {
      this.leave();
      this.page = new Page(this);
    }
    this.page.show(route);
    this.frame.show(name, this.page.element);
    document.title = `${this.page.title} · twilio-emulator`;
  }

  leave() {
    this.page?.close();
    this.page = null;
  }
}

/** @param {{ path: any[] }} of */
const nameOf = ({ path }) => path[0] ?? "handsets";

new Console().start();
