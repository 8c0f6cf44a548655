"""How operations of Twilio's newer APIs are declared: JSON in and out, token pages, long runs."""

from collections.abc import Callable, Mapping
from typing import Any

from twilio_emulator.core.kernel.refusals import SERVER_ERROR, TOO_MANY_REQUESTS
from twilio_emulator.core.kernel.world import Command
from twilio_emulator.core.simulation import faults
from twilio_emulator.core.simulation.resources import FaultRules
from twilio_emulator.wire import fault_answers, spelling
from twilio_emulator.wire.calls import Answer, Call, Listing, Look, Spell, Work, fetcher
from twilio_emulator.wire.json_parameters import JsonParameters
from twilio_emulator.wire.operations import ROOT, Api, Prefix, ReadClient
from twilio_emulator.wire.token_pages import DEFAULT_SIZE, LARGEST_SIZE, token_lister

Headers = Callable[[Any, Call], tuple[tuple[bytes, bytes], ...]]
"""From what a command has made to what the answer has in its head."""


def given(keys: Mapping[str, object]) -> dict[str, object]:
    """The keys of an answer that have a value."""
    return {key: value for key, value in keys.items() if value is not None}


BODIED = frozenset(("POST", "PUT", "PATCH"))
"""Methods whose requests have a body."""


WORDS = {
    **{each.code: each.text for each in (TOO_MANY_REQUESTS, SERVER_ERROR)},
    20503: "Service Unavailable",
}
"""What is said of an error that a fault orders, by its code."""


class JsonApi(Api):
    """The operations of one product and version, whose parameters are in camel case.

    Args:
        host: the product's host without region.
        version: the first segment of its paths.
    """

    json = True

    def __init__(self, host: str, version: str) -> None:
        super().__init__(host, version, spell=spelling.camel)

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
        """Put one operation at its place; a fault may answer instead."""
        super().add(method, path, taker, unless_a_fault_answers(work), where, spell, client)

    def lists(
        self,
        path: str,
        find: Callable[..., Listing],
        look: Look,
        key: str,
        *,
        size: int = DEFAULT_SIZE,
        largest: int = LARGEST_SIZE,
    ) -> None:
        """Declare a list, by pages of `size` items unless the caller wants more or fewer."""
        self.add("GET", path, find, token_lister(find, look, key, size, largest), ROOT)

    def fetches(self, path: str, find: Callable[..., object], look: Look) -> None:
        """Declare what shows one thing."""
        self.add("GET", path, find, fetcher(find, look, spelling.camel), ROOT)

    def performs(
        self,
        method: str,
        path: str,
        command: type[Command[object]],
        look: Look | None,
        status: int = 200,
        headers: Headers | None = None,
    ) -> None:
        """Declare what performs a command: made from path and body, or from the path alone."""
        work = json_performer(command, look, status, headers, bodied=method in BODIED)
        self.add(method, path, command, work, ROOT)


def unless_a_fault_answers(work: Work) -> Work:
    """The same operation, in whose place a fault answers when there is one that is for it."""

    async def answer(call: Call) -> Answer:
        if len(call.world[FaultRules]):
            rule = faults.for_request(
                call.world, to=None, sender=None, body=None, service=None, channel=""
            )
            fault_answers.refuse(call, rule, WORDS)
        return await work(call)

    return answer


def json_performer(
    command: type[Command[object]],
    look: Look | None,
    status: int,
    headers: Headers | None = None,
    *,
    bodied: bool = True,
) -> Work:
    """An operation that performs a command; without a `look` it answers no body.

    Args:
        headers: what the answer has in its head besides.
        bodied: whether its requests have a body.
    """
    parameters = JsonParameters(command)
    read = parameters.of_body if bodied else parameters.of_path

    async def perform(call: Call) -> Answer:
        done = await call.gate.perform(command(**read(call)), call.origin)
        return Answer(
            status,
            None if look is None else look(done, call),
            headers=() if headers is None else headers(done, call),
        )

    return perform
