// Everybody in a conversation: on chat clients, on phones, and who is online.

import { at } from "../api.js";
import { h, iconButton } from "../dom.js";
import { redraw } from "../kept.js";
import { avatar } from "../phones/avatar.js";
import { trying } from "../toast.js";
import { bare, channelName, plainly } from "../words.js";

/** The list of participants, and a form to add one. */
export class Members {
  /**
   * @param {Host} console
   * @param {string} path
   */
  constructor(console, path) {
    this.console = console;
    this.session = console.session;
    this.path = path;
    this.list = h("ul.members");
    this.adding = this.form();
    this.element = h("section", h("h2", "Participants"), this.list, this.adding);
  }

  /** @param {{ participants: Listed[], state: string }} of */
  show({ participants, state }) {
    redraw(this.list, participants.length ? participants.map((/** @type {any} */ each) => this.member(each)) : [h("li.hint", "No participants yet.")]);
    this.adding.hidden = state === "closed";
  }

  /** @param {Listed} it */
  member(it) {
    const known = this.session.handsets.nameOf(it.address);
    const name = it.identity ?? known ?? it.address ?? it.projected_address ?? it.sid;
    const phone = it.address && this.console.address(["handsets", bare(it.address), ...(it.proxy_address ? ["threads", it.proxy_address] : [])]);
    const about = it.identity
      ? [it.role, it.is_online ? "online" : "offline"].filter(Boolean).join(", ")
      : [known && bare(it.address), channelName(it.channel), it.proxy_address && `through ${bare(it.proxy_address)}`, it.projected_address && `shown as ${it.projected_address}`].filter(Boolean).join(", ");
    return h(
      "li",
      { "data-test": "member", "data-sid": it.sid },
      h("span.member-picture", avatar(name, name), it.is_online && h("span.online", { title: "Online" })),
      h(
        "span.row-words",
        phone ? h("a", { href: phone }, h("bdi", plainly(name))) : h("strong", h("bdi", plainly(name))),
        h("small", about),
        it.last_read_message_index !== null && h("small", `has read #${it.last_read_message_index}`),
      ),
      iconButton("close", `Remove ${plainly(name)}`, () => trying(this.session.api.delete(this.path + at`/participants/${it.sid}`))),
    );
  }

  form() {
    const numbers = this.session.account.numbers;
    const who = h("input", { placeholder: "alice or +12025550199", "aria-label": "Identity or number to add", "data-test": "add-member", required: true });
    const through = h("select", { "aria-label": "Through which number", hidden: true }, numbers.map((number) => h("option", number)));
    const isPhone = () => /^(\w+:)?\+/.test(who.value.trim());
    who.addEventListener("input", () => (through.hidden = !isPhone()));
    /** @param {any} event */
    const add = async (event) => {
      event.preventDefault();
      const name = who.value.trim();
      const wish = isPhone() ? { address: likeChannel(name, through.value), proxy_address: through.value } : { identity: name };
      if (await trying(this.session.api.post(`${this.path}/participants`, wish))) who.value = "";
    };
    return h("form.add-member", { onsubmit: add }, h("div.row", who, h("button", { type: "submit" }, "Add")), through);
  }
}

/**
 * An address on the channel of the number that it is reached from.
 * @param {string} address
 * @param {string} number
 */
function likeChannel(address, number) {
  return number.includes(":") && !address.includes(":") ? `${number.split(":")[0]}:${address}` : address;
}
