"""The fake carrier's nature: how long it takes, what it reports, which rules hold.

The settings are one record. They can be changed at any time, and count for whatever the carrier
decides from then on.
"""

from dataclasses import fields
from typing import NoReturn

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.refusals import INVALID_SETTING
from twilio_emulator.core.senders.resources import SenderKind
from twilio_emulator.core.simulation.choices import MOST_SECONDS, choose, within
from twilio_emulator.core.simulation.patterns import check_pattern

Milliseconds = tuple[int, int]
"""The shortest and the longest; every whole number between them is as likely."""


@record
class Profile:
    """What a carrier is like. `reports` says whether it ever tells that a text was delivered."""

    name: str
    accepted: Milliseconds = (5, 5)
    queued: Milliseconds = (5, 5)
    sending: Milliseconds = (20, 20)
    sent: Milliseconds = (80, 80)
    reports: bool = True
    registration: bool = False
    late: float = 0.0
    duplicates: float = 0.0
    reordered: float = 0.0


PROFILES = {
    profile.name: profile
    for profile in (
        Profile(name="ideal"),
        Profile(
            name="realistic",
            accepted=(50, 200),
            queued=(100, 500),
            sending=(300, 3000),
            sent=(500, 3000),
        ),
        Profile(
            name="flaky",
            accepted=(50, 1000),
            queued=(100, 2000),
            sending=(300, 10_000),
            sent=(500, 10_000),
            late=0.1,
            duplicates=0.1,
            reordered=0.1,
        ),
        Profile(name="strict-us", registration=True),
        Profile(name="no-dlr", reports=False),
    )
}

SIMULATED_CARRIER = "carrier"

LEAST_RATE = 0.001
MOST_RATE = 1_000_000
"""Segments a second; replies in 30 seconds."""

APPROVAL_MODES = ("auto", "manual", "reject")


@record
class Carrier:
    """The settings, which `ChangeCarrier` explains."""

    profile: str = "ideal"
    auto_provision: bool = True
    any_sender: bool = False
    opt_outs: bool = True
    whatsapp_window: bool = True
    magic_numbers_on_live: bool = False
    lookup_at_api: bool = False
    retry_window: int = 48 * 3600
    filters: tuple[str, ...] = ()
    forbidden_countries: tuple[str, ...] = ()
    throughput: tuple[tuple[str, float], ...] = ()
    queue_seconds: int = 4 * 3600
    reply_limit: int = 0
    approval_mode: str = "auto"
    extra_inbound_params: tuple[tuple[str, str], ...] = ()
    webhook_rewrites: tuple[tuple[str, str], ...] = ()
    totp_reuse: bool = True

    @property
    def sid(self) -> str:
        return SIMULATED_CARRIER


class Carriers(Table[Carrier]):
    """The settings of the world, once they have been changed."""

    def __init__(self) -> None:
        super().__init__(Carrier)


UNCHANGED = Carrier()


@event
class CarrierChanged:
    """The carrier goes by other settings."""

    carrier: Carrier


