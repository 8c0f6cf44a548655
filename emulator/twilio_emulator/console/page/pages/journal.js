// Everything that went on, live and the newest first: requests, commands, events, webhooks, and why
// something was refused or not sent. Older entries are read as the list is scrolled to them.

import { h, icon, iconButton, set } from "../dom.js";
import { details, sidLinks } from "../inspector/details.js";
import { describe, drawingOf } from "../inspector/entries.js";
import { redraw } from "../kept.js";
import { bind } from "../keys.js";
import { WindowedList } from "../list.js";
import { Live } from "../live.js";
import { clearButton } from "../clear.js";
import { asSentence, exactly, number } from "../words.js";
import { moment } from "../moment.js";

const ROW = 40; // pixels
const PAGE = 500; // entries that are read at once
const KEPT = 20000; // entries that the page keeps
const KINDS = {
  request: "Requests",
  command: "Commands",
  event: "Events",
  webhook: "Webhooks",
  "webhook-decision": "Decisions",
  refused: "Refusals",
  connection: "Connections",
  hint: "Hints",
};

/** `#/journal/{seq}?about={sid}` */
export default class JournalPage {
  static title = "Journal";
  /** @type {Record<string, string>} */
  static kinds = KINDS;
  static asked = ""; // kinds that are read; all when empty

  /** What this kind of page says of itself. */
  get its() {
    return /** @type {typeof JournalPage} */ (this.constructor);
  }

  /** @param {Host} console */
  constructor(console) {
    this.console = console;
    this.session = console.session;
    this.title = this.its.title;
    /** @type {LiveEvent[]} */
    this.entries = []; // oldest first
    /** @type {LiveEvent[]} */
    this.found = []; // those that are shown, the newest first
    this.older = false; // whether there are entries before these
    this.lacks = ""; // that entries before these were dropped, if they were
    this.ready = false;
    this.hidden = new Set(); // kinds that are not shown
    this.until = Infinity; // the last entry that is shown while it pauses
    this.selected = null;
    this.search = h("input", { type: "search", placeholder: "Filter", "data-test": "search", "aria-label": "Filter", oninput: () => this.showEntries() });
    this.kinds = h("div.kinds", { role: "group", "aria-label": "Kinds" });
    this.counted = h("span.counted", { role: "status" });
    this.pausing = iconButton("pause", "Pause", () => this.pause(), { "aria-pressed": "false", class: "icon-button toggle", "data-test": "pause" });
    this.list = new WindowedList({
      key: (it) => it.seq,
      draw: (it) => this.row(it),
      height: ROW,
      label: this.title,
      onend: () => this.readOlder(),
      onstray: (strayed) => (this.toStart.hidden = !strayed),
    });
    this.dropped = h("p.hint.dropped", { hidden: true, role: "note", "data-test": "dropped" });
    this.toStart = h("button.to-start", { hidden: true, "data-test": "newest", onclick: () => this.list.toStart() }, "Newest");
    this.detail = h("aside.detail", { "data-test": "entry-detail", "aria-label": "Entry", hidden: true });
    this.element = h(
      "div.journal",
      h("header.page-head", h("h1", this.title), h("div.search", icon("search"), this.search), this.kinds, h("span.grow"), this.counted, this.pausing, this.clearing()),
      this.dropped,
      h("div.journal-body", h("div.log-list", this.list.element, this.toStart), this.detail),
    );
    this.about = "";
    this.unbind = [
      bind("j", "Next entry", () => this.step(1)),
      bind("k", "Previous entry", () => this.step(-1)),
      bind("p", "Pause or go on", () => this.pause()),
      bind("Escape", "Close the entry", () => this.go(null)),
    ];
    this.showKinds();
    this.follow();
  }

  close() {
    this.unbind.forEach((end) => end());
    this.live?.stop();
    this.list.close();
  }

  /** @param {Route} route */
  show({ path, query }) {
    const about = String(query.about ?? "");
    if (about && about !== this.about) this.search.value = about;
    this.about = about;
    this.selected = path[1] ? Number(path[1]) : null;
    this.showDetail();
    this.showEntries();
    if (this.selected) this.list.reveal(this.selected);
  }

  /** @param {number | null} seq */
  go(seq) {
    const name = location.hash.slice(2).split(/[/?]/)[0];
    this.console.go([name, ...(seq ? [String(seq)] : [])], { about: this.about });
  }

  /** Listens first, then reads what there is; both may tell the same entry. */
  follow() {
    this.live = new Live(this.session.api, { types: "*" });
    this.live.on((events) => (events === null ? this.read() : this.add(events)));
    const unwatch = this.live.watch((state) => {
      if (state !== "live") return;
      queueMicrotask(() => unwatch());
      this.read();
    });
    this.live.follow();
  }

  /** Reads the newest; what is heard meanwhile may be newer than the answer, and stays. */
  async read() {
    this.entries = [];
    const answer = await this.page({ newest: PAGE }).catch(() => null);
    if (!answer) return;
    const heard = this.entries;
    this.entries = [];
    this.older = Boolean(answer.next);
    this.lacks = answer.note ?? "";
    this.ready = true;
    this.add(answer.entries);
    this.add(heard);
    this.showEntries();
    if (this.selected) {
      this.showDetail();
      this.list.reveal(this.selected);
    }
  }

  /** @param {any} range */
  page(range) {
    return this.session.api.get("/journal", { ...range, kinds: this.its.asked });
  }

