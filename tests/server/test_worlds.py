import asyncio
import gc
import weakref
from dataclasses import replace

import pytest

from twilio_emulator.core.accounts.accounts import Accounts, OpenAccount
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.simulation.settings import Carriers
from twilio_emulator.runtime import numbering
from twilio_emulator.runtime.accounts import Worlds
from twilio_emulator.runtime.hosted import Hosted, News, end
from twilio_emulator.server.app import Server
from twilio_emulator.settings import InvalidSetting, Settings

pytestmark = pytest.mark.anyio

DEFAULT = "AC00000000000000000000000000000001"


def made(settings: Settings | None = None) -> tuple[Worlds, list[Hosted]]:
    joined: list[Hosted] = []
    worlds = Worlds(settings or Settings(), numbering, joined.append)
    return worlds, joined


def test_the_default_account_is_there_at_once() -> None:
    worlds, joined = made()
    assert joined == [worlds.default] == list(worlds)
    assert worlds.default.world.account_sid == DEFAULT


def test_listeners_are_joined_before_anything_happens() -> None:
    heard: list[int] = []
    worlds = Worlds(Settings(), numbering, lambda hosted: heard.append(hosted.world.events))
    worlds.open(OpenAccount())
    assert heard == [0, 0]


def test_the_default_account_has_the_numbers_that_were_given_too() -> None:
    settings = Settings(numbers=("+12025550177", "whatsapp:+44 7700 900123", "+12025550100"))
    worlds, _ = made(settings)
    addresses = [number.address for number in worlds.default.world[PhoneNumbers]]
    assert addresses == [
        "+12025550100",
        "+12025550101",
        "whatsapp:+14155238886",
        "+12025550177",
        "whatsapp:+447700900123",
    ]
    with pytest.raises(InvalidSetting, match=r"number: expected a phone number in E\.164"):
        made(Settings(numbers=("2025550177",)))


def test_accounts_are_found_by_their_sid_and_by_that_of_a_subaccount() -> None:
    worlds, _ = made()
    new = worlds.open(OpenAccount())
    sid = new.world.account_sid
    assert worlds.of(sid) is new
    assert worlds.of(DEFAULT) is worlds.default
    assert worlds.of("AC2") is None
    account = new.world[Accounts][sid]
    new.world[Accounts].put(replace(account, sid="AC2", serial=new.world.serial()))
    assert worlds.of("AC2") is new
    assert list(worlds.likely(sid)) == [new]
    assert list(worlds.likely("SK1")) == [worlds.default, new]


def test_accounts_differ_in_clock_seed_and_carrier() -> None:
    worlds, _ = made(Settings(clock="frozen", seed=4, carrier="no-dlr"))
    like_all = worlds.open(OpenAccount())
    assert like_all.world.clock.rate == 0
    assert like_all.world.seed == 4
    own = worlds.open(OpenAccount(), clock="x60", seed=5, carrier="ideal", public_url="http://x")
    assert own.world.clock.rate == 60
    assert own.world.seed == 5
    assert own.public_url == "http://x"
    profiles = [next(iter(each.world[Carriers]), None) for each in (like_all, own)]
    assert [profile and profile.profile for profile in profiles] == ["no-dlr", None]


async def test_a_closed_account_is_over_for_everybody() -> None:
    worlds, _ = made()
    new = worlds.open(OpenAccount())
    closed: list[str] = []

    async def close() -> None:
        closed.append("closed")

    new.closing.append(close)
    waiting = asyncio.ensure_future(new.news.wait())
    await asyncio.sleep(0)
    await worlds.close(new)
    await waiting
    assert closed == ["closed"]
    assert worlds.of(new.world.account_sid) is None
    assert list(worlds) == [worlds.default]


async def test_whoever_waits_is_woken_by_what_goes_into_the_log() -> None:
    worlds, _ = made()
    hosted = worlds.default
    waiting = asyncio.ensure_future(hosted.news.wait())
    await asyncio.sleep(0)
    assert not waiting.done()
    hosted.gate.log.add(hosted.world.now, "note", 1)
    await waiting
    await end(hosted)


async def test_after_the_end_nobody_waits() -> None:
    news = News()
    news.end()
    await news.wait()
    assert news.over


def test_a_closed_account_is_gone_at_once() -> None:
    gc.collect()
    gc.disable()
    try:

        async def run() -> list[object]:
            server = Server(Settings(), lambda: b"")
            hosted = server.worlds.open(OpenAccount())
            gone = [weakref.ref(each) for each in (hosted.gate, hosted.world)]
            await server.worlds.close(hosted)
            del hosted
            await server.end()
            return [each() for each in gone]

        assert asyncio.run(run()) == [None] * 2
    finally:
        gc.enable()


async def test_whoever_waits_no_more_leaves_nothing() -> None:
    news = News()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await news.wait()
    assert not news._waiting


def test_there_is_no_account_with_a_carrier_that_is_none() -> None:
    worlds = Worlds(Settings(), numbering, lambda hosted: None)
    with pytest.raises(Refused, match="profile"):
        worlds.open(OpenAccount(), carrier="pigeon")
    first = worlds.open(OpenAccount()).world.account_sid
    other = Worlds(Settings(), numbering, lambda hosted: None)
    assert other.open(OpenAccount()).world.account_sid == first


def webhooks_of(hosted: Hosted) -> dict[str, tuple[str | None, str | None, str | None]]:
    return {
        each.address: (each.sms_url, each.sms_fallback_url, each.status_callback)
        for each in hosted.world[PhoneNumbers]
    }


def test_numbers_of_the_default_account_have_the_webhooks_of_the_settings() -> None:
    settings = Settings(
        numbers=("+12025550177", "12345"),
        sms_urls=("http://shop/sms", "+12025550101=http://desk/sms"),
        sms_fallback_urls=("+12025550177=http://other/sms",),
        status_callbacks=("http://shop/status",),
    )
    worlds, _ = made(settings)
    expected = {
        "+12025550100": ("http://shop/sms", None, "http://shop/status"),
        "+12025550101": ("http://desk/sms", None, "http://shop/status"),
        "whatsapp:+14155238886": ("http://shop/sms", None, "http://shop/status"),
        "+12025550177": ("http://shop/sms", "http://other/sms", "http://shop/status"),
        "12345": ("http://shop/sms", None, None),
    }
    assert webhooks_of(worlds.default) == expected
    other = worlds.open(OpenAccount())
    assert set(webhooks_of(other).values()) == {(None, None, None)}

    for number in list(worlds.default.world[PhoneNumbers]):
        worlds.default.world[PhoneNumbers].put(replace(number, sms_url=None))
    worlds.reset(worlds.default)
    assert webhooks_of(worlds.default) == expected


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        (
            Settings(sms_urls=("+12025550177=http://shop/sms",)),
            r"^sms-url: expected one of the account's numbers before '=': \+12025550100, \+1",
        ),
        (
            Settings(sms_urls=("12025550100=http://shop/sms",)),
            r"^sms-url: expected one of the account's numbers before '=': .*, not '12025550100'$",
        ),
        (
            Settings(sms_fallback_urls=("http://shop/sms",)),
            r"^sms-fallback-url: expected an sms-url of \+12025550100 besides, not 'http://shop",
        ),
    ],
)
def test_a_webhook_of_no_number_is_refused_in_one_line(settings: Settings, complaint: str) -> None:
    with pytest.raises(InvalidSetting, match=complaint):
        made(settings)
