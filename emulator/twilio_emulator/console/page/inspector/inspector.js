// What is behind a message: where it came from, what became of it and why, step by step.

import { at } from "../api.js";
import { h, icon, iconButton } from "../dom.js";
import { redraw } from "../kept.js";
import { copy, say, trying } from "../toast.js";
import { asSentence, clockSeconds, channelName, duration, exactly, number } from "../words.js";
import { copyMenu } from "./copies.js";
import { details, sidLinks } from "./details.js";
import { describe, drawingOf } from "./entries.js";
import { part } from "./exchange.js";
import { json } from "./json.js";
import { whereIs } from "./where.js";

const PARTS = 50; // that are shown of a text

/** One message, by its sid. `console` gives addresses; `close` is called when it is put away. */
export class Inspector {
  /**
   * @param {any} console
   * @param {(() => void) | null} [close]
   */
  constructor(console, close = null) {
    this.console = console;
    this.session = console.session;
    /** @type {string | null} */
    this.sid = null;
    this.opened = new Set(); // seq of the entries that are unfolded
    this.title = h("h2", "Message"); // until more is known
    this.content = h("div.inspector-content");
    this.element = h(
      "aside.inspector",
      { "aria-label": "Inspector", "data-test": "inspector" },
      h("header.inspector-head", this.title, h("span.grow"), close && iconButton("close", "Close the inspector", close)),
      this.content,
    );
    this.unheard = this.session.live.on((/** @type {LiveEvent[] | null} */ events) => this.hear(events));
  }

  close() {
    this.unheard();
  }

  /** @param {string} sid */
  show(sid) {
    if (sid === this.sid) return;
    this.sid = sid;
    this.opened.clear();
    this.content.replaceChildren();
    this.read();
  }

  /** @param {LiveEvent[] | null} events */
  hear(events) {
    if (!this.sid) return;
    if (events === null || events.some((/** @type {any} */ event) => event.event === "MessagesCleared" || JSON.stringify(event).includes(String(this.sid)))) this.read();
  }

  /** Reads the story anew; one read at a time. */
  async read() {
    if (this.reading) {
      this.again = true;
      return;
    }
    this.reading = true;
    const { sid } = this;
    try {
      const story = await this.session.api.get(at`/messages/${String(sid)}`);
      if (sid === this.sid) this.draw(story);
    } catch (refusal) {
      if (sid === this.sid) {
        this.title.replaceChildren(sid);
        this.content.replaceChildren(h("p.empty", refusal.message));
      }
    }
    this.reading = false;
    if (this.again || sid !== this.sid) {
      this.again = false;
      this.read();
    }
  }

  /** @param {Story} story */
  draw(story) {
    const text = story.kind === "text";
    const name = text ? `${channelName(story.channel)} ${story.direction === "inbound" ? "from a phone" : "to a phone"}` : "Message";
    this.title.replaceChildren(name);
    const scroll = this.content.scrollTop;
    const parts = [
      h("div.sid-line", h("a.mono", { href: this.console.address(["messages", story.sid]) }, story.sid), iconButton("copy", "Copy the sid", () => copy(story.sid, "Sid"))),
      text ? this.textFacts(story) : this.messageFacts(story),
      copyMenu(this.session, text ? { text: story } : { message: story }),
      text && story.held && this.release(story),
      text && story.trace.length > 0 && h("section", h("h3", "Why this sender"), h("ol.trace", story.trace.map((/** @type {string} */ line) => h("li", line)))),
      text && story.segments.length > 0 && this.segments(story),
      !text && this.receipts(story),
      this.timeline(story.journal, story.note),
      part("As JSON", () => json({ ...story, journal: undefined })),
    ];
    redraw(this.content, parts.filter(Boolean));
    this.content.scrollTop = scroll;
  }

  /** @param {Story} story */
  textFacts(story) {
    const bad = story.status === "failed" || story.status === "undelivered";
    return facts([
      ["Status", h("span", h("span.tag", { class: `tag ${bad ? "bad" : "good"}` }, story.status), story.error_code && ` error ${story.error_code}`, story.held && " held")],
      ["From", this.party(story.from, story.direction === "inbound", story.to)],
      ["To", this.party(story.to, story.direction !== "inbound", story.from)],
      ["Created", h("span", { title: exactly(story.date_created) }, exactly(story.date_created))],
      story.messaging_service_sid && ["Service", h("span.mono", story.messaging_service_sid)],
      story.conversation_sid && ["Conversation", h("a.mono", { href: this.console.address(whereIs(story.conversation_sid)) }, story.conversation_sid)],
      story.message_sid && ["Message", h("a.mono", { href: this.console.address(["messages", story.message_sid]) }, story.message_sid)],
      story.content_sid && ["Template", h("a.mono", { href: this.console.address(["templates", story.content_sid]) }, story.content_sid)],
      story.opt_out_type && ["Opt-out", story.opt_out_type],
      story.fault && ["Fault", h("code", JSON.stringify(story.fault))],
    ]);
  }

