// All messages, live and the newest first; and beside them what is behind one of them. Its address is
// the one to print when a test fails. Older ones are read as the list is scrolled to them, and the
// emulator searches: whatever is looked for is found, however old it is.

import { clearButton } from "../clear.js";
import { h, icon, set } from "../dom.js";
import { Inspector } from "../inspector/inspector.js";
import { bind } from "../keys.js";
import { WindowedList } from "../list.js";
import { bare, channelName, count, number, plainly } from "../words.js";
import { moment } from "../moment.js";

const ROW = 40; // pixels
const PAGE = 100; // messages that are read at once
const SHOWN = 300; // characters of a body, of which a row shows fewer
const TYPING = 150; // milliseconds without a key after which the search begins
const SID = /^(SM|MM|IM)[0-9a-f]{32}$/;

/** `#/messages/{sid}` */
export default class MessagesPage {
  /** @param {Host} console */
  constructor(console) {
    this.console = console;
    this.session = console.session;
    this.title = "Messages";
    this.total = 0;
    /** @type {Promise<void> | null} */
    this.reading = null;
    /** @type {any} */
    this.messages = null; // the newest first, once they were read
    /** @type {string | null} */
    this.next = null; // the call for older ones
    this.words = ""; // what is searched
    this.selected = null;
    this.inspector = new Inspector(console, () => this.go(null));
    this.search = h("input", { type: "search", placeholder: "Filter, or a sid", "data-test": "search", "aria-label": "Filter, or the sid of a message", oninput: () => this.searchSoon(), onkeydown: (/** @type {any} */ event) => this.searchKey(event) });
    this.counted = h("span.counted", { role: "status" });
    this.list = new WindowedList({
      key: (it) => it.sid,
      draw: (it) => this.row(it),
      height: ROW,
      label: "Messages",
      onend: () => this.readOlder(),
      onstray: (strayed) => (this.toStart.hidden = !strayed),
    });
    this.toStart = h("button.to-start", { hidden: true, "data-test": "newest", onclick: () => this.list.toStart() }, "Newest");
    this.body = h("div.journal-body", h("div.log-list", this.list.element, this.toStart));
    this.element = h(
      "div.journal",
      h("header.page-head", h("h1", "Messages"), h("div.search", icon("search"), this.search), h("span.grow"), this.counted, clearButton("Clear the messages", "every message of the account, on its phones too", () => this.session.api.delete("/messages"))),
      this.body,
    );
    this.unbind = [
      this.session.live.on((events) => this.hear(events)),
      bind("j", "Next message", () => this.step(1)),
      bind("k", "Previous message", () => this.step(-1)),
      bind("Escape", "Close the inspector", () => this.go(null)),
    ];
    this.read();
  }

  close() {
    clearTimeout(this.soon);
    this.unbind.forEach((end) => end());
    this.inspector.close();
    this.list.close();
  }

  /** @param {Pick<Route, "path">} route */
  show({ path }) {
    this.selected = path[1] ?? null;
    this.title = this.selected ?? "Messages";
    this.element.classList.toggle("inspecting", Boolean(this.selected));
    if (this.selected) {
      this.inspector.show(this.selected);
      this.body.append(this.inspector.element);
    } else {
      this.inspector.element.remove();
    }
    this.showList();
    if (this.selected) this.list.reveal(this.selected);
  }

  /** @param {string | null} sid */
  go(sid) {
    this.console.go(sid ? ["messages", sid] : ["messages"]);
  }

