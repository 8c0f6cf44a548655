"""The fake network by the control API: how the carrier is, and what goes wrong on purpose.

The rules that conversations have for addresses are switched here, too.
"""

from collections.abc import Iterable
from dataclasses import fields
from typing import Annotated, Any, TypedDict, cast

import msgspec
from msgspec import field

from twilio_emulator.control.exchange import NOTHING, Mistaken, Reply, json_reply
from twilio_emulator.control.messaging.delivery_receipts import Matching
from twilio_emulator.control.mistakes import line
from twilio_emulator.control.routes import Control, Controls, Fields, Place, Whole
from twilio_emulator.core.conversations.address_rules import (
    AddressRules,
    ChangeAddressRules,
    address_rules,
)
from twilio_emulator.core.kernel.records import plain, replace, shown, write_instant
from twilio_emulator.core.kernel.reviving import revive
from twilio_emulator.core.simulation import settings
from twilio_emulator.core.simulation.choices import meant
from twilio_emulator.core.simulation.faults import AddFault, RemoveFaults
from twilio_emulator.core.simulation.resources import Fault, FaultRule, FaultRules, Match
from twilio_emulator.core.simulation.settings import (
    APPROVAL_MODES,
    PROFILES,
    Carrier,
    ChangeCarrier,
)


class FaultMatching(Matching):
    """Which texts are meant, or which client SDKs.

    Attributes:
        identity: of a client SDK.
    """

    identity: str | None = None

    def match(self) -> Match:
        """The same for the core."""
        return replace(super().match(), identity=self.identity)


KNOWN = tuple(each.name for each in fields(Fault))
"""What can go wrong."""


class NewFault(Fields):
    """What goes wrong, with what, and how often.

    Attributes:
        do: what goes wrong.
        match: with which texts; all unless given.
        times: how often; always unless given.
    """

    do: Annotated[dict[str, Any], Fault]
    match: FaultMatching = field(default_factory=FaultMatching)
    times: Whole | None = None


class ShownCarrierSettings(TypedDict):
    """How the telephone network is, as `PATCH /carrier` takes it."""

    profile: str
    auto_provision: bool
    any_sender: bool
    opt_outs: bool
    whatsapp_window: bool
    magic_numbers_on_live: bool
    lookup_at_api: bool
    retry_window: int
    filters: list[str]
    forbidden_countries: list[str]
    throughput: dict[str, float]
    queue_seconds: int
    reply_limit: int
    approval_mode: str
    extra_inbound_params: dict[str, str]
    webhook_rewrites: dict[str, str]
    totp_reuse: bool


class ShownAddressRules(TypedDict):
    """The rules that conversations have for addresses, as `PATCH /address-rules` takes them."""

    own_addresses_only: bool
    group_mms: bool


ShownMatch = TypedDict(
    "ShownMatch",
    {
        "to": str,
        "from": str,
        "channel": str,
        "body": str,
        "service": str,
        "direction": str,
        "identity": str,
    },
    total=False,
)


class StandingFault(TypedDict):
    """What goes wrong on purpose.

    Attributes:
        match: with which texts or clients.
        do: what goes wrong.
        times: how often it still will; null for always.
    """

    id: str
    match: ShownMatch
    do: Fault
    times: int | None
    date_created: str


class FaultList(TypedDict):
    """Faults, in the order in which they are tried."""

    faults: list[StandingFault]


CARRIER_CHOICES = {"profile": tuple(PROFILES), "approval_mode": APPROVAL_MODES}


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group("carrier", "The telephone network: how fast it is, what it loses and refuses.")
    controls.group("address-rules", "The rules that conversations have for addresses.")
    controls.group("faults", "What goes wrong on purpose: with which texts, how often, how.")
    _declare_rules(controls)
    _declare_faults(controls)


def _declare_rules(controls: Controls) -> None:
    @controls.on(
        "GET",
        "/carrier",
        "show_carrier",
        "How the telephone network is, and where webhooks are led.",
        gives=ShownCarrierSettings,
    )
    async def show_carrier(control: Control) -> Reply:
        return json_reply(_carrier(settings.settings(control.hosted.world)))

    @controls.on(
        "PATCH",
        "/carrier",
        "change_carrier",
        "Changes the telephone network; what is not given stays as it is.",
        body=ChangeCarrier,
        choices=CARRIER_CHOICES,
        gives=ShownCarrierSettings,
        examples=(
            {"profile": "flaky"},
            {"webhook_rewrites": {"https://app.example.com/": "http://localhost:3000/"}},
            {"throughput": {"long-code": 1, "toll-free": 3}, "queue_seconds": 60},
            {"filters": ["(?i)free money"], "forbidden_countries": ["GB"]},
            {"whatsapp_window": False, "opt_outs": False, "any_sender": True},
            {"approval_mode": "manual", "extra_inbound_params": {"NewParameter": "1"}},
        ),
    )
    async def change_carrier(control: Control) -> Reply:
        wish = control.command(ChangeCarrier)
        return json_reply(_carrier(await control.hosted.gate.perform(wish)))

    @controls.on(
        "GET",
        "/address-rules",
        "show_address_rules",
        "The rules that conversations have for addresses.",
        gives=ShownAddressRules,
    )
    async def show_address_rules(control: Control) -> Reply:
        return json_reply(_address_rules(address_rules(control.hosted.world)))

    @controls.on(
        "PATCH",
        "/address-rules",
        "change_address_rules",
        "Changes these rules; what is not given stays as it is.",
        body=ChangeAddressRules,
        gives=ShownAddressRules,
        examples=({"own_addresses_only": True},),
    )
    async def change_address_rules(control: Control) -> Reply:
        wish = control.command(ChangeAddressRules)
        return json_reply(_address_rules(await control.hosted.gate.perform(wish)))


