"""In which language a code is told.

The rules of this file (https://www.twilio.com/docs/verify/supported-languages):

- What the request says wins, then the language of the recipient's country, then English.
- A language is written with `-` or with `_`, in any case.
"""

import re

from twilio_emulator.core.verify import errors

DEFAULT = "en"

LOCALES = (
    *("af", "ar", "ca", "zh", "zh-CN", "zh-HK", "hr", "cs", "da", "nl", "en", "en-GB", "et", "fi"),
    *("fr", "de", "el", "he", "hi", "hu", "id", "it", "ja", "kn", "ko", "lt", "ms", "mr", "nb"),
    *("pl", "pt", "pt-BR", "ro", "ru", "sk", "es", "sv", "tl", "te", "th", "tr", "uk", "vi"),
)
"""Languages that have a text by default. Twilio's page confirms some; the rest is decided."""

COUNTRIES = {
    **dict.fromkeys(("DE", "AT"), "de"),
    "FR": "fr",
    **dict.fromkeys(
        ("ES", "MX", "CO", "AR", "CL", "PE", "EC", "VE", "GT", "CR", "PA", "DO", "HN", "SV", "NI"),
        "es",
    ),
    **dict.fromkeys(("BO", "PY", "UY"), "es"),
    "BR": "pt-BR",
    "PT": "pt",
    "JP": "ja",
    "IT": "it",
    "NL": "nl",
    "PL": "pl",
    "RU": "ru",
    "TR": "tr",
    "KR": "ko",
    "CN": "zh",
    "HK": "zh-HK",
}
"""Decided: Twilio's page of default languages is not public. All others are told in English, those
with several languages of their own too."""

_WRITTEN = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_BY_NAME = {locale.lower(): locale for locale in LOCALES}


def read(said: str) -> str:
    """The language that a request names, as a language tag. It may be one without a default text.

    Raises:
        Refused: 60200 that is none.
    """
    if not _WRITTEN.fullmatch(said):
        raise errors.invalid("Locale")
    tag = said.replace("_", "-")
    return _BY_NAME.get(tag.lower(), tag)


def of_country(country: str | None) -> str:
    """The language of a country's numbers."""
    return COUNTRIES.get(country or "", DEFAULT)
