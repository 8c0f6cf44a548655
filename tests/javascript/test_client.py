"""The npm package in clients/javascript: what Node.js tests, its types, what npm packs of it."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import absent
from tests.examples.snippets import ROOT
from tests.javascript.declared import Declared
from tests.javascript.generated import CLIENT, TYPES, generate
from tests.javascript.package import run
from twilio_emulator import Emulator


@pytest.mark.parametrize("name", sorted(path.name for path in CLIENT.glob("tests/*.test.mjs")))
def test_what_node_tests(built: str, name: str) -> None:
    run(built, "--test", f"tests/{name}", cwd=CLIENT)


def test_the_types_are_those_of_the_openapi_file(
    built: str, twilio_emulator: Emulator, tmp_path: Path
) -> None:
    generate(twilio_emulator.url, tmp_path / "now.ts")
    now = (tmp_path / "now.ts").read_text(encoding="utf-8")
    assert now == TYPES.read_text(encoding="utf-8"), "stale: `make docs` writes them"


ESM = """
import { CannotCall, Emulator, Handset, NotReceived } from "twilio-emulator";
import { createRequire } from "node:module";
const required = createRequire(import.meta.url)("twilio-emulator");
const emulator = await Emulator.attach(process.argv[2]);
const ann = await emulator.handset("+12025550199");
await ann.send("Hello");
const missed = await ann.wait({ timeout: 1 }).catch((error) => error);
const same = required.Emulator === Emulator && missed instanceof required.NotReceived;
console.log(JSON.stringify([(await ann.inbox())[0].body, ann instanceof Handset, same]));
await emulator.stop();
"""

COMMONJS = """
const { Emulator } = require("twilio-emulator");
Emulator.attach(process.argv[2]).then(async (emulator) => {
  await emulator.handset("+12025550199").send("Hello");
  console.log(JSON.stringify((await emulator.handset("+12025550199").inbox())[0].body));
  await emulator.stop();
});
"""

TYPED = """
import {
  type Duration,
  Emulator,
  type Expectation,
  type HandsetCall,
  type HandsetMessage,
  type MailboxMessage,
  type Sent,
  type Value,
} from "twilio-emulator";

export async function story(): Promise<string | undefined> {
  await using emulator = await Emulator.start({ command: ["uvx", "twilio-emulator"] });
  await using account = await emulator.account({ clock: "frozen" });
  const ann = await account.handset("+12025550199", { network: "airplane" });
  const one: HandsetMessage = await ann.wait({ contains: "code", regex: /\\d+/, timeout: 1000 });
  const two: HandsetMessage[] = await ann.wait({ count: 2 });
  const pressed: Sent | undefined = await ann.press(one, "Yes");
  const day: Duration = { hours: 25 };
  const now: Date = await account.clock.advance(day);
  const { profile } = await account.call("patch", "/carrier", { body: { profile: "flaky" } });
  const statuses: (number | null)[] = (await account.webhooks()).map(({ status }) => status);
  for (const entry of await account.journal()) if (entry.kind === "request") return entry.path;
  const [refused] = await account.journal("refused");
  if (refused) return refused.message;
  const changes = { channels: { sna: true }, codeTtl: 60 };
  const { emailIntegration } = await account.verify.change(changes);
  const { sends } = await account.verify.verification("+12025550199");
  const attempts: string[] = sends.map(({ attemptSid }) => attemptSid);
  const mail: MailboxMessage = await account.mailbox("ann@example.com").wait({ subject: "code" });
  const call: HandsetCall = await ann.waitForCall({ status: "ringing", timeout: { seconds: 1 } });
  const later: Expectation = await ann.expect({ channel: "sms" });
  await later.none({ within: day });
  const amount: Value = await account.sync.map("prices").wait("apple", { amount: 2 });
  const { last } = await account.orchestrator.conversation(ann);
  const author: string | undefined = last?.author.participantId ?? undefined;
  await account.lookup("+12025550199", { lineType: "landline", simSwap: { carrierName: "A" } });
  // @ts-expect-error there is no such setting
  await account.verify.change({ colour: "red" });
  // @ts-expect-error there is no such channel
  await ann.wait({ channel: "pigeon" });
  // @ts-expect-error there is no such kind
  await account.journal("gossip");
  // @ts-expect-error the name is in camel case
  await account.handset("+12025550199", { person: { first_name: "Ann" } });
  // @ts-expect-error there is no such profile
  await account.call("patch", "/carrier", { body: { profile: "slow" } });
  // @ts-expect-error there is no such setting
  await account.handset("+12025550199", { colour: "red" });
  // @ts-expect-error there is no such method
  await account.call("put", "/carrier");
  const all = [two, pressed, now, profile, statuses, ann.address, emailIntegration.senderName];
  return [...all, attempts, mail.receivedAt, call.beganAt, amount, author].join() || one.codes[0];
}
"""


COMPILER: dict[str, Any] = {
    "compilerOptions": {
        "noEmit": True,
        "strict": True,
        "exactOptionalPropertyTypes": True,
        "target": "es2022",
        "module": "node16",
    },
    "files": ["story.mts", "story.cts"],
}
"""A project without the types of Node.js: one with them has no more to do."""


def test_what_npm_packs_is_installed_and_serves_import_require_and_types(
    built: str, twilio_emulator: Emulator, tmp_path: Path
) -> None:
    npm = shutil.which("npm") or absent("npm is not installed")
    pack = ("pack", "--json", "--ignore-scripts", "--pack-destination", str(tmp_path))
    (packed,) = json.loads(run(npm, *pack, cwd=CLIENT))
    files = {each["path"] for each in packed["files"]}
    assert {"LICENSE", "README.md", "package.json", "dist/index.js", "dist/esm.mjs"} <= files
    assert {path.partition("/")[0] for path in files} <= {"dist", "src", *files}
    assert not any("test" in path for path in files)
    (tmp_path / "package.json").write_text('{"private": true}')
    quiet = ("--offline", "--no-audit", "--no-fund", "--ignore-scripts")
    run(npm, "install", *quiet, packed["filename"], cwd=tmp_path)
    installed = (tmp_path / "node_modules").glob("[!.]*")
    assert [path.name for path in installed] == ["twilio-emulator"]

    (tmp_path / "try.mjs").write_text(ESM)
    said = json.loads(run(built, "try.mjs", twilio_emulator.url, cwd=tmp_path))
    assert said == ["Hello", True, True]
    (tmp_path / "try.cjs").write_text(COMMONJS)
    assert json.loads(run(built, "try.cjs", twilio_emulator.url, cwd=tmp_path)) == "Hello"

    for name in COMPILER["files"]:
        (tmp_path / name).write_text(TYPED)
    (tmp_path / "tsconfig.json").write_text(json.dumps(COMPILER))
    run(built, str(CLIENT / "node_modules/typescript/bin/tsc"), cwd=tmp_path)


def test_the_table_names_everything_that_an_emulator_has(built: str) -> None:
    members = Declared().members("Emulator").keys() - {"start", "attach"}
    rows = re.findall(r"^\| (`.*?) \|", (ROOT / "docs/javascript.md").read_text(), re.M)
    named = {name for row in rows for name in re.findall(r"`(\w+)", row)}
    assert members == named


def test_the_package_says_what_it_is() -> None:
    package = json.loads((CLIENT / "package.json").read_text(encoding="utf-8"))
    assert "dependencies" not in package
    assert package["license"] == "Apache-2.0"
    assert (CLIENT / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    assert f'\nversion = "{package["version"]}"\n' in (ROOT / "pyproject.toml").read_text()
