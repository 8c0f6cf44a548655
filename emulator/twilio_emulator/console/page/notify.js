// A note on the desktop when a phone gets a message while the page is not looked at; off at first.

import { toggle } from "./dom.js";
import { say } from "./toast.js";
import { bare, nameOf, plainly } from "./words.js";

const KEPT = "notify"; // what the browser remembers it as
const SHOWN = 200; // characters of a message

/** The switch, and what it does. */
export class Notifications {
  /** @param {Host} console */
  constructor(console) {
    this.console = console;
    this.on = localStorage.getItem(KEPT) === "on" && "Notification" in window && Notification.permission === "granted";
    this.button = document.createElement("span");
    this.show();
  }

  show() {
    const words = this.on ? "Desktop notifications are on" : "Desktop notifications are off";
    const focused = this.button.contains(document.activeElement);
    const button = toggle(this.on ? "bell" : "bell-off", words, this.on, (/** @type {boolean} */ on) => this.change(on), { "data-test": "notify" });
    this.button.replaceChildren(button);
    if (focused) button.focus();
  }

  /** @param {boolean} on */
  async change(on) {
    if (on && !("Notification" in window)) say("This browser shows no notifications", "bad");
    else if (on && (await Notification.requestPermission()) !== "granted") say("The browser does not allow notifications of this page", "bad");
    else this.on = on;
    if (this.on) localStorage.setItem(KEPT, "on");
    else localStorage.removeItem(KEPT);
    this.show();
  }

  /**
   * Hears of a session's messages; answers how to end that.
   * @param {Session} session
   */
  join(session) {
    return session.live.on((events) => {
      if (!this.on || !events || document.hasFocus()) return;
      for (const { type, fields } of events) {
        if (type === "handset.received" && fields?.item) this.tell(session, fields.item);
      }
    });
  }

  /**
   * @param {Session} session
   * @param {Item} item
   */
  tell(session, item) {
    const handset = session.handsets.get(item.handset);
    const name = handset ? nameOf(handset) : item.handset;
    const body = plainly(item.body.slice(0, SHOWN)) || "Media";
    const note = new Notification(`${plainly(name)} from ${bare(item.peer)}`, { body, tag: item.sid });
    note.onclick = () => {
      window.focus();
      this.console.go(["handsets", item.handset, "threads", item.peer]);
      note.close();
    };
  }
}
