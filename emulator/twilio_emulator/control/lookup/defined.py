"""What can be said of a number: Lookup's packages, any of their keys."""

from typing import Literal

from twilio_emulator.control.routes import Fields, Whole
from twilio_emulator.core.lookup.line_types import NumberType
from twilio_emulator.core.phones.number_facts import CallerType

Match = Literal[
    "exact_match", "high_partial_match", "partial_match", "no_match", "no_data_available"
]


class CallerNamePackage(Fields):
    """Who a call is from."""

    caller_name: str | None = None
    caller_type: CallerType | None = None
    error_code: Whole | None = None


class LastSimSwap(Fields):
    """When a SIM was swapped.

    Attributes:
        last_sim_swap_date: an instant, as Twilio writes it.
        swapped_period: an ISO 8601 duration, such as `PT48H`.
        swapped_in_period: whether it was in that period.
    """

    last_sim_swap_date: str | None = None
    swapped_period: str | None = None
    swapped_in_period: bool | None = None


class SimSwapPackage(Fields):
    """When a SIM was swapped, and whose it is."""

    last_sim_swap: LastSimSwap | None = None
    carrier_name: str | None = None
    mobile_country_code: str | None = None
    mobile_network_code: str | None = None
    error_code: Whole | None = None


class CallForwardingPackage(Fields):
    """Whether calls are forwarded."""

    call_forwarding_enabled: bool | None = None
    error_code: Whole | None = None


class LineStatusPackage(Fields):
    """Whether the network reaches the phone."""

    status: Literal["active", "reachable", "unreachable", "inactive", "unknown"] | None = None
    error_code: Whole | None = None


class LineTypePackage(Fields):
    """What sort of line it is, and whose."""

    type: NumberType | None = None
    carrier_name: str | None = None
    mobile_country_code: str | None = None
    mobile_network_code: str | None = None
    error_code: Whole | None = None


class IdentityMatchPackage(Fields):
    """How near somebody is to the number's owner."""

    first_name_match: Match | None = None
    last_name_match: Match | None = None
    address_lines_match: Match | None = None
    city_match: Match | None = None
    state_match: Match | None = None
    postal_code_match: Match | None = None
    address_country_match: Match | None = None
    national_id_match: Match | None = None
    date_of_birth_match: Match | None = None
    summary_score: Whole | None = None
    error_code: Whole | None = None
    error_message: str | None = None


class ReassignedNumberPackage(Fields):
    """Whether the number has another owner."""

    last_verified_date: str | None = None
    is_number_reassigned: Literal["yes", "no", "no_data_available"] | None = None
    error_code: Whole | None = None


class SmsPumpingRiskPackage(Fields):
    """Whether somebody makes money of texts to the number."""

    carrier_risk_category: str | None = None
    number_blocked: bool | None = None
    number_blocked_date: str | None = None
    number_blocked_last_3_months: bool | None = None
    sms_pumping_risk_score: Whole | None = None
    error_code: Whole | None = None


class QualityScorePackage(Fields):
    """How good a number is."""

    carrier_risk_score: Whole | None = None
    carrier_risk_category: str | None = None
    disposable_phone_risk_score: Whole | None = None
    disposable_phone_risk_category: str | None = None
    quality_score: Whole | None = None
    quality_category: str | None = None
    velocity_risk_score: Whole | None = None
    velocity_risk_category: str | None = None
    error_code: Whole | None = None


class PreFillPackage(Fields):
    """Who has the number."""

    first_name: str | None = None
    last_name: str | None = None
    address_line: str | None = None
    country_code: str | None = None
    state: str | None = None
    postal_code: str | None = None
    error_code: Whole | None = None


class NumberDefinition(Fields):
    """What Lookup says of a number, besides what was said before; null takes a package back.

    Attributes:
        caller_name: who a call is from.
        sim_swap: when its SIM was swapped, and whose it is.
        call_forwarding: whether calls are forwarded.
        line_status: whether the network reaches the phone.
        line_type_intelligence: what sort of line it is, and whose; Verify goes by it, too.
        identity_match: how near somebody is to its owner, whoever it is.
        reassigned_number: whether it has another owner, since whenever.
        sms_pumping_risk: whether somebody makes money of texts to it.
        phone_number_quality_score: how good it is.
        pre_fill: who has it.
        error: packages that are not told, each with its `error_code`; null takes that back.
        valid: whether somebody can have the number.
        validation_errors: why nobody can, such as `TOO_SHORT`.
    """

    caller_name: CallerNamePackage | None = None
    sim_swap: SimSwapPackage | None = None
    call_forwarding: CallForwardingPackage | None = None
    line_status: LineStatusPackage | None = None
    line_type_intelligence: LineTypePackage | None = None
    identity_match: IdentityMatchPackage | None = None
    reassigned_number: ReassignedNumberPackage | None = None
    sms_pumping_risk: SmsPumpingRiskPackage | None = None
    phone_number_quality_score: QualityScorePackage | None = None
    pre_fill: PreFillPackage | None = None
    error: dict[str, Whole | None] | None = None
    valid: bool | None = None
    validation_errors: tuple[str, ...] | None = None