  /** @param {Story} story */
  messageFacts(story) {
    return facts([
      ["Author", h("bdi", story.author)],
      ["Index", String(story.index)],
      ["Conversation", h("a.mono", { href: this.console.address(["conversations", story.conversation_sid]) }, story.conversation_sid)],
      ["Created", exactly(story.date_created)],
      story.attributes !== "{}" && ["Attributes", h("code", story.attributes)],
    ]);
  }

  /**
   * An address; that of a phone leads to the thread there.
   * @param {string} address
   * @param {any} phone
   * @param {string} peer
   */
  party(address, phone, peer) {
    if (!address) return h("span", "not chosen yet");
    if (!phone) return h("span", address);
    const path = ["handsets", address.slice(address.indexOf(":") + 1), ...(peer ? ["threads", peer] : [])];
    return h("a", { href: this.console.address(path) }, address);
  }

  /**
   * A held text waits for its report.
   * @param {Story} story
   */
  release(story) {
    /**
     * @param {string} status
     * @param {number} [code]
     */
    const give = async (status, code) => {
      const body = code ? { status, error_code: code } : { status };
      if (await trying(this.session.api.post(at`/messages/${story.sid}/receipt`, body))) say(`Reported as ${status}`);
    };
    return h(
      "div.buttons.held",
      icon("hold"),
      h("span", "The receipt is held."),
      h("button", { onclick: () => give("delivered") }, "Deliver"),
      h("button", { onclick: () => give("undelivered", 30003) }, "Fail 30003"),
    );
  }

  /** @param {{ segments: Listed[] }} of */
  segments({ segments }) {
    return h(
      "section",
      h("h3", `${number(segments.length)} × ${segments[0].encoding}`),
      h("ol.parts", segments.slice(0, PARTS).map((/** @type {any} */ each) => h("li", h("bdi", each.text.slice(0, 400)), h("small", `${each.text.length}`)))),
      segments.length > PARTS && h("p.hint", `and ${number(segments.length - PARTS)} more`),
    );
  }

  /** @param {{ receipts: Listed[] }} of */
  receipts({ receipts }) {
    if (!receipts.length) return null;
    return h(
      "section",
      h("h3", "Receipts"),
      h("ul.receipts", receipts.map((/** @type {any} */ each) =>
        h("li",
          each.text_sid ? h("a", { href: this.console.address(["messages", each.text_sid]) }, each.address ?? each.participant_sid) : h("span", each.address ?? each.participant_sid),
          h("span.tag", { class: `tag ${each.error_code ? "bad" : "good"}` }, each.status ?? "on its way", each.error_code && ` ${each.error_code}`)),
      )),
    );
  }

  /** @param {Entry[]} journal @param {string} [lacks] */
  timeline(journal, lacks) {
    const begin = journal.length ? Date.parse(journal[0].at) : 0;
    return h(
      "section",
      h("h3", "What happened"),
      (lacks || journal.length === 0) && h("p.hint", { "data-test": "dropped" }, lacks ? asSentence(lacks) : "The journal does not reach back that far."),
      h("ol.timeline", journal.map((/** @type {Entry} */ entry) => this.entry(entry, begin))),
    );
  }

  /**
   * @param {Entry} entry
   * @param {number} begin
   */
  entry(entry, begin) {
    const { title, detail, bad } = describe(entry);
    const after = Date.parse(entry.at) - begin;
    const content = h("div.entry-content");
    const fill = () => {
      if (!content.firstChild) content.append(...[sidLinks(this.console, entry, this.sid), details(this.session, entry)].filter(Boolean));
    };
    const open = this.opened.has(entry.seq);
    if (open) fill();
    /** @param {any} event */
    const toggled = (event) => {
      if (event.target.open) fill();
      this.opened[event.target.open ? "add" : "delete"](entry.seq);
    };
    return h(
      "li",
      { class: `entry entry-${entry.kind} ${bad ? "bad" : ""}`, "data-test": "entry", "data-kind": entry.kind },
      h(
        "details",
        { open, ontoggle: toggled },
        h(
          "summary",
          icon(drawingOf(entry)),
          h("span.entry-words", h("strong", title), h("span.entry-detail", detail)),
          h("time", { title: exactly(entry.at), datetime: entry.at }, after ? `+${after < 10000 ? `${after} ms` : duration(after / 1000)}` : clockSeconds(entry.at)),
        ),
        content,
      ),
    );
  }
}

/**
 * Names and values; what is absent is left out.
 * @param {Pairs} pairs
 */
export function facts(pairs) {
  return h("dl.facts-list", pairs.filter(Boolean).flatMap((/** @type {any} */ [name, value]) => [h("dt", name), h("dd", value)]));
}