def _declare_faults(controls: Controls) -> None:
    @controls.on(
        "GET",
        "/faults",
        "list_faults",
        "What goes wrong on purpose, in the order in which it is tried.",
        gives=FaultList,
    )
    async def list_faults(control: Control) -> Reply:
        rules = control.hosted.world[FaultRules]
        return json_reply({"faults": [_fault(rule) for rule in rules.all(rules.in_order, "")]})

    @controls.on(
        "POST",
        "/faults",
        "add_fault",
        "Lets something go wrong from now on, with some texts or all, so many times or always.",
        body=NewFault,
        gives=StandingFault,
        status=201,
        examples=(
            {
                "do": {"final": {"status": "undelivered", "error_code": 30003}},
                "match": {"to": "+12025550199"},
                "times": 1,
            },
            {"do": {"api_error": {"status": 429, "code": 20429}}, "times": 2},
            {"do": {"delay": {"stage": "sent", "ms": 60000}}},
            {"do": {"webhook_timeout": True}, "match": {"direction": "inbound"}},
            {"do": {"socket": {"drop_after": 3}}, "match": {"identity": "alice"}},
        ),
    )
    async def add_fault(control: Control) -> Reply:
        wish = control.body(NewFault)
        if wish.times is not None and wish.times < 1:
            raise Mistaken(f"body times: expected 1 or more, not {wish.times}")
        rule = await control.hosted.gate.perform(
            AddFault(match=wish.match.match(), do=_read(wish.do), times=wish.times)
        )
        return json_reply(_fault(rule), 201)

    @controls.on(
        "DELETE",
        "/faults",
        "remove_faults",
        "Nothing goes wrong any more.",
    )
    async def remove_faults(control: Control) -> Reply:
        await control.hosted.gate.perform(RemoveFaults())
        return NOTHING

    @controls.on(
        "DELETE",
        "/faults/{fault}",
        "remove_fault",
        "One thing goes wrong no more.",
        places={"fault": Place(words="The fault's `id` (FR).", example="FR" + "3" * 32)},
    )
    async def remove_fault(control: Control) -> Reply:
        sid = control.said["fault"]
        if sid not in control.hosted.world[FaultRules]:
            raise Mistaken(f"path fault: there is no fault {sid}", 404)
        await control.hosted.gate.perform(RemoveFaults(rule=sid))
        return NOTHING


def _read(do: dict[str, Any]) -> Fault:
    """What goes wrong, all of it known and of its type."""
    try:
        msgspec.convert(do, Fault)
        return revive(Fault, do)
    except msgspec.ValidationError as error:
        raise Mistaken(line("body do", error)) from None
    except ValueError as error:
        raise Mistaken(f"body do: {error}; there is {', '.join(KNOWN)}{_meant(do)}") from None


def _meant(do: Iterable[str]) -> str:
    """What was probably meant by the first thing that does not go wrong."""
    return next((meant(name, KNOWN) for name in do if name not in KNOWN), "")


def _fault(rule: FaultRule) -> StandingFault:
    match = plain(rule.match)
    assert isinstance(match, dict)
    if "sender" in match:
        match["from"] = match.pop("sender")
    return {
        "id": rule.sid,
        "match": cast(ShownMatch, match),
        "do": shown(rule.do),
        "times": rule.times,
        "date_created": write_instant(rule.date_created),
    }


def _address_rules(it: AddressRules) -> ShownAddressRules:
    return {"own_addresses_only": it.own_addresses_only, "group_mms": it.group_mms}


def _carrier(it: Carrier) -> ShownCarrierSettings:
    return {
        "profile": it.profile,
        "auto_provision": it.auto_provision,
        "any_sender": it.any_sender,
        "opt_outs": it.opt_outs,
        "whatsapp_window": it.whatsapp_window,
        "magic_numbers_on_live": it.magic_numbers_on_live,
        "lookup_at_api": it.lookup_at_api,
        "retry_window": it.retry_window,
        "filters": list(it.filters),
        "forbidden_countries": list(it.forbidden_countries),
        "throughput": dict(it.throughput),
        "queue_seconds": it.queue_seconds,
        "reply_limit": it.reply_limit,
        "approval_mode": it.approval_mode,
        "extra_inbound_params": dict(it.extra_inbound_params),
        "webhook_rewrites": dict(it.webhook_rewrites),
        "totp_reuse": it.totp_reuse,
    }
