import click

from tests.conformance.command_page import PAGE, page
from twilio_emulator.cli.commands import main


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
