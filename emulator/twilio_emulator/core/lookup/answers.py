"""What Lookup says of a number: whether somebody can have it, and the packages that were asked for.

The rules of this file (https://www.twilio.com/docs/lookup/v2-api):

- Every text has an answer: what is no number is not valid, and all its packages are null.
- What the control API says of a number stands above what is computed, key by key.
- A look-up is a read: it changes nothing, and draws nothing.
"""

import json
from dataclasses import dataclass

from twilio_emulator.core.kernel.records import Plain, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import PlannedNumber, World
from twilio_emulator.core.lookup import errors
from twilio_emulator.core.lookup.identity import too_long
from twilio_emulator.core.lookup.line_types import DEFAULT_COUNTRY, NumberType
from twilio_emulator.core.lookup.packages import (
    COMPUTED,
    KEYS,
    NO_WITNESS,
    Inquiry,
    Package,
    SaidOfNumber,
    Witness,
    failed,
    read_date,
)
from twilio_emulator.core.lookup.resources import DefinedAnswer, DefinedAnswers
from twilio_emulator.core.phones.number_facts import NumberOwner

VALIDATION = "validation"
"""What may be asked for besides packages: it is always told."""

WRONG_BY_DEFINITION = ("INVALID_BUT_POSSIBLE",)
"""Decided: why a number is not valid of which the control API says no more."""

LONGEST_PARTNER = 64
"""Characters (https://www.twilio.com/docs/lookup/v2-api/sms-pumping-risk)."""

NOTHING_SAID = SaidOfNumber()


@dataclass(frozen=True, kw_only=True)
class NumberAnswer:
    """What is said of a number.

    Attributes:
        it: what is known of it by the number plans.
        errors: why nobody can have it; none when somebody can.
        packages: those that were asked for; none are told of a number that nobody can have.
    """

    it: PlannedNumber
    errors: tuple[str, ...]
    packages: dict[str, Package]

    @property
    def valid(self) -> bool:
        return not self.errors


def look_up(
    world: World,
    witness: Witness = NO_WITNESS,
    *,
    account: str,
    number: str,
    fields: str | None = None,
    country_code: str | None = None,
    first_name: str | None = None,
    last_name: str | None = None,
    address_line1: str | None = None,
    address_line2: str | None = None,
    city: str | None = None,
    state: str | None = None,
    postal_code: str | None = None,
    address_country_code: str | None = None,
    national_id: str | None = None,
    date_of_birth: str | None = None,
    last_verified_date: str | None = None,
    verification_sid: str | None = None,
    partner_sub_id: str | None = None,
) -> NumberAnswer:
    """Look a number up for an account.

    Args:
        witness: knows more of numbers.
        number: in E.164 or national form.
        fields: names of packages, with commas.
        country_code: whose national form it is, as ISO 3166 has it.
        partner_sub_id: makes Twilio's estimates of risk better; here nothing is estimated.

    Raises:
        Refused: 60618 there is no such package, a date is none, or something is too long, 60623
            the verification has not approved the number.
    """
    owner = NumberOwner(
        first_name=first_name or None,
        last_name=last_name or None,
        address_line1=address_line1 or None,
        address_line2=address_line2 or None,
        city=city or None,
        state=state or None,
        postal_code=postal_code or None,
        address_country_code=address_country_code or None,
        national_id=national_id or None,
        date_of_birth=date_of_birth or None,
    )
    said = SaidOfNumber(
        owner=owner,
        last_verified_date=last_verified_date,
        verification_sid=verification_sid,
        partner_sub_id=partner_sub_id,
    )
    return answer(world, account, number, country_code, asked_for(fields), said, witness)


def asked_for(fields: str | None) -> tuple[str, ...]:
    """The packages that are asked for, with commas between them.

    Raises:
        Refused: 60618 one is unknown.
    """
    return read_fields(tuple((fields or "").split(",")), tuple(KEYS))


