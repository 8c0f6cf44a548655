// Speaking in a conversation: as one of its chat participants, or as anybody else by REST.

import { at } from "../api.js";
import { h, icon } from "../dom.js";
import { Attachments, encoded } from "../phones/attachments.js";
import { emojiPicker } from "../phones/emoji.js";
import { trying } from "../toast.js";
import { plainly } from "../words.js";
import { readAll } from "./discussion.js";

const ANOTHER = "\u0000another";

/** A form that posts a message as the chosen author. */
export class ChatComposer {
  /**
   * @param {Session} session
   * @param {string} sid
   */
  constructor(session, sid) {
    this.session = session;
    this.sid = sid;
    this.path = at`/conversations/${sid}`;
    /** @type {string | null} */
    this.chosen = null;
    /** @type {any[]} */
    this.participants = [];
    this.author = h("select", { "data-test": "speak-as", "aria-label": "Speak as", onchange: () => this.choose() });
    this.identity = h("input", { placeholder: "Identity", "aria-label": "Identity to join as", hidden: true, onkeydown: (/** @type {any} */ event) => event.key === "Enter" && this.join(event) });
    this.joining = h("button", { hidden: true, onclick: (/** @type {any} */ event) => this.join(event) }, "Join");
    this.input = h("textarea", { rows: "1", placeholder: "Say something", "data-test": "say", "aria-label": "Message", onkeydown: (/** @type {any} */ event) => this.key(event) });
    this.attachments = new Attachments();
    this.element = h(
      "form.composer",
      { onsubmit: (/** @type {any} */ event) => this.submit(event) },
      h("div.speak-as", h("span", "Speak as"), this.author, this.identity, this.joining),
      this.attachments.list,
      h(
        "div.writing",
        this.attachments.opener,
        emojiPicker((/** @type {string} */ emoji) => this.input.setRangeText(emoji, this.input.selectionStart, this.input.selectionEnd, "end")),
        this.attachments.chooser,
        this.input,
        h("button.send", { "data-test": "send", type: "submit", "aria-label": "Send", title: "Send (Enter)" }, icon("send")),
      ),
    );
  }

  focus() {
    this.input.focus();
  }

  /** @param {{ participants: Listed[], state: string }} of */
  show({ participants, state }) {
    this.participants = participants.filter((/** @type {any} */ each) => each.identity !== null);
    const known = this.participants.map((/** @type {any} */ each) => each.identity);
    if (!known.includes(this.chosen) && this.chosen !== "system") this.chosen = known[0] ?? "system";
    this.author.replaceChildren(
      ...known.map((/** @type {string} */ identity) => h("option", { value: identity }, plainly(identity))),
      h("option", { value: "system" }, "system, by REST"),
      h("option", { value: ANOTHER }, "Join as somebody else…"),
    );
    this.author.value = this.chosen;
    this.element.classList.toggle("closed", state === "closed");
    for (const control of this.element.elements) control.disabled = state === "closed";
  }

  choose() {
    const joins = this.author.value === ANOTHER;
    this.identity.hidden = this.joining.hidden = !joins;
    if (joins) this.identity.focus();
    else this.chosen = this.author.value;
  }

  /** @param {any} event */
  async join(event) {
    event.preventDefault();
    const identity = this.identity.value.trim();
    if (!identity) return;
    const joined = await trying(this.session.api.post(`${this.path}/participants`, { identity }));
    if (!joined) return;
    this.chosen = identity;
    this.identity.value = "";
    this.identity.hidden = this.joining.hidden = true;
    this.show({ participants: [...this.participants, joined], state: "active" });
    this.focus();
  }

  /** @param {any} event */
  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit(event);
  }

  /** @param {any} event */
  async submit(event) {
    event.preventDefault();
    const body = this.input.value;
    if (!body.trim() && !this.attachments.files.length) return;
    const media = await Promise.all(this.attachments.files.map(encoded));
    const said = await trying(this.session.api.post(`${this.path}/messages`, { author: this.chosen, body: body || null, media }));
    if (!said) return;
    this.input.value = "";
    this.attachments.clear();
    const speaker = this.participants.find((/** @type {any} */ each) => each.identity === this.chosen);
    if (speaker) readAll(this.session, this.sid, speaker.sid);
  }
}
