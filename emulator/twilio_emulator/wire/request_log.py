"""Requests as the log of an account keeps them."""

import itertools
import logging
from collections.abc import Callable
from typing import NamedTuple

from twilio_emulator.core.kernel.keeping import cut_off
from twilio_emulator.core.kernel.records import maker
from twilio_emulator.core.kernel.refusals import Said
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.wire.requests import Asked

log = logging.getLogger("twilio_emulator")


class Requested(NamedTuple):
    """One request as the log keeps it; `code` and `message` say why it was refused, `hints` what of
    it was passed over that may have been meant.

    `form` and `answer` are those of a request that may have changed something, as they went over
    the wire; empty when they are long, which a hint says. What a refused one was answered follows
    from the rest.
    """

    sid: str
    method: str
    product: str
    path: str
    status: int
    code: int | None = None
    message: str | None = None
    form: bytes = b""
    answer: bytes = b""
    hints: tuple[str, ...] = ()


_requested: Callable[
    [tuple[str, str, str, str, int, int | None, str | None, bytes, bytes, tuple[str, ...]]],
    Requested,
] = maker(Requested)


class RequestLog:
    """Writes requests into the logs of their accounts, each with a sid of its own."""

    def __init__(self) -> None:
        self._nobodys = itertools.count(1)

    def note(
        self,
        gate: Gate | None,
        asked: Asked,
        status: int,
        said: Said | None,
        body: bytes,
        content: bytes,
        hints: tuple[str, ...],
    ) -> str:
        """Write down a request; answers its sid.

        Args:
            gate: whose log it is for; nobody's when None.
            said: why it was refused.
            body: what was posted.
            content: what was answered.
        """
        if gate is None:
            return f"RQ{next(self._nobodys):032x}"
        product, _, path, method, _, _ = asked
        request_sid = gate.request_sid()
        code = message = None
        if said is not None:
            code, message, reason = said.code, said.message, said.reason
            if reason is not None:
                hints += (reason,)
        for hint in hints:
            log.warning("%s %s: %s", method, path, hint)
        form = answer = b""
        if method == "POST":
            most = gate.log.bodies
            form = body
            if len(form) > most:
                form, hints = b"", (*hints, cut_off("a form", len(form)))
            if said is None:
                answer = content
                if len(answer) > most:
                    answer, hints = b"", (*hints, cut_off("an answer", len(answer)))
        gate.note(
            "request",
            _requested(
                (request_sid, method, product, path, status, code, message, form, answer, hints)
            ),
        )
        return request_sid
