"""What `If-Match` says (https://www.twilio.com/docs/sync/mutation-and-conflict-resolution)."""

import re

from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.core.sync.errors import MALFORMED_IF_MATCH

NO_ITEM = "-1"
"""What a client expects of an item that nobody has made yet."""

_REVISION = re.compile(r'("?)([0-9a-f]{1,16}|-1)\1')


def expected(if_match: str) -> str:
    """The revision that is expected, quoted or not.

    Raises:
        Refused: 54003 it can be none.
    """
    found = _REVISION.fullmatch(if_match)
    if found is None:
        raise Refused(MALFORMED_IF_MATCH)
    return found[2]


def check(if_match: str | None, revision: str, refusal: Refusal) -> None:
    """Raises:
    Refused: 54003 what is expected is no revision, or `refusal`: it is another one.
    """
    if if_match is not None and expected(if_match) != revision:
        raise Refused(refusal)
