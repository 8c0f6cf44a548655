// A phone that can be held: its frame, its threads, and the one that is open.

import { at } from "../api.js";
import { arrange, h, icon, iconButton } from "../dom.js";
import { trying } from "../toast.js";
import { bare, channelName, channelOf, clockTime, nameOf, plainly } from "../words.js";
import { avatar } from "./avatar.js";
import { CallCards } from "./calls.js";
import { Composer } from "./composer.js";
import { Inbox, isUnread } from "./inbox.js";
import { switches } from "./switches.js";
import { Thread } from "./thread.js";
import { ThreadList } from "./threads.js";

/**
 * One phone. `at` is where it leads to: `open(peer)` shows a thread, null the list of them;
 * `inspect(sid)`, `close()`.
 */
export class Phone {
  /**
   * @param {Session} session
   * @param {string} address
   * @param {{ open: (peer: string | null) => void, inspect: (sid: string) => void, close: () => void }} to what is asked for elsewhere on the page
   */
  constructor(session, address, to) {
    this.session = session;
    this.address = address;
    this.to = to;
    /** @type {string | null} */
    this.peer = null;
    /** @type {string | null | undefined} what its head shows, as JSON */
    this.handset = undefined;
    this.thread = null;
    this.threads = new ThreadList(session, address, (/** @type {string} */ peer) => this.to.open(peer));
    this.composer = null;
    this.inbox = new Inbox(session, address);
    this.calls = new CallCards(session, address);
    this.head = h("header.phone-head");
    this.time = h("span.phone-time");
    this.signal = h("span.phone-signal");
    this.screen = h("div.screen");
    this.body = h("div.phone-body", h("div.status-bar", this.time, this.signal), this.calls.element, this.screen);
    this.element = h(
      "section.phone",
      { "data-test": "phone", "data-address": address, onpointerdown: () => this.take(), onfocusin: () => this.take() },
      this.head,
      this.body,
    );
    this.unwatch = [
      this.inbox.watch(() => this.showItems()),
      session.handsets.watch(() => this.showHandset()),
      session.clock.watch(() => (this.time.textContent = clockTime(session.clock.now()))),
    ];
    this.showHandset();
  }

  close() {
    this.unwatch.forEach((end) => end());
    this.inbox.close();
    this.calls.close();
    this.thread?.close();
    if (this.session.inHand === this) this.session.inHand = null;
  }

  /** A phone that is touched is looked at: what it shows has been read from then on. */
  take() {
    const before = this.session.inHand;
    if (before !== this) {
      before?.element.classList.remove("in-hand");
      this.session.inHand = this;
      this.element.classList.add("in-hand");
    }
    this.readThread();
  }

  async readThread() {
    if (this.session.inHand !== this || !this.peer || document.hidden || this.reading) return;
    if (!this.inbox.thread(this.peer).some(isUnread)) return;
    this.reading = true;
    await trying(this.session.api.post(at`/handsets/${this.address}/threads/${this.peer}/read`));
    this.reading = false;
  }

  /**
   * Shows the thread with a peer, or all threads.
   * @param {string | null} peer
   * @param {string | null} [selected]
   */
  open(peer, selected = null, anew = false) {
    if (anew || peer !== this.peer || !this.screen.firstChild) {
      this.thread?.close();
      this.peer = peer;
      this.thread = this.composer = null;
      if (peer) this.showThread(peer);
      else this.screen.replaceChildren();
      this.showItems();
    }
    this.thread?.select(selected);
  }

  /** @param {string} peer */
  showThread(peer) {
    this.composer = new Composer(this.session, this.address, peer);
    this.thread = new Thread(this.session, peer, {
      reply: (/** @type {Item} */ item) => this.composer?.reply(item),
      inspect: (/** @type {Item} */ item) => this.to.inspect(item.message_sid),
      quoted: (/** @type {string} */ id) => this.inbox.items.get(id),
      press: (/** @type {Item} */ item, /** @type {any} */ button) => this.press(item, button),
    });
    this.screen.className = `screen ${channelOf(peer)}`;
    this.screen.replaceChildren(
      h(
        "div.thread-head",
        iconButton("back", "All threads", () => this.to.open(null)),
        avatar(peer, bare(peer)),
        h("div.thread-name", h("strong", bare(peer)), h("small", channelName(channelOf(peer)))),
      ),
      this.thread.element,
      this.composer.element,
    );
  }

  /**
   * @param {Item} item
   * @param {{ id: string, title: string, card: any }} of
   */
  press(item, { id, title, card }) {
    const path = at`/handsets/${this.address}/messages/${item.id}/press`;
    return trying(this.session.api.post(path, { ...(id ? { id } : { button: title }), card }));
  }

  showItems() {
    if (!this.inbox.ready || this.handset === null) return; // nothing is known, or there is no such phone
    if (this.thread) {
      this.thread.set(this.inbox.thread(this.peer ?? ""));
      this.readThread();
    } else {
      this.showThreads();
    }
  }

  showThreads() {
    this.screen.className = "screen threads";
    this.threads.set(this.inbox.threads());
    arrange(this.screen, this.threads.elements);
  }

  showHandset() {
    const handset = this.session.handsets.get(this.address);
    this.element.setAttribute("aria-label", `Phone ${handset ? plainly(nameOf(handset)) : this.address}`);
    if (!handset) {
      this.handset = null;
      this.head.replaceChildren(h("div.phone-name", h("strong", this.address)), iconButton("close", "Put the phone away", () => this.to.close()));
      this.screen.replaceChildren(h("p.empty", "There is no such phone. It comes into being with its first message."));
      return;
    }
    // The head stays while only messages come: a click on it may be under way.
    const shown = JSON.stringify({ ...handset, unread: 0, last_message: null });
    if (shown === this.handset) return;
    if (this.handset === null) this.open(this.peer, null, true);
    this.handset = shown;
    const away = handset.network === "airplane" || handset.power === "off";
    this.body.classList.toggle("away", away);
    this.signal.replaceChildren(
      h("span", handset.power === "off" ? "Off" : handset.network === "airplane" ? "" : plainly(handset.carrier.name || "Carrier")),
      handset.power === "off" ? "" : icon(handset.network === "airplane" ? "airplane" : "signal"),
      handset.power === "off" ? "" : icon("battery"),
    );
    const held = this.head.contains(document.activeElement) ? document.activeElement?.getAttribute("aria-label") : null;
    this.head.replaceChildren(
      h("div.phone-name", h("strong", h("bdi", plainly(nameOf(handset)))), nameOf(handset) !== handset.address && h("small", handset.address)),
      switches(this.session, handset),
      iconButton("close", "Put the phone away", () => this.to.close()),
    );
    if (held) this.head.querySelector(`[aria-label="${held}"]`)?.focus();
  }
}
