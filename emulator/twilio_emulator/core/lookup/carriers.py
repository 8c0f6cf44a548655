"""Whose subscriber a number is, where no handset says so: a carrier for each country.

The rules of this file:

- The same number has the same carrier, always: there is one of each sort in a country.
- Countries that are not here have none that is known.
"""

from typing import NamedTuple


class Carrier(NamedTuple):
    """A carrier as Lookup tells it; what is not known is None.

    Attributes:
        mobile_country_code: of ITU-T E.212, three digits.
        mobile_network_code: two or three digits, of a network of mobile phones alone.
    """

    name: str | None = None
    mobile_country_code: str | None = None
    mobile_network_code: str | None = None


UNKNOWN = Carrier()

TWILIO = Carrier("Twilio - SMS/MMS-SVR", "240", "38")
"""Of the account's own numbers, as in the example of Twilio's OpenAPI file."""

MOBILE = {
    "AR": Carrier("Telecom Personal", "722", "341"),
    "AT": Carrier("A1 Telekom Austria", "232", "01"),
    "AU": Carrier("Telstra", "505", "01"),
    "BE": Carrier("Proximus", "206", "01"),
    "BR": Carrier("Vivo", "724", "11"),
    "CA": Carrier("Rogers Wireless", "302", "720"),
    "CH": Carrier("Swisscom", "228", "01"),
    "CL": Carrier("Entel", "730", "01"),
    "CN": Carrier("China Mobile", "460", "00"),
    "CO": Carrier("Claro", "732", "101"),
    "CZ": Carrier("O2 Czech Republic", "230", "02"),
    "DE": Carrier("Telekom Deutschland", "262", "01"),
    "DK": Carrier("TDC", "238", "01"),
    "ES": Carrier("Movistar", "214", "07"),
    "FI": Carrier("Elisa", "244", "05"),
    "FR": Carrier("Orange France", "208", "01"),
    "GB": Carrier("Vodafone UK", "234", "15"),
    "GR": Carrier("Cosmote", "202", "01"),
    "HK": Carrier("CSL", "454", "00"),
    "ID": Carrier("Telkomsel", "510", "10"),
    "IE": Carrier("Vodafone Ireland", "272", "01"),
    "IL": Carrier("Partner", "425", "01"),
    "IN": Carrier("Airtel", "404", "10"),
    "IT": Carrier("TIM", "222", "01"),
    "JP": Carrier("NTT DOCOMO", "440", "10"),
    "KE": Carrier("Safaricom", "639", "02"),
    "KR": Carrier("SK Telecom", "450", "05"),
    "MX": Carrier("Telcel", "334", "020"),
    "MY": Carrier("Maxis", "502", "12"),
    "NG": Carrier("MTN Nigeria", "621", "30"),
    "NL": Carrier("KPN", "204", "08"),
    "NO": Carrier("Telenor", "242", "01"),
    "NZ": Carrier("Spark", "530", "05"),
    "PH": Carrier("Smart", "515", "03"),
    "PL": Carrier("Orange Polska", "260", "03"),
    "PT": Carrier("MEO", "268", "06"),
    "SE": Carrier("Telia", "240", "01"),
    "SG": Carrier("Singtel", "525", "01"),
    "TR": Carrier("Turkcell", "286", "01"),
    "US": Carrier("T-Mobile USA, Inc.", "310", "260"),
    "ZA": Carrier("Vodacom", "655", "01"),
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


def mobile_carrier(country: str | None) -> Carrier:
    """The network of a country's mobile phones."""
    return MOBILE.get(country or "", UNKNOWN)


def fixed_carrier(country: str | None) -> Carrier:
    """Who has a country's other numbers: there is no mobile network."""
    code = mobile_carrier(country).mobile_country_code
    return Carrier(FIXED.get(country or ""), code)
