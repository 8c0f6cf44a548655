"""How an operation is declared, and found again segment by segment.

A product's whole API stands on one page, one `collection` per resource. From an URL, the table
leads to a command or a function of the core by a plain reference.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from twilio_emulator.core.kernel.refusals import METHOD_NOT_ALLOWED, NOT_FOUND, Refused
from twilio_emulator.core.kernel.world import Command, World
from twilio_emulator.wire import spelling
from twilio_emulator.wire.calls import (
    Call,
    Listing,
    Look,
    Parameters,
    Spell,
    Work,
    fetcher,
    performer,
)
from twilio_emulator.wire.logins import ReadHolder
from twilio_emulator.wire.pages import lister


class Prefix(Enum):
    """Where a resource stands: at the root, in a named service, or, as most do, in both forms."""

    ROOT = ("",)
    SERVICE = ("/Services/{service}",)
    BOTH = ("", "/Services/{service}")


LARGEST_BODY = 16 * 1024 * 1024
"""Bytes. Twilio publishes no such limit; what is over it is no API request."""

ROOT, SERVICE, BOTH = Prefix.ROOT, Prefix.SERVICE, Prefix.BOTH


ReadClient = Callable[[Mapping[bytes, bytes], bytes], tuple[str, str]]
"""From the headers and the body of a request to an OAuth client and its secret; raises Refused."""

FindService = Callable[[World, str, str | None], str | None]
"""From an account's sid and what a path calls a service, None where it names none, to the sid of
the service that is meant; None when the account has none such."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path.

    Attributes:
        names: the placeholders of the path.
        taken: what form, query and path may hold; None where nothing is.
        context: fields that every operation of the product is given.
        taker: the command, or the function of the core, that takes them.
        service_form: whether the path is one in a named service.
        client: reads the OAuth client and its secret, where it is they who ask.
    """

    method: str
    path: str
    names: tuple[str, ...]
    taken: Parameters | None
    context: tuple[str, ...]
    taker: Callable[..., Any] | None
    work: Work
    service_form: bool
    client: "ReadClient | None" = None

    @property
    def wire(self) -> Mapping[str, str]:
        """The fields that form or query may hold, by the names that they have there."""
        if self.taken is None:
            return {}
        otherwise = (*self.names, *self.context)
        return {w: name for w, name in self.taken.wire.items() if name not in otherwise}

    @property
    def parameters(self) -> tuple[str, ...]:
        """The fields that form or query may hold."""
        return tuple(self.wire.values())


Admit = Callable[[Operation, Call], None]
"""Whether the holder of a request's credentials may have it; raises Refused."""


