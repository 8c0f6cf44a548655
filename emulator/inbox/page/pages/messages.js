// The newest messages, live; and beside them what is behind one of them. Its address is the one to
// print when a test fails.

import { h, icon, set } from "../dom.js";
import { Inspector } from "../inspector/inspector.js";
import { bind } from "../keys.js";
import { WindowedList } from "../list.js";
import { bare, channelName, clockSeconds, count, exactly, plainly } from "../words.js";

const ROW = 40; // pixels
const NEWEST = 500; // that are listed
const SID = /^(SM|MM|IM)[0-9a-f]{32}$/;

/** `#/messages/{sid}` */
export class MessagesPage {
  constructor(console) {
    this.console = console;
    this.session = console.session;
    this.title = "Messages";
    this.messages = null; // the newest first, once they were read
    this.selected = null;
    this.inspector = new Inspector(console, () => this.go(null));
    this.search = h("input", { type: "search", placeholder: "Filter, or a sid", "aria-label": "Filter, or the sid of a message", oninput: () => this.showList(), onkeydown: (event) => this.searchKey(event) });
    this.counted = h("span.counted", { role: "status" });
    this.empty = h("p.empty", { hidden: true }, "No message yet. Send one with Twilio's API, or write one on a phone.");
    this.list = new WindowedList({ key: (it) => it.sid, draw: (it) => this.row(it), height: ROW, label: "Messages" });
    this.body = h("div.journal-body", h("div.message-list", this.empty, this.list.element));
    this.element = h(
      "div.journal",
      h("header.page-head", h("h1", "Messages"), h("div.search", icon("search"), this.search), h("span.grow"), this.counted),
      this.body,
    );
    this.unbind = [
      this.session.live.on((events) => (events === null || events.some(isNews)) && this.read()),
      bind("j", "Next message", () => this.step(1)),
      bind("k", "Previous message", () => this.step(-1)),
      bind("Escape", "Close the inspector", () => this.go(null)),
    ];
    this.read();
  }

  close() {
    this.unbind.forEach((end) => end());
    this.inspector.close();
    this.list.close();
  }

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

  go(sid) {
    this.console.go(sid ? ["messages", sid] : ["messages"]);
  }

  /** Reads the newest; what comes meanwhile is read in the next turn. */
  async read() {
    this.again = true;
    if (this.reading) return;
    this.reading = true;
    while (this.again) {
      this.again = false;
      const answer = await this.session.api.get("/messages", { limit: NEWEST }).catch(() => null);
      if (answer) this.take(answer.messages);
    }
    this.reading = false;
  }

  /** Keeps what is known of a message that did not change, so that it is not drawn again. */
  take(messages) {
    const known = new Map(this.messages?.map((each) => [each.sid, each]));
    const isSame = (one, two) => one && one.status === two.status && one.from === two.from && one.error_code === two.error_code && one.body === two.body;
    this.messages = messages.map((each) => (isSame(known.get(each.sid), each) ? known.get(each.sid) : each));
    this.showList();
  }

  showList() {
    if (!this.messages) return;
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    this.found = words.length ? this.messages.filter((each) => this.matches(each, words)) : this.messages;
    this.list.set(this.found);
    this.empty.hidden = this.messages.length > 0;
    const all = this.messages.length < NEWEST ? "" : "newest ";
    this.counted.textContent = words.length ? `${this.found.length} of ${count(this.messages.length, "message")}` : all + count(this.messages.length, "message");
    for (const [sid, { element }] of this.list.rows) this.mark(element, sid);
  }

  matches(it, words) {
    const names = [it.from, it.to].map((address) => this.session.handsets.nameOf(address) ?? "");
    const text = [it.sid, it.from, it.to, it.body, it.status, it.error_code, it.channel, ...names].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  }

  mark(element, sid) {
    element.classList.toggle("selected", sid === this.selected);
    set(element.firstChild, { "aria-current": sid === this.selected && "true" });
  }

  row(it) {
    const bad = it.status === "failed" || it.status === "undelivered";
    const element = h(
      "div.log-row",
      h(
        "a.log-link.message-link",
        { href: this.console.address(["messages", it.sid]) },
        h("time", { title: exactly(it.date_created) }, clockSeconds(it.date_created)),
        icon(it.direction === "inbound" ? "inward" : "outward"),
        this.parties(it),
        h("span.log-detail", h("bdi", plainly(it.body) || "Media")),
        h("span.tag", { class: `tag ${bad ? "bad" : it.status === "received" || it.status === "delivered" || it.status === "read" ? "good" : ""}` }, [it.status, it.error_code].filter(Boolean).join(" ")),
      ),
    );
    this.mark(element, it.sid);
    return element;
  }

  /** The phone, by its name; and the number that it wrote to, or was written to from. */
  parties({ direction, from, to, channel }) {
    const [phone, sender] = direction === "inbound" ? [from, to] : [to, from];
    const name = this.session.handsets.nameOf(phone) ?? bare(phone);
    const way = channel === "sms" ? "" : `${channelName(channel)} `;
    const how = `${way}${direction === "inbound" ? "to" : "from"} ${sender ? bare(sender) : "whichever is chosen"}`;
    return h("span.parties", { title: `${from} → ${to}` }, h("strong", h("bdi", plainly(name))), " ", h("small", how));
  }

  searchKey(event) {
    const text = this.search.value.trim();
    if (event.key === "Enter" && (SID.test(text) || this.found?.length)) this.go(SID.test(text) ? text : this.found[0].sid);
    else if (event.key === "ArrowDown") this.list.element.querySelector("a")?.focus();
    else if (event.key === "Escape") this.search.blur();
  }

  step(by) {
    const index = this.found?.findIndex((each) => each.sid === this.selected) ?? -1;
    const next = this.found?.[Math.min(Math.max(index + by, 0), this.found.length - 1)];
    if (next) this.go(next.sid);
  }
}

const isNews = ({ fields }) => Boolean(fields?.text);
