// One message on a page of its own: the address to print when a test fails.

import { h } from "../dom.js";
import { Inspector } from "../inspector/inspector.js";

/** `#/messages/{sid}` */
export class MessagesPage {
  constructor(console) {
    this.console = console;
    this.inspector = new Inspector(console);
    this.title = "Message";
    this.search = h("input", { type: "search", name: "sid", placeholder: "SM…, MM… or IM…", "aria-label": "Sid of a message" });
    this.form = h("form.find-message", { onsubmit: (event) => this.find(event) }, this.search, h("button.primary", { type: "submit" }, "Inspect"));
    this.element = h("div.message-page");
  }

  close() {
    this.inspector.close();
  }

  show({ path }) {
    const [, sid] = path;
    this.title = sid ?? "Message";
    if (sid) this.inspector.show(sid);
    this.element.replaceChildren(h("h1", "Message"), this.form, sid ? this.inspector.element : "");
  }

  find(event) {
    event.preventDefault();
    if (this.search.value.trim()) this.console.go(["messages", this.search.value.trim()]);
  }
}
