import re

import click

from tests.conformance.command_page import PAGE, page
from tests.examples.snippets import ROOT
from twilio_emulator.cli.commands import main

VARIABLE = re.compile(r'"((?:TWILIO|OAUTH)_[A-Z_]*[A-Z])"')


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_every_command_option_and_variable_is_on_it() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name, command in main.commands.items():
        assert f"## `twilio-emulator {name} " in text
        for each in command.params:
            if isinstance(each, click.Option):
                assert f"`{each.envvar}`" in text
                assert all(f"`{flag}`" in text for flag in each.opts)


def test_every_other_variable_and_option_of_pytest_is_in_the_docs() -> None:
    source = ROOT / "emulator/twilio_emulator"
    modules = {path: path.read_text(encoding="utf-8") for path in source.rglob("*.py")}
    read = {name for text in modules.values() for name in VARIABLE.findall(text)}
    options = set(re.findall(r'"(--twilio-[a-z-]+)"', modules[source / "pytest_plugin.py"]))
    assert "TWILIO_ACCOUNT_SID" in read
    assert "--twilio-emulator-url" in options
    docs = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    assert [name for name in sorted(read | options) if name not in docs] == []
