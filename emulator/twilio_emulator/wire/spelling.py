"""How Twilio spells things: PascalCase forms, snake_case and camelCase JSON, both date formats.

Nothing is listed twice: `MessagingBinding.ProxyAddress` and `messaging_binding_proxy_address`
follow from each other, and so do all others. Twilio's names are its own to the letter: `to` is not
`To`.
"""

import functools
import keyword
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_COMPARED = re.compile(r"(date_\w+)_(before|after)")
_OF_ONE = (
    "messaging_binding",
    "timers",
    "auto_creation",
    "configuration",
    "bindings_email",
    "bindings",
    "new_message_with_media",
    "new_message",
    "added_to_conversation",
    "removed_from_conversation",
)
"""What several parameters belong to; in their names a dot follows it. The longer stands first."""

DATES_KEPT = 1024
"""How many instants are known written down, and how many seconds: some 400 bytes for both."""


@functools.lru_cache(maxsize=4096)
def snake(parameter: str) -> str:
    """`Timers.Inactive` is `timers_inactive`, `DateSent<` is `date_sent_before`.

    What is a word of Python gets an underscore, as in Twilio's library: `From` is `from_`.
    """
    name = parameter.replace("<", "Before").replace(">", "After")
    name = _WORD.sub("_", name).replace(".", "_").lower()
    return f"{name}_" if keyword.iskeyword(name) else name


def pascal(field: str) -> str:
    """`friendly_name` is `FriendlyName`, without dots."""
    return "".join(word.capitalize() for word in field.split("_"))


def parameter(field: str) -> str:
    """`timers_inactive` is `Timers.Inactive`, `date_sent_before` is `DateSent<`: what `snake`
    makes a field of."""
    compared = _COMPARED.fullmatch(field)
    if compared is not None:
        return pascal(compared[1]) + ("<" if compared[2] == "before" else ">")
    for owner in _OF_ONE:
        if field.startswith(f"{owner}_"):
            return f"{parameter(owner)}.{pascal(field[len(owner) + 1 :])}"
    return pascal(field)


def loosely(name: str) -> str:
    """The letters of a name alone, as one would say them: the same for `DateSent>` and
    `date_sent_after`, for `MediaUrl` and `mediaurl`."""
    return "".join(filter(str.isalnum, snake(name)))


def camel(field: str) -> str:
    """`date_created` is `dateCreated`."""
    first, *rest = field.split("_")
    return first + "".join(word.capitalize() for word in rest)


@functools.lru_cache(maxsize=DATES_KEPT)
def iso(at: datetime | None) -> str | None:
    """`2015-12-16T22:18:37Z`: helper libraries do not parse a fraction of a second."""
    if at is None:
        return None
    since = at - _EPOCH
    return _iso(since.days, since.seconds)


@functools.lru_cache(maxsize=DATES_KEPT)
def _iso(days: int, seconds: int) -> str:
    # To write a second down costs ten times what it costs to know which one it is.
    return (_EPOCH + timedelta(days, seconds)).isoformat()[:19] + "Z"


@functools.lru_cache(maxsize=DATES_KEPT)
def iso_milliseconds(at: datetime | None) -> str | None:
    """`2021-08-10T18:00:58.111Z`, as webhooks and client SDKs show it."""
    if at is None:
        return None
    since = at - _EPOCH
    return f"{_iso(since.days, since.seconds)[:19]}.{since.microseconds // 1000:03}Z"


@functools.lru_cache(maxsize=DATES_KEPT)
def rfc2822(at: datetime | None) -> str | None:
    """`Thu, 24 Aug 2023 05:01:45 +0000`.

    The 2010 API; helper libraries drop the zone, so it is UTC.
    """
    if at is None:
        return None
    since = at - _EPOCH
    return _rfc2822(since.days, since.seconds)


@functools.lru_cache(maxsize=DATES_KEPT)
def _rfc2822(days: int, seconds: int) -> str:
    return format_datetime(_EPOCH + timedelta(days, seconds))


def iso_duration(seconds: int | None) -> str | None:
    """`PT10M`: some seconds in days, hours, minutes and seconds; not for none at all."""
    if seconds is None:
        return None
    minutes, left = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    date = f"{days}D" if days else ""
    parts = ((hours, "H"), (minutes, "M"), (left, "S"))
    time = "".join(f"{count}{unit}" for count, unit in parts if count)
    return f"P{date}T{time}" if time else f"P{date}"
