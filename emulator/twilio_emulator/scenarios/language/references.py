"""Names where Twilio wants an address, an identity, a sid or an URL: which places these are.

The rule of this file: a key says by its last word what its value is. `From`, `to` and
`messaging_binding_address` are addresses, so `Ann` is Ann's there; a body is what is written.
"""

import re
from collections.abc import Mapping
from typing import Any

from twilio_emulator.scenarios.language.templates import spoken
from twilio_emulator.wire.spelling import snake

_LAST_WORDS = frozenset(
    (
        *("to", "from", "address", "addresses", "identity", "identities", "author", "sid"),
        *("number", "numbers", "caller", "sender", "senders", "recipient", "recipients"),
        *("handset", "peer", "others", "url", "callback", "id"),
    )
)
_NAMES = frozenset(("sender_id", "participants_phone_number"))
_PASSING = frozenset(("not", "contains", "in any order"))
"""Words of an expectation that say of what is below them that it is as the key says."""

_ENDS = re.compile(r"[_.]")


def refers(key: str) -> bool:
    """Whether the value of a key is an address, an identity, a sid or an URL."""
    name = snake(key).rstrip("_")
    return name in _NAMES or _ENDS.split(name)[-1] in _LAST_WORDS


def meant(value: Any, known: Mapping[str, Any], *, here: bool = False) -> Any:
    """`value` with what names stand for wherever a key wants that; `{is: Ann}` stays as it is.

    Args:
        known: what names stand for.
        here: whether this very value is at such a place.
    """
    if isinstance(value, str):
        return spoken(known[value]) if here and value in known else value
    if isinstance(value, list | tuple):
        return [meant(each, known, here=here) for each in value]
    if isinstance(value, dict):
        return {
            key: meant(each, known, here=(here and key in _PASSING) or refers(str(key)))
            for key, each in value.items()
        }
    return value