  searchSoon() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.searchNow(), TYPING);
  }

  async searchNow() {
    clearTimeout(this.soon);
    const words = this.search.value.trim();
    if (words !== this.words) {
      this.words = words;
      await this.readAnew();
    }
  }

  /** @param {LiveEvent[] | null} events */
  hear(events) {
    if (events === null || events.some((/** @type {{ event: any }} */ { event }) => event === "MessagesCleared")) {
      this.readAnew();
      return;
    }
    const known = new Map(this.messages?.map((/** @type {any} */ each) => [each.sid, each]));
    let changed = false;
    let news = false;
    for (const { event, fields } of events) {
      const text = fields?.text;
      if (!text) continue;
      const old = known.get(text.sid);
      if (!old) news ||= event !== "TextRemoved";
      else if (event === "TextRemoved") known.delete(text.sid);
      else known.set(text.sid, { ...old, status: text.status, from: text.sender ?? null, body: text.body, error_code: text.error_code ?? null });
      changed ||= Boolean(old);
    }
    if (changed) {
      const left = this.messages.map((/** @type {any} */ each) => known.get(each.sid)).filter(Boolean);
      this.total -= this.messages.length - left.length;
      this.messages = left;
      this.showList();
    }
    if (news) this.read();
  }

  readAnew() {
    this.messages = null;
    this.next = null;
    return this.read();
  }

  /** Reads the newest; what comes meanwhile is read in the next turn. */
  read() {
    this.again = true;
    this.reading ??= this.readNow().finally(() => (this.reading = null));
    return this.reading;
  }

  async readNow() {
    while (this.again) {
      this.again = false;
      const { words } = this;
      const answer = await this.session.api.get("/messages", { limit: PAGE, contains: words }).catch(() => null);
      if (answer && words === this.words) this.take(answer);
    }
  }

  /**
   * Puts the newest before those that are here; unless more have come than one page holds, when
   * all begins anew.
   * @param {{ messages: Listed[], total: number, next?: string | null }} of
   */
  take({ messages, total, next = null }) {
    this.total = total;
    const known = new Map(this.messages?.map((/** @type {any} */ each) => [each.sid, each]));
    if (next && !messages.some((/** @type {any} */ each) => known.has(each.sid))) known.clear();
    if (!known.size) this.next = next;
    /**
     * @param {any} one
     * @param {any} two
     */
    const same = (one, two) => one && ["status", "from", "error_code", "body"].every((name) => one[name] === two[name]);
    const newest = messages.map((/** @type {any} */ each) => (same(known.get(each.sid), each) ? known.get(each.sid) : each));
    for (const { sid } of messages) known.delete(sid);
    this.messages = [...newest, ...known.values()];
    this.showList();
  }

  /** Reads what follows on the list; where little is found, the list calls for more by itself. */
  async readOlder() {
    const { next } = this;
    if (!next || this.waiting) return;
    this.waiting = true;
    const answer = await this.session.api.following(next).catch(() => null);
    this.waiting = false;
    if (next !== this.next) {
      this.list.update();
      return; // all is read anew
    }
    if (!answer) return;
    const known = new Set(this.messages.map((/** @type {any} */ each) => each.sid));
    this.messages = [...this.messages, ...answer.messages.filter((/** @type {any} */ each) => !known.has(each.sid))];
    this.next = answer.next ?? null;
    this.showList();
  }

  showList() {
    if (!this.messages) return;
    this.list.set(this.messages, this.next ? null : this.words ? "No message fits." : "No message yet. Send one with Twilio's API, or write one on a phone.");
    const found = `${number(this.messages.length)}${this.next ? "+" : ""} of `;
    this.counted.textContent = (this.words ? found : "") + count(this.total, "message");
    for (const [sid, { element }] of this.list.rows) this.mark(element, sid);
  }

  /**
   * @param {any} element
   * @param {string | number} sid
   */
  mark(element, sid) {
    element.classList.toggle("selected", sid === this.selected);
    set(element.firstChild, { "aria-current": sid === this.selected && "true" });
  }

  /** @param {Listed} it */
  row(it) {
    const bad = it.status === "failed" || it.status === "undelivered";
    const element = h(
      "div.log-row",
      { "data-test": "message-row", "data-sid": it.sid },
      h(
        "a.log-link.message-link",
        { href: this.console.address(["messages", it.sid]) },
        moment(it.date_created, this.session.clock.now()),
        icon(it.direction === "inbound" ? "inward" : "outward"),
        this.parties(it),
        h("span.log-detail", h("bdi", plainly(it.body.slice(0, SHOWN)) || "Media")),
        h("span.tag", { class: `tag ${bad ? "bad" : it.status === "received" || it.status === "delivered" || it.status === "read" ? "good" : ""}` }, [it.status, it.error_code].filter(Boolean).join(" ")),
      ),
    );
    this.mark(element, it.sid);
    return element;
  }

  /**
   * The phone, by its name; and the number that it wrote to, or was written to from.
   * @param {{ direction: string, from: string, to: string, channel: string }} of
   */
  parties({ direction, from, to, channel }) {
    const [phone, sender] = direction === "inbound" ? [from, to] : [to, from];
    const name = this.session.handsets.nameOf(phone) ?? bare(phone);
    const way = channel === "sms" ? "" : `${channelName(channel)} `;
    const how = `${way}${direction === "inbound" ? "to" : "from"} ${sender ? bare(sender) : "whichever is chosen"}`;
    return h("span.parties", { title: `${from} → ${to}` }, h("strong", h("bdi", plainly(name))), " ", h("small", how));
  }

  /** @param {any} event */
  async searchKey(event) {
    if (event.key === "ArrowDown") this.list.element.querySelector("a")?.focus();
    else if (event.key === "Escape") this.search.blur();
    if (event.key !== "Enter") return;
    const text = this.search.value.trim();
    if (!SID.test(text)) await this.searchNow();
    const found = SID.test(text) ? text : this.messages?.[0]?.sid;
    if (found) this.go(found);
  }

  /** @param {number} by */
  async step(by) {
    await this.searchNow();
    const index = this.messages?.findIndex((/** @type {any} */ each) => each.sid === this.selected) ?? -1;
    const next = this.messages?.[Math.min(Math.max(index + by, 0), this.messages.length - 1)];
    if (next) this.go(next.sid);
  }
}
