import asyncio
from collections.abc import Callable
from textwrap import dedent

import pytest

from twilio_emulator.play import library
from twilio_emulator.play.local import LocalStage
from twilio_emulator.scenarios.language.scenario import Scenario
from twilio_emulator.scenarios.player.report import Report
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings


@pytest.fixture
def server() -> Server:
    """An emulator without a port."""
    return Server(Settings(), lambda: b"")


@pytest.fixture
def play(server: Server) -> Callable[..., Report]:
    """Play a scenario, or a text that is one, in a fresh account."""

    def play(what: Scenario | str, **given: str) -> Report:
        scenario = library.load_text(dedent(what), given=given) if isinstance(what, str) else what
        return asyncio.run(library.play(scenario, LocalStage(server, server.worlds)))

    return play


@pytest.fixture
def story(play: Callable[..., Report]) -> Callable[..., Report]:
    """Play some steps with Ann, who has a phone, Ben on WhatsApp and Alice, who chats."""

    def story(steps: str, head: str = "") -> Report:
        return play(f"{dedent(HEAD)}{dedent(head)}story:\n{dedent(steps)}")

    return story


HEAD = """\
    scenario: A test
    people:
      Ann: +12025550199
      Ben: whatsapp:+12025550123
      Alice: chat:alice
    conversations:
      Parcel: [Ann, Ben, Alice]
    """