  /** Reads the entries before those that are here; what is shown may call for more. */
  async readOlder() {
    const { entries } = this;
    if (!this.older || this.reading || !entries.length) return;
    this.reading = true;
    const answer = await this.page({ before: entries[0].seq, limit: PAGE }).catch(() => null);
    this.reading = false;
    if (!answer || entries !== this.entries) return; // the emulator is gone, or all is read anew
    this.older = Boolean(answer.next);
    this.lacks = answer.note ?? "";
    entries.unshift(...answer.entries.filter((/** @type {Entry} */ entry) => this.isWanted(entry)));
    this.showEntries();
  }

  /** @param {LiveEvent[]} events */
  add(events) {
    const last = this.entries.at(-1)?.seq ?? 0;
    const wanted = events.filter((/** @type {Entry} */ entry) => entry.seq > last && this.isWanted(entry));
    this.entries.push(...wanted);
    if (this.entries.length > KEPT) {
      this.entries.splice(0, this.entries.length - KEPT);
      this.older = true;
    }
    if (wanted.length) this.showEntries();
  }

  /** @param {{ kind: string }} of */
  isWanted({ kind }) {
    return kind in this.its.kinds || !(kind in KINDS);
  }

  showKinds() {
    redraw(this.kinds, Object.entries(this.its.kinds).map(([kind, words]) =>
      h("button.chip", { "aria-pressed": String(!this.hidden.has(kind)), "data-test": `kind-${kind}`, onclick: () => this.toggleKind(kind) }, words),
    ));
  }

  /** @param {string} kind */
  toggleKind(kind) {
    if (!this.hidden.delete(kind)) this.hidden.add(kind);
    this.showKinds();
    this.showEntries();
  }

  showEntries() {
    if (!this.ready && !this.entries.length) return; // nothing is known yet
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    /** @param {Entry} entry */
    const isShown = (entry) => entry.seq <= this.until && !this.hidden.has(this.kindOf(entry)) && words.every((/** @type {string} */ word) => textOf(entry).includes(word));
    this.found = this.entries.filter(isShown).reverse();
    const all = this.hidden.size || words.length ? "No entry fits." : "Nothing has happened yet.";
    this.list.set(this.found, this.older ? null : all);
    this.dropped.hidden = this.older || !this.lacks;
    this.dropped.textContent = asSentence(this.lacks);
    this.counted.textContent = `${number(this.found.length)}${this.older ? "+" : ""} ${this.found.length === 1 && !this.older ? "entry" : "entries"}`;
    for (const [seq, { element }] of this.list.rows) {
      element.classList.toggle("selected", seq === this.selected);
      set(element.querySelector("button"), { "aria-current": seq === this.selected && "true" });
    }
  }

  /** @param {Entry} entry */
  kindOf(entry) {
    if (entry.kind === "subscription") return "connection";
    return entry.kind in KINDS ? entry.kind : "webhook-decision";
  }

  /** @param {Entry} entry */
  row(entry) {
    const { title, detail, bad } = describe(entry);
    const chosen = entry.seq === this.selected;
    return h(
      "div.log-row",
      { class: `log-row entry-${entry.kind} ${bad ? "bad" : ""} ${chosen ? "selected" : ""}`, "data-test": "entry", "data-kind": entry.kind },
      h(
        "button.log-link",
        { "aria-current": chosen && "true", onclick: () => this.go(entry.seq === this.selected ? null : entry.seq) },
        h("small.seq", String(entry.seq)),
        moment(entry.at, this.session.clock.now()),
        icon(drawingOf(entry)),
        h("strong", title),
        h("span.log-detail", detail),
      ),
    );
  }

  /** The entry that is looked at; one that is not in the list is read by itself. */
  async showDetail() {
    const { selected } = this;
    const entry = this.entries.find((each) => each.seq === selected) ?? (await this.readOne(selected));
    if (selected !== this.selected) return; // gone on
    this.detail.hidden = !this.selected;
    this.element.classList.toggle("inspecting", Boolean(this.selected));
    if (!this.selected || !this.ready) return;
    /** @param {string} title */
    const head = (title) => h("header.inspector-head", h("h2", title), h("span.grow"), iconButton("close", "Close the entry", () => this.go(null)));
    if (!entry) {
      this.detail.replaceChildren(head(`Entry ${this.selected}`), h("p.empty", "It is not here any more."));
      return;
    }
    const { title, detail } = describe(entry);
    this.detail.replaceChildren(
      head(title),
      h("div.inspector-content",
        h("p.hint", detail),
        h("p.hint", exactly(entry.at), `, entry ${entry.seq}`),
        sidLinks(this.console, entry),
        details(this.session, entry),
      ),
    );
  }

  /** @param {number | null} seq */
  async readOne(seq) {
    if (!seq || !this.ready) return null;
    const answer = await this.session.api.get("/journal", { after: seq - 1, limit: 1 }).catch(() => null);
    return answer?.entries.find((/** @type {any} */ each) => each.seq === seq);
  }

  /** @param {number} by */
  step(by) {
    const index = this.found.findIndex((each) => each.seq === this.selected);
    const from = index < 0 ? (by > 0 ? -1 : this.found.length) : index;
    const next = this.found[Math.min(Math.max(from + by, 0), this.found.length - 1)];
    if (next) this.go(next.seq);
  }

  pause() {
    this.until = this.until === Infinity ? this.entries.at(-1)?.seq ?? 0 : Infinity;
    this.pausing.setAttribute("aria-pressed", String(this.until < Infinity));
    this.showEntries();
  }

  /** A button that drops what the journal holds. */
  clearing() {
    return clearButton("Clear the journal", "every request, event and webhook", () => this.session.api.delete("/journal"));
  }
}

const texts = new WeakMap(); // of entries that were searched

/** @param {Entry} entry */
function textOf(entry) {
  if (!texts.has(entry)) texts.set(entry, JSON.stringify(entry).toLowerCase());
  return texts.get(entry);
}
