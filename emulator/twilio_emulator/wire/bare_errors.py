"""APIs that answer a bad request with that as its code, as Memory's and Knowledge's OpenAPI files
have it, also where JSON, a page's size or a token cannot be read."""

from collections.abc import Callable
from typing import Any

from twilio_emulator.core.kernel.bad_requests import bad
from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, MISSING_PARAMETER, Refused
from twilio_emulator.wire.calls import Answer, Call, Spell, Work
from twilio_emulator.wire.json_operations import JsonApi
from twilio_emulator.wire.operations import Prefix, ReadClient


class BareErrorApi(JsonApi):
    """The operations of such an API."""

    def add(
        self,
        method: str,
        path: str,
        taker: Callable[..., Any] | None,
        work: Work,
        where: Prefix,
        spell: Spell | None = None,
        client: ReadClient | None = None,
    ) -> None:
        """Put one operation at its place."""
        super().add(method, path, taker, _restating(work), where, spell, client)


def _restating(work: Work) -> Work:
    async def answer(call: Call) -> Answer:
        try:
            return await work(call)
        except Refused as why:
            if why.refusal is MISSING_PARAMETER or why.refusal is INVALID_PARAMETER:
                again = bad(why.message)
                again.reason = why.reason
                raise again from None
            raise

    return answer
