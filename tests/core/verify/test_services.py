"""Verify services: what can be said of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.core.accounts.subaccounts import AddSubaccount
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import names, services
from twilio_emulator.core.verify.resources import VerifyServices
from twilio_emulator.core.verify.services import (
    FIRST_SERVICE,
    AddVerifyService,
    RemoveVerifyService,
    UpdateVerifyService,
    fetch_verify_service,
)
from twilio_emulator.core.verify.templates import SHIPPED

ACCOUNT = "AC00000000000000000000000000000001"


@contextmanager
def refused(code: int) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """What is done here is refused with a code."""
    with pytest.raises(Refused) as error:
        yield error
    assert error.value.code == code


def add(world: World, **said: Any) -> Any:
    return world.perform(AddVerifyService(**{"account": ACCOUNT, "friendly_name": "Shop", **said}))


@pytest.mark.parametrize("name", ["x" * 31, "call 12345", "a.com", "<b>", " "])
def test_a_name_is_no_number_and_no_link(world: World, name: str) -> None:
    with refused(60200):
        add(world, friendly_name=name)


@pytest.mark.parametrize("name", ["x" * 30, "Shop_24-7 a1", "カフェ", "हिन्दी", "Größe"])
def test_a_name_is_in_any_script(world: World, name: str) -> None:
    assert add(world, friendly_name=name).friendly_name == name


def test_a_name_may_hold_words_that_are_restricted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "RESTRICTED", frozenset({"bank"}))
    with refused(60248):
        add(world, friendly_name="My Bank")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("code_length", "3"),
        ("code_length", "six"),
        ("lookup_enabled", "yes"),
        ("passkeys_user_verification", "maybe"),
        ("whatsapp_msg_service_sid", "MG2"),
        ("whatsapp_from", "+12025550100"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(world: World, setting: str, said: str) -> None:
    with refused(60200):
        add(world, **{setting: said})


def test_a_default_template_is_one_that_the_account_can_use(world: World) -> None:
    with refused(60228):
        add(world, default_template_sid="HJ" + "9" * 32)
    shipped = SHIPPED[0].sid
    assert add(world, default_template_sid=shipped).default_template_sid == shipped


def test_settings_are_kept_and_taken_back(world: World) -> None:
    made = add(
        world,
        code_length="4",
        lookup_enabled="True",
        whatsapp_from="+14155238886",
        whatsapp_msg_service_sid="MG00000000000000000000000000000001",
        passkeys_relying_party_origins="https://a.com, https://b.com",
        passkeys_user_verification="Required",
        push_include_date="",
        tts_name="alice",
    )
    assert (made.code_length, made.lookup_enabled) == (4, True)
    assert made.whatsapp_from == "whatsapp:+14155238886"
    assert made.passkeys_relying_party_origins == ("https://a.com", "https://b.com")
    assert made.passkeys_user_verification == "required"
    changed = world.perform(
        UpdateVerifyService(account=ACCOUNT, service=made.sid, tts_name="", code_length="5")
    )
    assert (changed.tts_name, changed.code_length, changed.friendly_name) == (None, 5, "Shop")


def test_the_service_of_an_account_whose_name_says_too_much(empty_world: World) -> None:
    empty_world.perform(OpenAccount(friendly_name="https://shop.example"))
    (first,) = empty_world[VerifyServices]
    assert (first.sid, first.friendly_name) == (FIRST_SERVICE, names.DEFAULT_NAME)
    empty_world.perform(RemoveVerifyService(account=ACCOUNT, service=FIRST_SERVICE))
    assert services.first_service_sid(empty_world, ACCOUNT) is None


def test_a_subaccount_has_a_service_of_its_own(world: World) -> None:
    sub = world.perform(AddSubaccount(account=ACCOUNT))
    sid = services.first_service_sid(world, sub.sid)
    assert sid is not None
    assert sid != FIRST_SERVICE
    with refused(20404):
        fetch_verify_service(world, account=ACCOUNT, service=sid)
