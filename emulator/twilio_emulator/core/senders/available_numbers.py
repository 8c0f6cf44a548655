"""Numbers that can be bought: fictional ones, by country and type.

The rules of this file (https://www.twilio.com/docs/phone-numbers/api/availablephonenumberlocal-resource):

- What is offered are the ranges that regulators keep free for films and documentation, so that no
  number here is anybody's. What the account has already is left out.
- A country is known with the types that it has such numbers for; any other is not found.
"""

from collections.abc import Iterator

from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, NOT_FOUND, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import spelled
from twilio_emulator.core.senders.area_codes import AREAS, area_codes, place_of
from twilio_emulator.core.senders.number_listing import contains
from twilio_emulator.core.senders.resources import TOLL_FREE_CODES, PhoneNumbers

MOST = 1000
USUAL = 30
CANADA = frozenset({"AB", "BC", "MB", "NB", "NL", "NS", "ON", "PE", "QC", "SK"})


@record
class Country:
    """A country: its name and, by type, where its fictional numbers begin and how long they are.

    The United States and Canada have theirs in every area code instead.
    """

    code: str
    name: str
    ranges: dict[str, tuple[str, int]]


COUNTRIES = {
    country.code: country
    for country in (
        Country(code="AU", name="Australia", ranges={"local": ("+61255500", 3)}),
        Country(code="CA", name="Canada", ranges={"local": ("", 0), "toll_free": ("", 0)}),
        Country(
            code="DE",
            name="Germany",
            ranges={"local": ("+493023125", 3), "mobile": ("+49176040690", 2)},
        ),
        Country(
            code="FR",
            name="France",
            ranges={"local": ("+331990000", 2), "mobile": ("+336399800", 2)},
        ),
        Country(
            code="GB",
            name="United Kingdom",
            ranges={
                "local": ("+441632960", 3),
                "mobile": ("+447700900", 3),
                "toll_free": ("+448081570", 3),
            },
        ),
        Country(code="US", name="United States", ranges={"local": ("", 0), "toll_free": ("", 0)}),
    )
}

KEYS = {
    letter: str(2 + at)
    for at, letters in enumerate(("ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ"))
    for letter in letters
}
"""Which key of a telephone has a letter."""


@record
class AvailableNumber:
    """A number that can be bought, and where it is from; what is not known is None."""

    phone_number: str
    iso_country: str
    locality: str | None
    region: str | None
    postal_code: str | None


@record
class NumberSearch:
    """What a number should be like; what is not given does not matter."""

    area_code: str | None = None
    contains: str | None = None
    sms_enabled: bool | None = None
    mms_enabled: bool | None = None
    voice_enabled: bool | None = None
    fax_enabled: bool | None = None
    beta: bool | None = None
    near_number: str | None = None
    in_postal_code: str | None = None
    in_region: str | None = None
    in_rate_center: str | None = None
    in_locality: str | None = None

    def pattern(self) -> str:
        """`contains` in digits.

        Raises:
            Refused: 20001 it is too short, or of other signs than digits, letters and `*`.
        """
        text = spelled(self.contains or "").upper()
        pattern = "".join(KEYS.get(sign, sign) for sign in text.removeprefix("+"))
        if text and (len(pattern) < 2 or pattern.strip("0123456789*")):
            raise Refused(INVALID_PARAMETER, parameter="Contains")
        return pattern

    def takes(self, number: AvailableNumber, pattern: str) -> bool:
        """Whether a number is like that."""
        return (
            (not pattern or contains(number.phone_number, pattern))
            and _same(self.in_region, number.region)
            and _same(self.in_postal_code, number.postal_code)
            and _same(self.in_locality, number.locality)
            and _same(self.in_rate_center, number.locality)
        )

    @property
    def impossible(self) -> bool:
        """Whether it asks for what no number here has, or for one without what all have."""
        without = False in (self.sms_enabled, self.mms_enabled, self.voice_enabled)
        return without or bool(self.fax_enabled) or bool(self.beta)


def find_country(code: str) -> Country:
    """The country with this ISO code.

    Raises:
        Refused: 20404 there are no numbers of it.
    """
    found = COUNTRIES.get(code.upper())
    if found is None:
        raise Refused(NOT_FOUND)
    return found


def search(
    world: World, code: str, kind: str, wanted: NumberSearch, size: int = USUAL
) -> list[AvailableNumber]:
    """The first `size` free numbers of a country and type.

    Raises:
        Refused: 20404 the country has no such numbers, 20001 a filter cannot be read.
    """
    country = find_country(code)
    if kind not in country.ranges:
        raise Refused(NOT_FOUND)
    pattern = wanted.pattern()
    found: list[AvailableNumber] = []
    if wanted.impossible:
        return found
    for address in _addresses(country, kind, wanted):
        if len(found) == size:
            break
        foreign = kind == "local" and world.numbering.country(address) != country.code
        if not foreign and world[PhoneNumbers].at(address) is None:
            number = _described(address, country.code, kind)
            if wanted.takes(number, pattern):
                found.append(number)
    return found


def _addresses(country: Country, kind: str, wanted: NumberSearch) -> Iterator[str]:
    prefix, length = country.ranges[kind]
    if prefix:
        for line in range(10**length):
            yield f"{prefix}{line:0{length}}"
        return
    for code in _area_codes(country, kind, wanted):
        for line in range(100, 200):
            yield f"+1{code}5550{line}"


def _area_codes(country: Country, kind: str, wanted: NumberSearch) -> list[str]:
    """The area codes to look in: one that is named counts even if its place is not known."""
    if kind == "toll_free":
        known = sorted(TOLL_FREE_CODES)
    else:
        canadian = country.code == "CA"
        known = [code for code, (_, state, _) in AREAS.items() if (state in CANADA) == canadian]
    if wanted.area_code:
        code = wanted.area_code
        if not (len(code) == 3 and code.isascii() and code.isdigit()):
            raise Refused(INVALID_PARAMETER, parameter="AreaCode")
        return [code] if kind == "local" or code in known else []
    near = wanted.near_number and spelled(wanted.near_number)
    return [code for code in known if near is None or code in area_codes(near[2:5])]


def _described(address: str, country: str, kind: str) -> AvailableNumber:
    place = place_of(address, country) if kind == "local" else place_of("", country)
    return AvailableNumber(
        phone_number=address,
        iso_country=country,
        locality=place.city.title() or None,
        region=place.state or None,
        postal_code=place.zip or None,
    )


def _same(wanted: str | None, found: str | None) -> bool:
    return not wanted or wanted.lower() == (found or "").lower()
