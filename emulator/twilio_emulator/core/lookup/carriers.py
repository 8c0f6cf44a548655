"""Whose subscriber a number is, where no handset says so: a carrier for each country.

The rules of this file:

- The same number has the same carrier, always: there is one of each sort in a country.
- Countries that are not here have none that is known.
"""

from typing import NamedTuple


class PhoneCarrier(NamedTuple):
    """A carrier as Lookup tells it; what is not known is None.

    Attributes:
        mobile_country_code: of ITU-T E.212, three digits.
        mobile_network_code: two or three digits, of a network of mobile phones alone.
    """

    name: str | None = None
    mobile_country_code: str | None = None
    mobile_network_code: str | None = None


UNKNOWN = PhoneCarrier()

TWILIO = PhoneCarrier("Twilio - SMS/MMS-SVR", "240", "38")
"""Of the account's own numbers, as in the example of Twilio's OpenAPI file."""

MOBILE = {
    "AR": PhoneCarrier("Telecom Personal", "722", "341"),
    "AT": PhoneCarrier("A1 Telekom Austria", "232", "01"),
    "AU": PhoneCarrier("Telstra", "505", "01"),
    "BE": PhoneCarrier("Proximus", "206", "01"),
    "BR": PhoneCarrier("Vivo", "724", "11"),
    "CA": PhoneCarrier("Rogers Wireless", "302", "720"),
    "CH": PhoneCarrier("Swisscom", "228", "01"),
    "CL": PhoneCarrier("Entel", "730", "01"),
    "CN": PhoneCarrier("China Mobile", "460", "00"),
    "CO": PhoneCarrier("Claro", "732", "101"),
    "CZ": PhoneCarrier("O2 Czech Republic", "230", "02"),
    "DE": PhoneCarrier("Telekom Deutschland", "262", "01"),
    "DK": PhoneCarrier("TDC", "238", "01"),
    "ES": PhoneCarrier("Movistar", "214", "07"),
    "FI": PhoneCarrier("Elisa", "244", "05"),
    "FR": PhoneCarrier("Orange France", "208", "01"),
    "GB": PhoneCarrier("Vodafone UK", "234", "15"),
    "GR": PhoneCarrier("Cosmote", "202", "01"),
    "HK": PhoneCarrier("CSL", "454", "00"),
    "ID": PhoneCarrier("Telkomsel", "510", "10"),
    "IE": PhoneCarrier("Vodafone Ireland", "272", "01"),
    "IL": PhoneCarrier("Partner", "425", "01"),
    "IN": PhoneCarrier("Airtel", "404", "10"),
    "IT": PhoneCarrier("TIM", "222", "01"),
    "JP": PhoneCarrier("NTT DOCOMO", "440", "10"),
    "KE": PhoneCarrier("Safaricom", "639", "02"),
    "KR": PhoneCarrier("SK Telecom", "450", "05"),
    "MX": PhoneCarrier("Telcel", "334", "020"),
    "MY": PhoneCarrier("Maxis", "502", "12"),
    "NG": PhoneCarrier("MTN Nigeria", "621", "30"),
    "NL": PhoneCarrier("KPN", "204", "08"),
    "NO": PhoneCarrier("Telenor", "242", "01"),
    "NZ": PhoneCarrier("Spark", "530", "05"),
    "PH": PhoneCarrier("Smart", "515", "03"),
    "PL": PhoneCarrier("Orange Polska", "260", "03"),
    "PT": PhoneCarrier("MEO", "268", "06"),
    "SE": PhoneCarrier("Telia", "240", "01"),
    "SG": PhoneCarrier("Singtel", "525", "01"),
    "TR": PhoneCarrier("Turkcell", "286", "01"),
    "US": PhoneCarrier("T-Mobile USA, Inc.", "310", "260"),
    "ZA": PhoneCarrier("Vodacom", "655", "01"),
}
"""Networks of mobile phones, with their codes of ITU-T E.212."""

FIXED = {
    "AU": "Telstra",
    "BR": "Vivo",
    "CA": "Bell Canada",
    "DE": "Deutsche Telekom",
    "ES": "Movistar",
    "FR": "Orange",
    "GB": "BT",
    "IE": "eir",
    "IN": "BSNL",
    "IT": "TIM",
    "JP": "NTT",
    "MX": "Telmex",
    "NL": "KPN",
    "US": "Verizon",
}
"""Who has landlines, and numbers for voice over IP."""


def mobile_carrier(country: str | None) -> PhoneCarrier:
    """The network of a country's mobile phones."""
    return MOBILE.get(country or "", UNKNOWN)


def fixed_carrier(country: str | None) -> PhoneCarrier:
    """Who has a country's other numbers: there is no mobile network."""
    code = mobile_carrier(country).mobile_country_code
    return PhoneCarrier(FIXED.get(country or ""), code)
