// The messages of a conversation, with what became of each at every phone.

import { at } from "../api.js";
import { h, icon, iconButton } from "../dom.js";
import { WindowedList } from "../list.js";
import { avatar } from "../phones/avatar.js";
import { body } from "../phones/bubble.js";
import { attachment } from "../phones/media.js";
import { trying } from "../toast.js";
import { bare, clockTime, exactly, plainly } from "../words.js";

const GUESS = 76; // pixels

/** @type {Record<string, string>} */
const TICKS = { sent: "tick", delivered: "ticks", read: "ticks" };

/** Messages in a window. */
export class Discussion {
  /**
   * @param {Host} console
   * @param {string} sid
   */
  constructor(console, sid) {
    this.console = console;
    this.sid = sid;
    this.selected = null;
    this.members = new Map();
    this.list = new WindowedList({
      key: (it) => it.sid,
      draw: (it) => this.draw(it),
      height: GUESS,
      label: "Messages",
      stick: true,
      onstray: (strayed) => (this.toEnd.hidden = !strayed),
    });
    this.list.inner.setAttribute("aria-live", "polite");
    this.list.element.tabIndex = 0;
    this.list.element.setAttribute("role", "region");
    this.list.element.setAttribute("aria-label", "Discussion");
    this.toEnd = h("button.to-end", { hidden: true, onclick: () => this.list.toEnd() }, "Newest");
    this.element = h("div.discussion", this.list.element, this.toEnd);
  }

  close() {
    this.list.close();
  }

  /** @param {Listed[]} participants */
  people(participants) {
    this.members = new Map(participants.map((/** @type {any} */ each) => [each.sid, each]));
  }

  /** @param {Listed[]} messages */
  set(messages) {
    this.list.set(messages.sort((/** @type {any} */ one, /** @type {any} */ two) => one.index - two.index), "Nothing was said yet.");
  }

  /** @param {string | undefined} sid */
  select(sid) {
    this.list.rows.get(String(this.selected))?.element.classList.remove("selected");
    this.selected = sid;
    if (sid) this.list.reveal(sid)?.classList.add("selected");
  }

  /** @param {Listed} it */
  draw(it) {
    const { session } = this.console;
    const author = this.members.get(it.participant_sid);
    const name = session.handsets.nameOf(it.author);
    const inspect = () => this.console.go(["conversations", this.sid, "messages", it.sid]);
    return h(
      "div.said",
      { class: `said ${it.sid === this.selected ? "selected" : ""}`, "data-message": it.sid, "data-test": "message" },
      avatar(it.author, name ?? bare(it.author)),
      h(
        "div.said-words",
        h("div.said-head",
          h("strong", h("bdi", plainly(name ?? it.author))),
          name && h("small", bare(it.author)),
          author ? h("span.tag", { class: `tag ${author.channel}` }, author.channel) : h("span.tag", it.author === "system" ? "system" : "by REST"),
          h("time", { title: exactly(it.date_created), datetime: it.date_created }, clockTime(it.date_created)),
          h("small", `#${it.index}`),
          it.date_updated !== it.date_created && h("small", "edited"),
        ),
        it.body && body(it.body),
        it.media.map((/** @type {Listed} */ file) => attachment(session, file)),
        !it.body && !it.media.length && h("p.hint", "Without a text: a place, or a card, stays on the phone."),
        it.attributes !== "{}" && h("code.attributes", plainly(it.attributes).slice(0, 400)),
        it.receipts.length > 0 && h("ul.receipt-chips", { "aria-label": "Receipts" }, it.receipts.map((/** @type {any} */ each) => this.receipt(each))),
      ),
      h("div.tools", iconButton("inspect", "Inspect this message", inspect)),
    );
  }

  /** @param {Listed} it */
  receipt(it) {
    const status = it.status ?? "on its way";
    const drawing = TICKS[status];
    const words = it.error_code ? `${status} ${it.error_code}` : status;
    const name = this.console.session.handsets.nameOf(it.address) ?? bare(it.address ?? "");
    const content = [drawing && icon(drawing), h("bdi", plainly(name)), words];
    const kind = `chip receipt status-${status} ${it.error_code ? "bad" : ""}`;
    return h("li", it.text_sid ? h("a", { class: kind, href: this.console.address(["messages", it.text_sid]) }, content) : h("span", { class: kind }, content));
  }
}

/**
 * Says for an identity that it has read everything.
 * @param {Session} session
 * @param {string} sid
 * @param {Listed} participant
 */
export const readAll = (session, sid, participant) =>
  trying(session.api.post(at`/conversations/${sid}/participants/${participant}/read`));
