// Every call of the control API, with a form that tries it.

import { found, groupsOf } from "../calls/declared.js";
import { CallForm } from "../calls/form.js";
import { plainWords } from "../calls/fields.js";
import { h, icon } from "../dom.js";
import { SimplePage } from "./simple.js";

/** `#/calls/{name}` */
export default class CallsPage extends SimplePage {
  get title() {
    return "Control API";
  }

  tools() {
    this.search = h("input", { type: "search", placeholder: "Search", "data-test": "search", "aria-label": "Search", oninput: () => this.filter() });
    this.counted = h("span.counted", { role: "status" });
    return [
      h("div.search", icon("search"), this.search),
      this.counted,
      h("a", { href: this.session.api.url("/openapi.json"), target: "_blank", rel: "noopener" }, "openapi.json"),
    ];
  }

  async fetch() {
    return this.session.api.get("/openapi.json");
  }

  close() {
    super.close();
    this.closeForms();
  }

  closeForms() {
    this.forms?.forEach((form) => form.close());
  }

  /** Drawn once, and anew when another emulator answers: what is filled in stays. */
  redraw() {
    const document = JSON.stringify(this.answer);
    if (document !== this.document) this.drawAnew(document);
    this.reveal(this.path[1]);
  }

  /** @param {string} document */
  drawAnew(document) {
    this.document = document;
    this.closeForms();
    /** @type {Map<string, CallForm>} */
    this.forms = new Map();
    /** @type {Map<string, any>} */
    this.entries = new Map();
    this.groups = groupsOf(this.answer);
    this.nothing = h("p.empty", { hidden: true }, "No call is like that.");
    this.content.replaceChildren(this.nothing, ...this.groups.map((group) => this.group(group)));
    this.filter();
  }

  /** @param {DeclaredGroup} group */
  group({ name, words, calls }) {
    return h("section.card", { "data-group": name, "aria-label": name }, h("div.card-head", h("h2", name), h("p.hint", plainWords(words))), calls.map((call) => this.entry(call)));
  }

  /** @param {DeclaredCall} call */
  entry(call) {
    const { name, method, path, summary } = call;
    const entry = h(
      "details.entry-card.call",
      { "data-test": "call", "data-name": name, ontoggle: () => entry.open && this.opening(call, entry) },
      h("summary", icon("forward"), h("span", { class: `tag method ${method.toLowerCase()}` }, method), h("code", path), h("small", plainWords(summary))),
    );
    this.entries?.set(name, entry);
    return entry;
  }

  /**
   * A form is made when it is first wanted.
   * @param {DeclaredCall} call
   * @param {HTMLElement} entry
   */
  opening(call, entry) {
    if (!this.forms?.has(call.name)) {
      const form = new CallForm(this.session, call);
      this.forms?.set(call.name, form);
      entry.append(form.element);
    }
    if (this.path[1] !== call.name) this.console.replace(["calls", call.name], {});
  }

  /** @param {string | undefined} name */
  reveal(name) {
    const entry = name && this.entries?.get(name);
    if (!entry || entry.open) return;
    entry.open = true;
    entry.scrollIntoView({ block: "start" });
  }

  filter() {
    if (!this.groups) return;
    const shown = new Set(found(this.groups, this.search.value).flatMap(({ calls }) => calls.map(({ name }) => name)));
    this.entries?.forEach((entry, name) => (entry.hidden = !shown.has(name)));
    for (const group of this.content.querySelectorAll("[data-group]")) group.hidden = !group.querySelector(".call:not([hidden])");
    this.nothing.hidden = shown.size > 0;
    this.counted.textContent = `${shown.size} ${shown.size === 1 ? "call" : "calls"}`;
  }
}
