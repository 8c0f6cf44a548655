"""The fake network by the control API: how the carrier is, and what goes wrong on purpose.

The rules that conversations have for addresses are switched here, too.
"""

from dataclasses import fields

import msgspec
from msgspec import field

from twilio_emulator.control.messaging.delivery_receipts import Matching
from twilio_emulator.control.routes import (
    NOTHING,
    Control,
    Controls,
    Fields,
    Mistaken,
    Reply,
    Whole,
    json_reply,
    line,
)
from twilio_emulator.core.conversations.address_rules import (
    AddressRules,
    ChangeAddressRules,
    address_rules,
)
from twilio_emulator.core.kernel.records import Plain, plain, replace, revive, write_instant
from twilio_emulator.core.simulation import settings
from twilio_emulator.core.simulation.choices import meant
from twilio_emulator.core.simulation.faults import AddFault, RemoveFaults
from twilio_emulator.core.simulation.resources import Fault, FaultRule, FaultRules, Match
from twilio_emulator.core.simulation.settings import Carrier, ChangeCarrier


class FaultMatching(Matching):
    """Which texts are meant, or which client SDKs, by identity."""

    identity: str | None = None

    def match(self) -> Match:
        """The same for the core."""
        return replace(super().match(), identity=self.identity)


KNOWN = tuple(each.name for each in fields(Fault))
"""What can go wrong."""


class NewFault(Fields):
    """What goes wrong, with what, and how often; always unless `times` is given."""

    do: dict[str, object]
    match: FaultMatching = field(default_factory=FaultMatching)
    times: Whole | None = None


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    @controls.on("GET", "/carrier")
    async def show_carrier(control: Control) -> Reply:
        return json_reply(_carrier(settings.settings(control.hosted.world)))

    @controls.on("PATCH", "/carrier")
    async def change_carrier(control: Control) -> Reply:
        wish = control.command(ChangeCarrier)
        return json_reply(_carrier(await control.hosted.gate.perform(wish)))

    @controls.on("GET", "/address-rules")
    async def show_address_rules(control: Control) -> Reply:
        return json_reply(_address_rules(address_rules(control.hosted.world)))

    @controls.on("PATCH", "/address-rules")
    async def change_address_rules(control: Control) -> Reply:
        wish = control.command(ChangeAddressRules)
        return json_reply(_address_rules(await control.hosted.gate.perform(wish)))

    @controls.on("GET", "/faults")
    async def list_faults(control: Control) -> Reply:
        rules = control.hosted.world[FaultRules]
        return json_reply({"faults": [_fault(rule) for rule in rules.all(rules.in_order, "")]})

    @controls.on("POST", "/faults")
    async def add_fault(control: Control) -> Reply:
        wish = control.body(NewFault)
        if wish.times is not None and wish.times < 1:
            raise Mistaken(f"body times: expected 1 or more, not {wish.times}")
        rule = await control.hosted.gate.perform(
            AddFault(match=wish.match.match(), do=_read(wish.do), times=wish.times)
        )
        return json_reply(_fault(rule), 201)

    @controls.on("DELETE", "/faults")
    async def remove_faults(control: Control) -> Reply:
        await control.hosted.gate.perform(RemoveFaults())
        return NOTHING

    @controls.on("DELETE", "/faults/{fault}")
    async def remove_fault(control: Control) -> Reply:
        sid = control.said["fault"]
        if sid not in control.hosted.world[FaultRules]:
            raise Mistaken(f"path fault: there is no fault {sid}", 404)
        await control.hosted.gate.perform(RemoveFaults(rule=sid))
        return NOTHING


def _read(do: dict[str, object]) -> Fault:
    """What goes wrong, all of it known and of its type."""
    try:
        msgspec.convert(do, Fault)
        return revive(Fault, do)  # type: ignore[arg-type]  # it was read from JSON, so it is plain
    except msgspec.ValidationError as error:
        raise Mistaken(line("body do", error)) from None
    except ValueError as error:
        raise Mistaken(f"body do: {error}; there is {', '.join(KNOWN)}{_meant(do)}") from None


def _meant(do: dict[str, object]) -> str:
    """What was probably meant by the first thing that does not go wrong."""
    return next((meant(name, KNOWN) for name in do if name not in KNOWN), "")


def _fault(rule: FaultRule) -> dict[str, Plain]:
    match = plain(rule.match)
    if isinstance(match, dict) and "sender" in match:
        match["from"] = match.pop("sender")
    return {
        "id": rule.sid,
        "match": match,
        "do": plain(rule.do),
        "times": rule.times,
        "date_created": write_instant(rule.date_created),
    }


def _address_rules(it: AddressRules) -> dict[str, Plain]:
    return {"own_addresses_only": it.own_addresses_only, "group_mms": it.group_mms}


def _carrier(it: Carrier) -> dict[str, Plain]:
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
    }
