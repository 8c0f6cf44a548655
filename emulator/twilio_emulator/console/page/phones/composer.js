// Where the owner of a phone writes: text, files, emoji, a quotation, and the words that every
// carrier knows.

import { at } from "../api.js";
import { h, icon, iconButton } from "../dom.js";
import { trying } from "../toast.js";
import { channelOf, plainly } from "../words.js";
import { Attachments, encoded } from "./attachments.js";
import { emojiPicker } from "./emoji.js";

const QUICK = ["STOP", "START", "HELP"];

/** A form; `send(message)` is a promise that rejects when the emulator refuses. */
export class Composer {
  /**
   * @param {Session} session
   * @param {string} address
   * @param {string} peer
   */
  constructor(session, address, peer) {
    this.session = session;
    this.address = address;
    this.peer = peer;
    this.quoted = null;
    this.attachments = new Attachments();
    this.input = h("textarea", {
      rows: "1",
      "data-test": "compose",
      placeholder: channelOf(peer) === "whatsapp" ? "Message" : "Text message",
      "aria-label": `Message to ${peer}`,
      oninput: () => this.grow(),
      onkeydown: (/** @type {any} */ event) => this.key(event),
      onpaste: (/** @type {any} */ event) => this.attachments.take([...event.clipboardData.files]),
    });
    this.quote = h("div.quoting", { hidden: true });
    this.element = h(
      "form.composer",
      { onsubmit: (/** @type {any} */ event) => this.submit(event), ondragover: (/** @type {any} */ event) => event.preventDefault(), ondrop: (/** @type {any} */ event) => this.drop(event) },
      h("div.quick", { role: "group", "aria-label": "Keywords" }, QUICK.map((word) => h("button", { "data-test": "keyword", onclick: () => this.post({ body: word }) }, word))),
      this.quote,
      this.attachments.list,
      h(
        "div.writing",
        this.attachments.opener,
        emojiPicker((/** @type {string} */ emoji) => this.insert(emoji)),
        this.attachments.chooser,
        this.input,
        h("button.send", { "data-test": "send", type: "submit", "aria-label": "Send", title: "Send (Enter)" }, icon("send")),
      ),
    );
  }

  focus() {
    this.input.focus();
  }

  /**
   * Quotes a message in what is sent next; null quotes none.
   * @param {Item} item
   */
  reply(item) {
    this.quoted = item;
    this.quote.hidden = !item;
    if (!item) return;
    this.quote.replaceChildren(
      h("span", h("small", "Reply to"), h("bdi", plainly(item.body).slice(0, 80) || "Media")),
      iconButton("close", "Quote nothing", () => this.reply(null)),
    );
    this.focus();
  }

  /** @param {string} text */
  insert(text) {
    const { selectionStart: start, selectionEnd: end } = this.input;
    this.input.setRangeText(text, start, end, "end");
    this.grow();
    this.focus();
  }

  /** @param {any} event */
  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit(event);
    else if (event.key === "Escape" && this.quoted) this.reply(null);
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 120)}px`;
  }

  /** @param {any} event */
  drop(event) {
    event.preventDefault();
    this.attachments.take([...event.dataTransfer.files]);
  }

  /** @param {any} event */
  async submit(event) {
    event.preventDefault();
    const text = this.input.value;
    if (!text.trim() && !this.attachments.files.length) return;
    const media = await Promise.all(this.attachments.files.map(encoded));
    const sent = await this.post({ body: text, media, reply_to: this.quoted?.id });
    if (!sent) return; // what was written stays, to be mended
    this.input.value = "";
    this.attachments.clear();
    this.reply(null);
    this.grow();
  }

  /** @param {Listed} message */
  post(message) {
    return trying(this.session.api.post(at`/handsets/${this.address}/messages`, { to: this.peer, ...message }));
  }
}
