import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.core.kernel.clock import Clock
from twilio_emulator.core.kernel.world import Happened, PlannedNumber, World
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.core.texts.text import Text
from twilio_emulator.core.wings import new_world

E = TypeVar("E")

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
ACCOUNT = "AC00000000000000000000000000000001"
NUMBER = "+12025550100"
ANN = "+12025550199"


class PlainNumbering:
    """E.164 and nothing more: ten digits are a national form, and there are few countries."""

    COUNTRIES = (("+1416", "CA"), ("+1", "US"), ("+44", "GB"), ("+49", "DE"))

    def normal(self, number: str, country: str | None = None) -> str | None:
        digits = re.sub(r"[ ()\-]", "", number)
        if country == "US" and re.fullmatch(r"[0-9]{10}", digits):
            return f"+1{digits}"
        if re.fullmatch(r"\+1[0-9]{10}", digits):
            return digits
        possible = re.fullmatch(r"\+[2-9][0-9]{7,14}", digits)
        return digits if possible else None

    def country(self, number: str) -> str | None:
        return next((name for code, name in self.COUNTRIES if number.startswith(code)), None)

    def planned(self, number: str, country: str) -> PlannedNumber:
        normal = self.normal(number, country)
        if normal is None:
            return PlannedNumber(number, error="NOT_A_NUMBER")
        fixed = {"+4420": "landline", "+1800": "tollFree", "+4490": "premium"}
        return PlannedNumber(
            number=normal,
            calling_country_code=normal[1:2] if normal[1] == "1" else normal[1:3],
            country=self.country(normal),
            national_format=normal[-10:],
            line_type=fixed.get(normal[:5], "mobile"),
        )


@pytest.fixture
def empty_world() -> World:
    """A world without an account in it, frozen at the start."""
    return new_world(ACCOUNT, 1, Clock(lambda: 0.0, START, rate=0), PlainNumbering())


@pytest.fixture
def world(empty_world: World) -> World:
    """A world with its account, frozen at 2026-01-05T09:00:00Z."""
    empty_world.perform(
        OpenAccount(
            auth_token="00000000000000000000000000000001",
            api_key="SK00000000000000000000000000000001",
            api_secret="0000000000000000000000000000000a",
            conversation_service_sid="IS00000000000000000000000000000001",
            messaging_service_sid="MG00000000000000000000000000000001",
            test_account_sid="AC0000000000000000000000000000000f",
            test_auth_token="0000000000000000000000000000000f",
        )
    )
    return empty_world


class Told(list[object]):
    """What a world has told, in order."""

    def of(self, kind: type[E]) -> list[E]:
        """The events of one kind."""
        return [event for event in self if isinstance(event, kind)]


@pytest.fixture
def told(world: World) -> Told:
    """The events of the world, from here on."""
    events = Told()

    def hear(happened: Happened) -> None:
        events.append(happened.event)

    world.listeners.append(hear)
    return events


@pytest.fixture
def advance(world: World) -> Callable[..., None]:
    """Let time pass: `advance(hours=25)`, and everything that is due happens."""

    def advance(**passed: float) -> None:
        world.clock.set(world.clock.now() + timedelta(**passed))
        world.catch_up(world.clock.now())

    return advance


@pytest.fixture
def send(world: World) -> Callable[..., Text]:
    """Send a text from the account's number to Ann, unless something else is said."""

    def send(**fields: object) -> Text:
        fields = {"account": ACCOUNT, "to": ANN, "from_": NUMBER, "body": "Hello", **fields}
        text = world.perform(CreateText(**fields))  # type: ignore[arg-type]
        assert isinstance(text, Text)
        return text

    return send
