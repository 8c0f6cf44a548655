"""The data packages of Lookup v2: which keys each has, and what is in it when nobody says else.

The rules of this file (https://www.twilio.com/docs/lookup/v2-api):

- The same number has the same answer, always: nothing is drawn.
- What a package cannot tell is its `error_code`; its other keys are null then.
- What is asked of a mobile network is told of mobile phones alone.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import Plain, record
from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, Refused
from twilio_emulator.core.kernel.world import PlannedNumber, World
from twilio_emulator.core.lookup import errors
from twilio_emulator.core.lookup.identity import COUNTRIES, MATCHES, is_enough, match_identity
from twilio_emulator.core.lookup.line_types import NumberType, actual_line_type, carrier_of, shown
from twilio_emulator.core.phones.handsets import Handsets, Network, Phone, Power
from twilio_emulator.core.phones.number_facts import NEVER, LineStatus, NumberOwner

Package = dict[str, Plain]

PERIODS = {"PT24H": timedelta(hours=24), "PT48H": timedelta(hours=48)}
"""In which a SIM was swapped or not. Decided: the shortest of these that reaches back to the swap,
else the first; at Twilio each carrier has its own."""

SCORE_WHEN_BLOCKED = 100
"""Decided: the risk of a number that is blocked, of 100."""

NO_RISK = "low"

BLOCKED_RISK = "high"

KEYS: dict[str, tuple[str, ...]] = {
    "caller_name": ("caller_name", "caller_type", "error_code"),
    "sim_swap": (
        "last_sim_swap",
        "carrier_name",
        "mobile_country_code",
        "mobile_network_code",
        "error_code",
    ),
    "call_forwarding": ("call_forwarding_enabled", "error_code"),
    "line_status": ("status", "error_code"),
    "line_type_intelligence": (
        "error_code",
        "mobile_country_code",
        "mobile_network_code",
        "carrier_name",
        "type",
    ),
    "identity_match": (*MATCHES, "summary_score", "error_code", "error_message"),
    "reassigned_number": ("last_verified_date", "is_number_reassigned", "error_code"),
    "sms_pumping_risk": (
        "carrier_risk_category",
        "number_blocked",
        "number_blocked_date",
        "number_blocked_last_3_months",
        "sms_pumping_risk_score",
        "error_code",
    ),
    "phone_number_quality_score": (
        "carrier_risk_score",
        "carrier_risk_category",
        "disposable_phone_risk_score",
        "disposable_phone_risk_category",
        "quality_score",
        "quality_category",
        "velocity_risk_score",
        "velocity_risk_category",
        "error_code",
    ),
    "pre_fill": (
        "first_name",
        "last_name",
        "address_line",
        "country_code",
        "state",
        "postal_code",
        "error_code",
    ),
}
"""The packages in the order in which answers have them, each with its keys."""

LAST_SIM_SWAP = ("last_sim_swap_date", "swapped_period", "swapped_in_period")

IN_BATCHES = tuple(name for name in KEYS if name not in ("phone_number_quality_score", "pre_fill"))
"""What can be asked for of many numbers at once."""

_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")


def _nobody_approved(world: World, account: str, verification: str, number: str) -> bool:
    return False


def _never_blocked(world: World, account: str, number: str) -> datetime | None:
    return None


@dataclass(frozen=True, kw_only=True)
class Witness:
    """What is known of numbers elsewhere.

    Attributes:
        approved: whether a verification of an account, by its sid, approved a number.
        blocked: since when an account's codes do not go to a number; None when they do.
    """

    approved: Callable[[World, str, str, str], bool] = _nobody_approved
    blocked: Callable[[World, str, str], datetime | None] = _never_blocked


NO_WITNESS = Witness()


@record
class SaidOfNumber:
    """What a request says of a number besides which packages it wants.

    Attributes:
        owner: whom it takes for the number's owner.
        last_verified_date: when its owner was last known to be the same.
        verification_sid: of a verification that approved the number.
        partner_sub_id: whose texts they are, as an app divides them; nothing follows from it.
    """

    owner: NumberOwner = NumberOwner()
    last_verified_date: str | None = None
    verification_sid: str | None = None
    partner_sub_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Inquiry:
    """One valid number that is looked up.

    Attributes:
        account: who asks.
        it: the number.
        said: of it in the request.
        witness: knows more.
    """

    account: str
    it: PlannedNumber
    said: SaidOfNumber = field(default_factory=SaidOfNumber)
    witness: Witness = NO_WITNESS

    def handset(self, world: World) -> Phone | None:
        return world[Handsets].get(self.it.number)


def failed(package: str, code: int) -> Package:
    """A package that could not be told."""
    return {**dict.fromkeys(KEYS[package]), "error_code": code}


def caller_name(world: World, asked: Inquiry) -> Package:
    """What the name service of the United States has: the handset's, else its label in capitals."""
    handset = asked.handset(world)
    name = None
    if handset is not None and asked.it.country == "US":
        label = handset.label or ""
        name = label.upper() if handset.caller_name is None else handset.caller_name
    if not name or handset is None:
        return failed("caller_name", errors.NO_DATA)
    return {"caller_name": name, "caller_type": handset.caller_type, "error_code": None}


