// One conversation: its messages in the middle, everybody and everything else beside them.

import { at } from "../api.js";
import { arrange, h, iconButton } from "../dom.js";
import { plainly } from "../words.js";
import { ChatComposer } from "./composer.js";
import { Discussion } from "./discussion.js";
import { Members } from "./members.js";
import { State } from "./state.js";

/** A conversation by its sid, kept up to date. */
export class ConversationView {
  /**
   * @param {Host} console
   * @param {string} sid
   * @param {() => void} close
   */
  constructor(console, sid, close) {
    this.console = console;
    this.session = console.session;
    this.sid = sid;
    this.messages = new Map(); // by index
    this.path = at`/conversations/${sid}`;
    this.head = h("header.conversation-head");
    this.discussion = new Discussion(console, sid);
    this.composer = new ChatComposer(this.session, sid);
    this.members = new Members(console, this.path);
    this.state = new State(this.session, this.path);
    this.closing = close;
    this.element = h(
      "div.conversation",
      h("section.discussion-side", { "aria-label": "Conversation" }, this.head, this.discussion.element, this.composer.element),
      h("aside.conversation-facts", { "aria-label": "About the conversation" }, this.members.element, this.state.element),
    );
    this.unheard = this.session.live.on((events) => this.hear(events));
    this.unwatch = this.session.clock.watch(() => this.state.showTime());
    this.readAll();
  }

  close() {
    this.unheard();
    this.unwatch();
    this.discussion.close();
  }

  focus() {
    this.composer.focus();
  }

  /** @param {string | undefined} sid */
  select(sid) {
    this.discussion.select(sid);
  }

  readAll() {
    this.messages.clear();
    this.from = -1;
    this.stale = true;
    this.read();
  }

  /**
   * Which messages have to be read again: all from the first that changed on.
   * @param {LiveEvent[] | null} events
   */
  hear(events) {
    if (events === null) {
      this.readAll();
      return;
    }
    let changed = false;
    for (const { fields } of events) {
      const message = fields?.message;
      const about = [fields?.conversation?.sid, fields?.participant?.conversation_sid, message?.conversation_sid];
      const user = fields?.user && this.shown?.participants.some((/** @type {any} */ each) => each.identity === fields.user.identity);
      if (!about.includes(this.sid) && !user) continue;
      changed = true;
      if (message) this.from = Math.min(this.from ?? Infinity, message.index - 1);
      if (!fields.receipt) this.stale = true;
    }
    if (changed) this.read();
  }

  async read() {
    if (this.reading) {
      this.again = true;
      return;
    }
    this.reading = true;
    const { from = Infinity, stale } = this;
    this.from = Infinity;
    this.stale = false;
    try {
      await Promise.all([stale && this.readConversation(), from < Infinity && this.readMessages(from)]);
    } catch (refusal) {
      if (refusal.status === 404) this.gone(`There is no conversation ${this.sid}.`);
    }
    this.reading = false;
    if (this.again) {
      this.again = false;
      this.read();
    }
  }

  async readConversation() {
    this.shown = await this.session.api.get(this.path);
    const { friendly_name: name, unique_name: unique, members } = this.shown;
    arrange(this.head, [
      iconButton("back", "All conversations", this.closing),
      h("div.phone-name", h("strong", h("bdi", plainly(name || unique || members.slice(0, 3).join(", ") || "Conversation"))), h("small.mono", this.sid)),
      h("span.tag", { class: `tag ${this.shown.state === "active" ? "good" : ""}` }, this.shown.state),
    ]);
    this.members.show(this.shown);
    this.state.show(this.shown);
    this.composer.show(this.shown);
    this.discussion.people(this.shown.participants);
  }

  /** @param {number} from the first index */
  async readMessages(from) {
    const { messages } = await this.session.api.get(`${this.path}/messages`, { after: from });
    for (const index of [...this.messages.keys()]) if (index > from) this.messages.delete(index);
    for (const message of messages) this.messages.set(message.index, message);
    this.discussion.set([...this.messages.values()]);
  }

  /** @param {string} words */
  gone(words) {
    this.element.replaceChildren(h("div.welcome", h("p", words), h("button", { onclick: this.closing }, "All conversations")));
  }
}
