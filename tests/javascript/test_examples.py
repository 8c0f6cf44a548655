"""The examples in examples/javascript: apps whose tests hold their phones by the npm package."""

import json
from pathlib import Path

import pytest

from tests.examples.snippets import snippet, snippets
from tests.javascript.package import ENVIRONMENT, EXAMPLES, run

TITLE = "Testing in JavaScript and TypeScript"


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.glob("*.test.js")))
def test_an_example(built: str, modules: Path, chromium: str, name: str) -> None:
    environment = {**ENVIRONMENT, "CHROMIUM": chromium}
    run(built, "--test", name, cwd=EXAMPLES, environment=environment)


def test_the_example_of_playwright_test(
    built: str, modules: Path, chromium: str, tmp_path: Path
) -> None:
    environment = {**ENVIRONMENT, "CHROMIUM": chromium}
    command = (str(modules / "@playwright/test/cli.js"), "test", "--output", str(tmp_path))
    said = run(built, *command, cwd=EXAMPLES, environment=environment)
    assert "1 passed" in said


def test_the_example_of_vitest(built: str, modules: Path) -> None:
    said = run(built, str(modules / "vitest/vitest.mjs"), "run", "--reporter=json", cwd=EXAMPLES)
    report = json.loads(said)
    assert (report["success"], report["numPassedTests"]) == (True, 2)


def test_the_page_has_two_blocks_of_code() -> None:
    """Both are run below."""
    blocks = [each.heading for each in snippets("docs/javascript.md") if each.language == "js"]
    assert blocks == [TITLE, "Phones"]


def test_what_the_page_shows(built: str, modules: Path, tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(modules)
    (tmp_path / "page.test.mjs").write_text(snippet("docs/javascript.md", TITLE, "js"))
    run(built, "--test", "page.test.mjs", cwd=tmp_path)


STAGE = """
import assert from "node:assert/strict";
import { Emulator } from "twilio-emulator";
import twilio from "twilio";

const account = await Emulator.start();
const { messages } = account.client(twilio);
const content = await account.client(twilio).content.v1.contents.create({
  friendlyName: "a code",
  language: "en",
  types: {
    "twilio/quick-reply": { body: "Your code is 111111", actions: [{ id: "y", title: "Yes" }] },
  },
});
const from = account.whatsappNumber;
await account.handset("+12025550199").send("Hello", { to: from });
const named = account.handset.bind(account);
account.handset = async (...given) => {
  const phone = await named(...given);
  await messages.create({ to: `whatsapp:${phone.address}`, from, contentSid: content.sid });
  await messages.create({ to: phone.address, from: account.number, body: "Your code is 222222" });
  return phone;
};
"""
"""An app of which the phone gets two codes, the first with a button."""

CURTAIN = """
assert.deepEqual([message.body, code], ["Your code is 111111", "222222"]);
const [look, quote, press] = (await ann.inbox()).slice(-3);
assert.deepEqual([look.body, look.media.length], ["Look", 1]);
assert.deepEqual([quote.body, quote.replyTo], ["Yes", message.id]);
assert.equal(press.body, "Yes");
"""


def test_what_the_page_shows_of_phones(built: str, modules: Path, tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(modules)
    shown = snippet("docs/javascript.md", "Phones", "js")
    (tmp_path / "cat.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "page.mjs").write_text(STAGE + shown + CURTAIN)
    run(built, "page.mjs", cwd=tmp_path)