class Api:
    """The operations of one product and version.

    Args:
        host: the product's host without region, such as `conversations.twilio.com`.
        version: the first segment of its paths.
        extension: what the last segment ends in where JSON is wanted, such as `.json`.
        largest_body: bytes of the largest request.
        open_to_tokens: whether access tokens of client SDKs are good for it.
        find_service: finds the `service` that every operation is about, named or not; without it a
            service is what the path says, as any other placeholder.
        holders: users of Basic credentials that are no account and no key, each with what reads
            their password.
        admit: refuses what the holder of such credentials may not do.
        spell: names the parameters of its fields.

    Attributes:
        json: whether it takes JSON bodies everywhere, and no forms.
    """

    json = False

    def __init__(
        self,
        host: str,
        version: str,
        extension: str | None = None,
        largest_body: int = LARGEST_BODY,
        *,
        open_to_tokens: bool = False,
        find_service: FindService | None = None,
        spell: Spell = spelling.parameter,
        holders: Mapping[str, ReadHolder] | None = None,
        admit: Admit | None = None,
    ) -> None:
        self.host = host
        self.version = version
        self.largest_body = largest_body
        self.open_to_tokens = open_to_tokens
        self.find_service = find_service
        self.spell = spell
        self.holders = holders or {}
        self.admit = admit
        self._context = ("account",) if find_service is None else ("account", "service")
        self._extension = extension
        self.operations: list[Operation] = []
        self._tree: _Node = _Node()

    @property
    def product(self) -> str:
        """The first label of its host."""
        return self.host.partition(".")[0]

    def collection(
        self,
        path: str,
        item: str,
        look: Look,
        *,
        key: str = "",
        list: Callable[..., Listing] | None = None,
        create: type[Command[object]] | None = None,
        fetch: Callable[..., object] | None = None,
        update: type[Command[object]] | None = None,
        delete: type[Command[object]] | None = None,
        page_size: int = 50,
        page_max: int = 100,
        where: Prefix = BOTH,
    ) -> None:
        """Declare a resource: a list at `path`, its items at `path` + `item`."""
        spell = self.spell
        if list is not None:
            self.add("GET", path, list, lister(list, look, key, page_size, page_max, spell), where)
        if create is not None:
            self.add("POST", path, create, performer(create, look, 201, spell), where)
        if fetch is not None:
            self.add("GET", path + item, fetch, fetcher(fetch, look, spell), where)
        if update is not None:
            self.add("POST", path + item, update, performer(update, look, 200, spell), where)
        if delete is not None:
            self.add("DELETE", path + item, delete, performer(delete, None, 204, spell), where)

    def single(
        self,
        path: str,
        look: Look,
        *,
        fetch: Callable[..., object],
        update: type[Command[object]] | None = None,
        where: Prefix = BOTH,
    ) -> None:
        """Declare a resource of which there is one."""
        self.add("GET", path, fetch, fetcher(fetch, look, self.spell), where)
        if update is not None:
            self.add("POST", path, update, performer(update, look, 200, self.spell), where)

    def operation(
        self,
        method: str,
        path: str,
        takes: Callable[..., Any] | None = None,
        where: Prefix = BOTH,
        spell: Spell | None = None,
        client: ReadClient | None = None,
    ) -> Callable[[Work], Work]:
        """Declare an operation by a function of its own."""

        def declare(work: Work) -> Work:
            self.add(method, path, takes, work, where, spell, client)
            return work

        return declare

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
        """Put one operation at its place, once for each prefix."""
        taken = None if taker is None else Parameters(taker, spell or self.spell)
        for prefix in where.value:
            whole = f"/{self.version}{prefix}{path}"
            segments = self._divided(whole.strip("/").split("/"))
            names = tuple(part[1:-1] for part in segments if part.startswith("{"))
            operation = Operation(
                method=method,
                path=whole,
                names=names,
                taken=taken,
                context=self._context,
                taker=taker,
                work=work,
                service_form="{service}" in prefix,
                client=client,
            )
            self.operations.append(operation)
            self._tree.put(segments, operation)

    def find(self, method: str, segments: list[str]) -> tuple[Operation, dict[str, str]]:
        """The operation at a path, and what its path says.

        Raises:
            Refused: 20404 no such path, 20004 it has no such method.
        """
        node = self._tree
        said: list[str] = []
        for segment in self._divided(segments):
            following = node.literal.get(segment)
            if following is None:
                following = node.parameter
                if following is None or not segment:
                    raise Refused(NOT_FOUND)
                said.append(segment)
            node = following
        if not node.methods:
            raise Refused(NOT_FOUND)
        operation = node.methods.get(method)
        if operation is None:
            raise Refused(METHOD_NOT_ALLOWED)
        return operation, dict(zip(operation.names, said, strict=True))

    def has(self, method: str, segments: list[str]) -> bool:
        """Whether there is such an operation."""
        try:
            self.find(method, segments)
        except Refused:
            return False
        return True

    def _divided(self, segments: list[str]) -> list[str]:
        """The extension as a segment of its own, so that a parameter may stand before it."""
        *first, last = segments
        if self._extension is None or not last.endswith(self._extension):
            return segments
        return [*first, last.removesuffix(self._extension), self._extension]


class _Node:
    """Where a path may go on: by a literal segment, else by a parameter."""

    __slots__ = ("literal", "methods", "parameter")

    def __init__(self) -> None:
        self.literal: dict[str, _Node] = {}
        self.parameter: _Node | None = None
        self.methods: dict[str, Operation] = {}

    def put(self, segments: list[str], operation: Operation) -> None:
        if not segments:
            self.methods[operation.method] = operation
            return
        first, *rest = segments
        if first.startswith("{"):
            self.parameter = self.parameter or _Node()
            self.parameter.put(rest, operation)
        else:
            self.literal.setdefault(first, _Node()).put(rest, operation)
