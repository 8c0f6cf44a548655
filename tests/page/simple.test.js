// A page that reads, shows and reads again: news, people who write, and an emulator that is gone.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import "./window.js";
import { answering, stream, Told, until } from "./answers.js";

const { h } = await import("../../emulator/twilio_emulator/console/page/dom.js");
const { Api, Refusal } = await import("../../emulator/twilio_emulator/console/page/api.js");
const { SimplePage } = await import("../../emulator/twilio_emulator/console/page/pages/simple.js");

let told, answer, page;
const after = { call: () => Promise.resolve() };

class Page extends SimplePage {
  get title() {
    return "Things";
  }

  changes() {
    return true;
  }

  async fetch() {
    return answer();
  }

  draw(text) {
    const input = h("input", { "aria-label": "Name" });
    return [h("p.text", text), h("form", { onsubmit: (event) => this.after(after.call(), event.target) }, input, h("button", { type: "submit" }, "Add"))];
  }
}

const shown = () => page.content.querySelector(".text")?.textContent;
const input = () => page.content.querySelector("input");

async function open(first) {
  told = new Told();
  answer = () => first;
  page = new Page({ session: { live: told, api: new Api() } });
  document.body.append(page.element);
  await until(() => shown() === first);
}

function write(text) {
  input().value = text;
  input().dispatchEvent(new Event("input", { bubbles: true }));
}

async function news(text) {
  answer = () => text;
  told.tell([{}]);
  await until(() => page.answer === text);
}

afterEach(() => {
  page.close();
  page.element.remove();
});

test("what is shown stays while the emulator does not answer", async () => {
  await open("one");
  const asked = Promise.reject(new Refusal(0, { message: "the emulator does not answer" }));
  answer = () => asked;
  told.tell(null);
  await until(() => !page.reading);
  assert.equal(shown(), "one");
  await news("two");
  assert.equal(shown(), "two");
});

test("what it refuses is said", async () => {
  await open("one");
  answer = () => Promise.reject(new Refusal(404, { message: "there is no such account" }));
  told.tell([{}]);
  await until(() => page.content.textContent === "there is no such account");
});

test("news waits for who writes, and is shown when they leave", async () => {
  await open("one");
  input().focus();
  write("half");
  await news("two");
  assert.equal(shown(), "one");
  input().blur();
  await until(() => shown() === "two");
  assert.equal(input().value, "half");
});

test("what the usual stream does not tell is heard besides, from the moment on when that begins", async () => {
  const events = stream();
  let begin;
  const begun = new Promise((resolve) => {
    begin = resolve;
  });
  const emulator = answering({ "GET /events?types=subscription": () => begun.then(() => events.response) });
  await open("one");
  page.hearBesides("subscription");
  answer = () => "two"; // while the stream is not there yet
  begin();
  await until(() => shown() === "two");
  answer = () => "three";
  events.write('id: 7\nevent: subscription\ndata: {"kind": "subscription"}\n\n');
  await until(() => shown() === "three");
  page.close();
  await events.end();
  emulator.end();
});

for (const [outcome, call, left] of [
  ["done", () => Promise.resolve(), ""],
  ["refused", () => Promise.reject(new Refusal(400, { message: "no" })), "half"],
]) {
  test(`a form that is sent and ${outcome}`, async () => {
    await open("one");
    input().focus();
    write("half");
    after.call = call;
    answer = () => "two";
    page.content.querySelector("form").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    await until(() => shown() === "two");
    assert.equal(input().value, left);
    assert.equal(document.activeElement, input());
  });
}