def sim_swap(world: World, asked: Inquiry) -> Package:
    """When the SIM was swapped, and whether in a period that is told with it."""
    if not _is_mobile(world, asked):
        return failed("sim_swap", errors.NOT_MOBILE)
    carrier, handset = carrier_of(world, asked.it), asked.handset(world)
    at = handset.sim_swapped if handset else None
    period, within = next(iter(PERIODS)), False
    if at is not None:
        passed = world.clock.now() - at
        reaching = [name for name, length in PERIODS.items() if passed <= length]
        period, within = (reaching[0], True) if reaching else (period, False)
    return {
        "last_sim_swap": {
            "last_sim_swap_date": written(at),
            "swapped_period": period,
            "swapped_in_period": within,
        },
        "carrier_name": carrier.name,
        "mobile_country_code": carrier.mobile_country_code,
        "mobile_network_code": carrier.mobile_network_code,
        "error_code": None,
    }


def call_forwarding(world: World, asked: Inquiry) -> Package:
    """Whether calls are forwarded, which British networks tell."""
    handset = asked.handset(world)
    if asked.it.country != "GB":
        return failed("call_forwarding", errors.UNSUPPORTED_COUNTRY)
    if not _is_mobile(world, asked):
        return failed("call_forwarding", errors.NOT_MOBILE)
    forwarded = handset is not None and handset.call_forwarding
    return {"call_forwarding_enabled": forwarded, "error_code": None}


def line_status(world: World, asked: Inquiry) -> Package:
    """Whether the network reaches the phone; without one nobody has the number."""
    if not _is_mobile(world, asked):
        return failed("line_status", errors.NOT_MOBILE)
    handset = asked.handset(world)
    if handset is None:
        status = LineStatus.INACTIVE
    elif handset.line_status is not LineStatus.AUTO:
        status = handset.line_status
    else:
        gone = handset.power is Power.OFF or handset.network is Network.AIRPLANE
        status = LineStatus.UNREACHABLE if gone else LineStatus.REACHABLE
    return {"status": status, "error_code": None}


def line_type_intelligence(world: World, asked: Inquiry) -> Package:
    """What sort of line it is. An override changes that alone: the carrier stays."""
    carrier = carrier_of(world, asked.it)
    return {
        "error_code": None,
        "mobile_country_code": carrier.mobile_country_code,
        "mobile_network_code": carrier.mobile_network_code,
        "carrier_name": carrier.name,
        "type": shown(world, asked.it, asked.account),
    }


def identity_match(world: World, asked: Inquiry) -> Package:
    """Whether somebody is the number's owner."""
    if asked.it.country not in COUNTRIES:
        return failed("identity_match", errors.UNSUPPORTED_COUNTRY)
    if not is_enough(asked.said.owner, asked.it.country):
        return failed("identity_match", errors.NOT_ENOUGH_PARAMETERS)
    handset = asked.handset(world)
    known = handset.person if handset else None
    return {**match_identity(asked.said.owner, known), "error_code": None, "error_message": None}