def read_fields(said: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """The packages that are asked for.

    Raises:
        Refused: 60618 one is unknown.
    """
    names = [name for each in said if (name := each.strip().lower())]
    for name in names:
        if name not in known and name != VALIDATION:
            raise Refused(errors.MALFORMED_PARAMETER, parameter="Fields")
    return tuple(name for name in names if name != VALIDATION)


def answer(
    world: World,
    account: str,
    number: str,
    country: str | None,
    packages: tuple[str, ...],
    said: SaidOfNumber = NOTHING_SAID,
    witness: Witness = NO_WITNESS,
) -> NumberAnswer:
    """What is said of a number, with these packages.

    Raises:
        Refused: 60618 a date is none, or something is too long, 60623 the verification has not
            approved the number.
    """
    if len(said.partner_sub_id or "") > LONGEST_PARTNER:
        raise Refused(errors.MALFORMED_PARAMETER, parameter="PartnerSubId")
    said = replace(said, owner=_checked(said.owner))
    it = world.numbering.planned(number, country or DEFAULT_COUNTRY)
    defined = world[DefinedAnswers].get(it.number)
    wrong: tuple[str, ...] = (it.error,) if it.error else ()
    if defined is not None:
        wrong = _defined_errors(defined, wrong)
        if it.error and not wrong:
            it = made_valid(world, it)
    if wrong:
        return NumberAnswer(it=it, errors=wrong, packages={})
    inquiry = Inquiry(account=account, it=it, said=said, witness=witness)
    return NumberAnswer(it=it, errors=(), packages=tell(world, inquiry, packages))


def tell(world: World, inquiry: Inquiry, packages: tuple[str, ...]) -> dict[str, Package]:
    """These packages of a number, in the order in which answers have them.

    Raises:
        Refused: 60618 a date is none, 60623 the verification has not approved the number.
    """
    defined = world[DefinedAnswers].get(inquiry.it.number)
    return {name: _package(world, inquiry, name, defined) for name in KEYS if name in packages}


def _checked(owner: NumberOwner) -> NumberOwner:
    """The same, its date of birth in one form.

    Raises:
        Refused: 60618 that is no date, or something else is too long.
    """
    name = too_long(owner)
    if name is not None:
        raise Refused(
            errors.MALFORMED_PARAMETER, parameter="".join(map(str.capitalize, name.split("_")))
        )
    born = owner.date_of_birth
    return replace(owner, date_of_birth=read_date("DateOfBirth", born)) if born else owner


def _defined_errors(defined: DefinedAnswer, wrong: tuple[str, ...]) -> tuple[str, ...]:
    if defined.valid is None:
        return wrong if defined.validation_errors is None else defined.validation_errors
    return () if defined.valid else defined.validation_errors or wrong or WRONG_BY_DEFINITION


def made_valid(world: World, it: PlannedNumber) -> PlannedNumber:
    """A number that nobody can have, as if somebody could: it is a mobile one of its country."""
    country = world.numbering.country(it.number)
    return it._replace(error=None, country=country, line_type=NumberType.MOBILE)


def _package(world: World, inquiry: Inquiry, name: str, defined: DefinedAnswer | None) -> Package:
    code = dict(defined.errors).get(name) if defined is not None else None
    if code is not None:
        return failed(name, code)
    computed = COMPUTED[name](world, inquiry)
    if defined is None:
        return computed
    said: dict[str, Package] = json.loads(defined.packages)
    if name not in said:
        return computed
    return {key: _merged(value, said[name], key) for key, value in _without_error(computed)}


def _without_error(computed: Package) -> list[tuple[str, Plain]]:
    """What is computed, but not that nothing could be: something is said."""
    return [(key, None if key == "error_code" else value) for key, value in computed.items()]


def _merged(computed: Plain, said: Package, key: str) -> Plain:
    if key not in said:
        return computed
    value = said[key]
    if isinstance(value, dict):
        return {**(computed if isinstance(computed, dict) else {}), **value}
    return value
