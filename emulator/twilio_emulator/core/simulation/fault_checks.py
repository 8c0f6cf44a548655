"""What a fault may say: statuses, stages, error codes and how much of anything.

A fault that names what there is not would do nothing, or something else; so it is refused.
"""

import functools

from twilio_emulator.core.kernel import refusals
from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.core.senders import refusals as messaging_refusals
from twilio_emulator.core.senders.addresses import Channel
from twilio_emulator.core.senders.refusals import INVALID_SETTING, LATER
from twilio_emulator.core.simulation.choices import MOST_MS, choose, within
from twilio_emulator.core.simulation.resources import (
    ApiError,
    Fault,
    Final,
    Match,
    RefusedInit,
    SocketFault,
)

STATUSES = ("undelivered", "failed", "sent", "delivered")
"""How a text can end."""

BAD_ENDS = ("undelivered", "failed")
"""Those that have an error code."""

STAGES = ("accepted", "queued", "sending", "sent")
"""Statuses that a text is in for some time."""

DIRECTIONS = ("inbound", "outbound")
FAULTY_CHANNELS = (*Channel, "call", "email", "sna")
"""Whatever may go wrong: texts by their channels, calls, e-mail, authentication by the network."""

API_STATUSES = range(400, 600)
MOST_PARTS = 10
"""Parts of a text: 1,600 characters are ten."""

MOST_SOCKET_MS = 10 * 60 * 1000
"""Milliseconds of the machine that an answer to a client SDK is late at most."""

MOST = 1_000_000
"""More requests than anybody counts."""

OF_NETWORKS = frozenset({60005, 60008, 60500, 60517, 60520, *range(60531, 60535), 60540})
"""Codes of silent network authentication (https://www.twilio.com/docs/api/errors)."""

LATE_CODES = frozenset(LATER) | {
    *(30012, 30024, 30410, 30450),
    *(63001, 63005, 63010, 63012, 63020, 63022, 63025, 63029, 63030),
}
"""What `error_code` may say of a text: what we say ourselves, and further codes of Twilio's
dictionary (https://www.twilio.com/docs/api/errors), those of WhatsApp as its table has them
(https://www.twilio.com/docs/whatsapp/api/error-code-mapping)."""

GENERAL_CODES = frozenset(
    {20002, 20004, 20006, 20008, 20009, 20403, 20422, 20429, 20500, 20503, 20504}
)
"""Codes of every API besides those that we answer with ourselves."""

VERIFY_CODES = frozenset(
    {
        *(*range(60200, 60215), 60217, 60218, 60219, 60220, 60221, 60222),
        *(60223, 60224, 60226, 60227, 60228, 60229, 60236, 60237, 60238, 60242, 60248, 60300),
        *(60301, *range(60305, 60316), 60317, 60318, 60322, 60323, 60324, 60326, 60328, 60329),
        *(60331, 60408, 60410, 60411, 60412, 60550, 60602, 60603, 60604, 60605, 60624, 60625),
        *(60626, 68008),
    }
)
"""Codes of Verify (https://www.twilio.com/docs/verify/api/error-codes). To some, such as 60212,
nothing leads here but a fault."""

SYNC_CODES = frozenset(
    {
        *(54003, 54006, 54007, 54008, 54009, 54010, 54011, 54050, 54051, 54053, 54056),
        *(54100, 54101, 54103, 54150, 54151, 54155, 54156, 54200, 54201, 54205, 54206, 54208),
        *(54209, 54250, 54251, 54300, 54301, 54302, 54351, 54354, 54451, 54452, 54453, 54454),
        54458,
    }
)
"""Codes of Sync. To 54009, too many requests, nothing leads here but a fault."""

TOKEN_CODES = frozenset({*range(20101, 20108), 20151, 20157})
SOCKET_CODES = frozenset({51007, 51202, 51207, 51214, 51215, 51130, 54007, 54100})


@functools.cache
def api_codes() -> tuple[int, ...]:
    """Codes that an API can answer with."""
    ours = {
        value.code
        for module in (refusals, messaging_refusals)
        for value in vars(module).values()
        if isinstance(value, Refusal)
    }
    known = ours | LATE_CODES | GENERAL_CODES | TOKEN_CODES | VERIFY_CODES | SYNC_CODES
    return tuple(sorted(known))


@functools.cache
def connection_codes() -> tuple[int, ...]:
    """Codes that a client SDK can be turned away with."""
    return tuple(sorted({*api_codes(), *SOCKET_CODES}))


def check_match(match: Match) -> None:
    """Raises:
    Refused: 20001 an unknown channel or direction, unless it is a pattern.
    """
    for name, said, known in (
        ("match.channel", match.channel, FAULTY_CHANNELS),
        ("match.direction", match.direction, DIRECTIONS),
    ):
        if said is not None and not said.endswith("*") and not said.startswith("regex:"):
            choose(name, said, known)


def check(do: Fault) -> None:
    """Raises:
    Refused: 20001 an unknown value; the text names the known ones.
    """
    if do.api_error is not None:
        _check_api_error(do.api_error)
    if do.final is not None:
        _check_final(do.final)
    if do.delay is not None:
        choose("do.delay.stage", do.delay.stage, STAGES)
        within("do.delay.ms", do.delay.ms, 0, MOST_MS)
    within("do.segment_loss", do.segment_loss, 1, MOST_PARTS)
    if do.socket is not None:
        _check_socket(do.socket)


def _check_api_error(error: ApiError) -> None:
    within("do.api_error.status", error.status, API_STATUSES[0], API_STATUSES[-1])
    choose("do.api_error.code", error.code, api_codes())


def _check_final(final: Final) -> None:
    choose("do.final.status", final.status, STATUSES)
    if final.error_code is None:
        return
    choose("do.final.error_code", final.error_code, sorted(LATE_CODES | OF_NETWORKS))
    if final.status not in BAD_ENDS:
        raise Refused(
            INVALID_SETTING,
            name="do.final.status with an error_code",
            choices=", ".join(BAD_ENDS),
            value=final.status,
        )


def _check_socket(socket: SocketFault) -> None:
    within("do.socket.drop_after", socket.drop_after, 0, MOST)
    within("do.socket.delay_ms", socket.delay_ms, 0, MOST_SOCKET_MS)
    within("do.socket.throttle", socket.throttle, 0, MOST)
    if socket.refuse is not None:
        _check_refused(socket.refuse)


def _check_refused(refused: RefusedInit) -> None:
    within("do.socket.refuse.status", refused.status, API_STATUSES[0], API_STATUSES[-1])
    if refused.code is not None:
        choose("do.socket.refuse.code", refused.code, connection_codes())
    within("do.socket.refuse.reconnect_min_ms", refused.reconnect_min_ms, 0, MOST_SOCKET_MS)