def reassigned_number(world: World, asked: Inquiry) -> Package:
    """Whether the number got another owner since a day; told of the United States."""
    said = asked.said.last_verified_date
    if asked.it.country != "US":
        return failed("reassigned_number", errors.UNSUPPORTED_COUNTRY)
    if not said:
        return failed("reassigned_number", errors.NOT_ENOUGH_PARAMETERS)
    day = read_date("LastVerifiedDate", said)
    handset = asked.handset(world)
    at = handset.reassigned if handset else None
    if at is None:
        answer = "no_data_available"
    else:
        answer = "yes" if at != NEVER and at >= f"{day}T" else "no"
    return {"last_verified_date": day, "is_number_reassigned": answer, "error_code": None}


def sms_pumping_risk(world: World, asked: Inquiry) -> Package:
    """Whether somebody makes money of texts to the number: as codes to it are blocked or not."""
    since = asked.witness.blocked(world, asked.account, asked.it.number)
    return {
        "carrier_risk_category": NO_RISK if since is None else BLOCKED_RISK,
        "number_blocked": since is not None,
        "number_blocked_date": written(since),
        "number_blocked_last_3_months": since is not None,
        "sms_pumping_risk_score": 0 if since is None else SCORE_WHEN_BLOCKED,
        "error_code": None,
    }


def phone_number_quality_score(world: World, asked: Inquiry) -> Package:
    """Decided: no number is worse than any other, until somebody says so."""
    return {
        name: None if name == "error_code" else 0 if name.endswith("_score") else NO_RISK
        for name in KEYS["phone_number_quality_score"]
    }


def pre_fill(world: World, asked: Inquiry) -> Package:
    """Who has a number that was just verified.

    Raises:
        Refused: 60623 it was not, or not by this verification.
    """
    sid = asked.said.verification_sid
    if not sid or not asked.witness.approved(world, asked.account, sid, asked.it.number):
        raise Refused(errors.VERIFICATION_NOT_FOUND)
    handset = asked.handset(world)
    person = handset.person if handset else None
    if person is None:
        return failed("pre_fill", errors.NO_DATA)
    lines = filter(None, (person.address_line1, person.address_line2))
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "address_line": ", ".join(lines) or None,
        "country_code": person.address_country_code,
        "state": person.state,
        "postal_code": person.postal_code,
        "error_code": None,
    }


COMPUTED: dict[str, Callable[[World, Inquiry], Package]] = {
    "caller_name": caller_name,
    "sim_swap": sim_swap,
    "call_forwarding": call_forwarding,
    "line_status": line_status,
    "line_type_intelligence": line_type_intelligence,
    "identity_match": identity_match,
    "reassigned_number": reassigned_number,
    "sms_pumping_risk": sms_pumping_risk,
    "phone_number_quality_score": phone_number_quality_score,
    "pre_fill": pre_fill,
}


def read_date(parameter: str, said: str) -> str:
    """`2026-01-05`, of that or of `20260105`.

    Raises:
        Refused: 60618 it is no date.
    """
    found = _DATE.fullmatch(said)
    if found is not None:
        try:
            day = "-".join(found.groups())
            parameters.instant(day, INVALID_PARAMETER)
            return day
        except Refused:
            pass
    raise Refused(errors.MALFORMED_PARAMETER, parameter=parameter)


def written(at: datetime | None) -> str | None:
    """`2020-04-27T10:18:50Z`, as Lookup writes instants."""
    return None if at is None else f"{at:%Y-%m-%dT%H:%M:%S}Z"


def _is_mobile(world: World, asked: Inquiry) -> bool:
    """Decided: what is no mobile phone is refused, landline or not; of what is not known at all the
    networks can be asked."""
    line_type = actual_line_type(world, asked.it)
    return line_type in (NumberType.MOBILE, NumberType.UNKNOWN)