@command
class ChangeCarrier:
    """Change settings; what is not given stays as it is.

    Each rule of Twilio that a test may want out of its way has its switch here.

    Attributes:
        profile: how fast the network is, and what it loses.
        auto_provision: whether a phone comes into being with the first text to it.
        any_sender: whether texts may come from numbers that are not the account's.
        opt_outs: whether STOP is heard.
        whatsapp_window: whether WhatsApp takes free text only for a day after a phone wrote.
        magic_numbers_on_live: whether magic numbers do what they do with test credentials.
        lookup_at_api: whether a text to a number that no phone has is refused at once.
        retry_window: seconds that the carrier keeps trying a phone that is off.
        filters: regular expressions over the body that get a text filtered (30007).
        forbidden_countries: ISO codes of countries that no text may go to.
        throughput: segments a second that a sender sends, by its kind: Twilio has 1 for long codes,
            3 for toll-free numbers, 100 for short codes, 80 for WhatsApp. Of others, as many as
            come.
        queue_seconds: how much may wait for a sender; more is refused (21611), or fails (30001).
        reply_limit: replies that a phone gets in 30 seconds before the rest is dropped (14107); 0
            for any number. Numbers of the account that answer each other are always stopped.
        approval_mode: what becomes of templates that are submitted to WhatsApp.
        extra_inbound_params: said with every inbound text, as Twilio adds new ones without notice.
        webhook_rewrites: where to connect for URLs that begin so; what is signed stays the URL.
        totp_reuse: whether a one-time password of an authenticator app that was accepted is
            accepted again while it lasts.
    """

    profile: str | None = None
    auto_provision: bool | None = None
    any_sender: bool | None = None
    opt_outs: bool | None = None
    whatsapp_window: bool | None = None
    magic_numbers_on_live: bool | None = None
    lookup_at_api: bool | None = None
    retry_window: int | None = None
    filters: tuple[str, ...] | None = None
    forbidden_countries: tuple[str, ...] | None = None
    throughput: dict[str, float] | None = None
    queue_seconds: int | None = None
    reply_limit: int | None = None
    approval_mode: str | None = None
    extra_inbound_params: dict[str, str] | None = None
    webhook_rewrites: dict[str, str] | None = None
    totp_reuse: bool | None = None

    def apply(self, world: World) -> Carrier:
        self._check(world)
        given = {
            field.name: tuple(value.items()) if isinstance(value, dict) else value
            for field in fields(self)
            if (value := getattr(self, field.name)) is not None
        }
        carrier = world[Carriers].put(replace(settings(world), **given))
        world.tell(CarrierChanged(carrier=carrier))
        return carrier

    def _check(self, world: World) -> None:
        """Raises:
        Refused: 20001 an invalid setting.
        """
        check_profile(self.profile)
        if self.approval_mode is not None:
            choose("approval_mode", self.approval_mode, APPROVAL_MODES)
        within("retry_window", self.retry_window, 0, MOST_SECONDS)
        within("queue_seconds", self.queue_seconds, 0, MOST_SECONDS)
        within("reply_limit", self.reply_limit, 0, MOST_RATE)
        for kind, rate in (self.throughput or {}).items():
            choose("throughput", kind, SenderKind)
            if not LEAST_RATE <= rate <= MOST_RATE:
                bounds = f"rates above 0, from {LEAST_RATE} to {MOST_RATE}"
                raise Refused(INVALID_SETTING, name=kind, choices=bounds, value=str(rate))
        for pattern in self.filters or ():
            check_pattern(world, "filters", f"regex:{pattern}")
        for country in self.forbidden_countries or ():
            if len(country) != 2 or not (country.isascii() and country.isupper()):
                _refuse("forbidden_countries", "ISO codes such as US", country)
        for name in self.extra_inbound_params or ():
            if not name or not name.isprintable():
                _refuse("extra_inbound_params", "names of parameters", repr(name))
        for begins, there in (self.webhook_rewrites or {}).items():
            if not (begins.startswith(("http://", "https://")) and parameters.is_url(there)):
                _refuse(
                    "webhook_rewrites", "URLs and where to connect for them", f"{begins}: {there}"
                )


def _refuse(name: str, choices: str, value: str) -> NoReturn:
    raise Refused(INVALID_SETTING, name=name, choices=choices, value=value)


def check_profile(name: str | None) -> None:
    """Raises:
    Refused: 20001 there is no such profile.
    """
    if name is not None:
        choose("profile", name, PROFILES)


def settings(world: World) -> Carrier:
    """What the carrier goes by."""
    return world[Carriers].get(SIMULATED_CARRIER) or UNCHANGED


def profile(world: World) -> Profile:
    """What the carrier is like."""
    return PROFILES[settings(world).profile]
