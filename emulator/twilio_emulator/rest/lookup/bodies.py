"""What the bodies of Lookup's requests hold: JSON, in snake case."""

from typing import TypeVar

import msgspec

from twilio_emulator.core.lookup.batch import OneOfMany
from twilio_emulator.core.lookup.packages import SaidOfNumber
from twilio_emulator.core.phones.number_facts import NumberOwner
from twilio_emulator.wire import json_bodies
from twilio_emulator.wire.calls import Call

T = TypeVar("T")


class OverridesRequest(msgspec.Struct):
    """What an account says of a number's line."""

    line_type: str
    reason: str | None = None


class RateLimitRequest(msgspec.Struct):
    """How many look-ups there may be in so many seconds."""

    limit: int
    ttl: int | None = None


class IdentityMatchParameters(msgspec.Struct):
    """Whom an app takes for the owner of a number."""

    first_name: str | None = None
    last_name: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    address_country_code: str | None = None
    national_id: str | None = None
    date_of_birth: str | None = None


class ReassignedNumberParameters(msgspec.Struct):
    """When its owner was last known to be the same."""

    last_verified_date: str | None = None


class RiskParameters(msgspec.Struct):
    """Whose texts they are, as an app divides them."""

    partner_sub_id: str | None = None


class LookupBatchRequest(msgspec.Struct):
    """One of many numbers."""

    phone_number: str | None = None
    correlation_id: str | None = None
    fields: tuple[str, ...] | None = None
    country_code: str | None = None
    identity_match: IdentityMatchParameters | None = None
    reassigned_number: ReassignedNumberParameters | None = None
    sms_pumping_risk: RiskParameters | None = None

    def wish(self) -> OneOfMany:
        """The same for the core."""
        owner, reassigned, risk = self.identity_match, self.reassigned_number, self.sms_pumping_risk
        said = SaidOfNumber(
            owner=NumberOwner(**{k: v or None for k, v in msgspec.structs.asdict(owner).items()})
            if owner
            else NumberOwner(),
            last_verified_date=reassigned.last_verified_date if reassigned else None,
            partner_sub_id=risk.partner_sub_id if risk else None,
        )
        return OneOfMany(
            number=self.phone_number,
            correlation_id=self.correlation_id,
            packages=self.fields or (),
            country=self.country_code,
            said=said,
        )


class LookupRequest(msgspec.Struct):
    """Many numbers."""

    phone_numbers: tuple[LookupBatchRequest, ...]


def read(call: Call, kind: type[T]) -> T:
    """What the body says.

    Raises:
        Refused: 20001 it is not JSON, or not of this kind.
    """
    try:
        return msgspec.json.decode(call.body or b"{}", type=kind)
    except json_bodies.UNREADABLE as error:
        raise json_bodies.refusal(call.body, error) from None
