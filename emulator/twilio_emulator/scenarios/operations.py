"""Twilio's REST operations by name: `conversations.messages.create`.

The rules of this file:

- A name is the resources of the path, then what is done: create, list, fetch, update or delete.
  With the product in front it is whole: `messaging.services.create`. Where no other product has
  such a resource, the product may be left out.
- What stands in a path is called after its resource: `conversation`, `message`. The last one may be
  called `sid`, as Twilio's documentation has it.
- Paths in a named service (`/Services/{service}/...`) are the same operations; they are meant when
  `service` is among the parameters. In an API that has nothing outside of its services these stand
  in the name: `verify.services.verifications.create`.
- What an operation of the newest APIs takes from a header, such as `If-Match`, is a parameter like
  all others: `if_match`.
- Where paths begin with `ControlPlane`, names do not: Twilio's libraries leave it out too. PATCH is
  `patch`, as there, since PUT is `update`.
"""

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from twilio_emulator.wire.json_parameters import HEADED
from twilio_emulator.wire.operations import Api, Operation
from twilio_emulator.wire.spelling import camel, pascal, snake

IN_SERVICE = "/Services/{service}/"
TAKE_JSON = re.compile(
    r"/v\d/(Content|Channels/Senders|Services/[^/]+/Passkeys|batch/query)\b"
    r"|/v2/(PhoneNumbers/[^/]+/Overrides|RateLimits/Fields)/"
)
"""The newer resources, whose bodies are JSON."""

IN_LIBRARIES = {"verification_check": "verification_checks"}
"""Resources that Twilio's helper libraries call otherwise than the path."""

NOT_IN_NAMES = "ControlPlane"
BODIED = ("POST", "PUT", "PATCH")

ONE_OF_A_KIND = "Configuration"
"""A resource below this one is itself fetched and updated, unless it has items."""


@dataclass(frozen=True, slots=True)
class NamedOperation:
    """One operation as scenarios call it.

    Attributes:
        name: whole, with the product.
        host: where requests for it go.
        method: of HTTP.
        path: with `{placeholders}`.
        path_in_service: the same in a named service; None when there is no such form.
        names: what the placeholders are called.
        parameters: what form or query may hold.
        wire: the fields of it, by the names that they have there.
        takes_json: whether its body is JSON, not a form.
        is_camel: whether its parameters are in camel case, as in the newest APIs.
        taker: the command, or the function of the core, that takes the parameters.
    """

    name: str
    host: str
    method: str
    path: str
    path_in_service: str | None
    names: tuple[str, ...]
    parameters: tuple[str, ...]
    takes_json: bool
    is_camel: bool = False
    taker: object = None
    wire: Mapping[str, str] = field(default_factory=dict)

    @property
    def reads(self) -> bool:
        """Whether it only looks."""
        return self.method == "GET"

    def request(self, account_sid: str, given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The path for what was given, percent-encoded since names may hold anything, and what is
        left for the form or the query.

        Raises:
            KeyError: a placeholder of the path is not given.
        """
        rest = dict(given)
        path = self.path
        if "service" in rest and self.path_in_service is not None:
            path = self.path_in_service.replace("{service}", _segment(rest.pop("service")))
        path = path.replace("{account}", account_sid)
        for place, name in enumerate(self.names):
            is_last = place + 1 == len(self.names)
            said = "sid" if is_last and name not in rest and "sid" in rest else name
            begin = path.index("{")
            path = f"{path[:begin]}{_segment(rest.pop(said))}{path[path.index('}') + 1 :]}"
        return path, rest

    def headed(self, rest: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
        """What goes into headers, by their names, and what is left."""
        names = HEADED.keys() if self.is_camel else frozenset()
        headers = {
            HEADED[name].decode(): str(value)
            for name, value in rest.items()
            if name in names and value is not None
        }
        return headers, {name: value for name, value in rest.items() if name not in names}

    def form(self, rest: Mapping[str, Any]) -> list[tuple[str, Any]]:
        """Parameters as a form has them, lists one by one."""
        return [
            (name, item)
            for name, value in self._spelled(rest).items()
            for item in (value if isinstance(value, list) else [value])
            if item is not None
        ]

    def json(self, rest: Mapping[str, Any]) -> dict[str, Any]:
        """Parameters as a body in JSON has them."""
        return self._spelled(rest) if self.is_camel else dict(rest)

    def _spelled(self, rest: Mapping[str, Any]) -> dict[str, Any]:
        spelled = {name.rstrip("_"): wire for wire, name in self.wire.items()}
        spell = camel if self.is_camel else pascal
        return {spelled.get(name) or spell(name): value for name, value in rest.items()}


def _segment(said: object) -> str:
    return quote(str(said), safe="")


def name_operations(apis: Iterable[Api]) -> dict[str, NamedOperation]:
    """Every operation by its whole name and, where that says enough, without the product."""
    whole: dict[str, NamedOperation] = {}
    short: dict[str, NamedOperation] = {}
    first: dict[str, Api] = {}
    owners: dict[str, str] = {}
    for api in apis:
        product = api.host.partition(".")[0].replace("-", "_")
        is_first = first.setdefault(product, api) is api
        for named in _of(api, product if is_first else f"{product}.{api.version}"):
            whole[named.name] = named
            resource = named.name.split(".")[1]
            if is_first and owners.setdefault(resource, product) != product:
                owners[resource] = ""  # of several
            if is_first:
                short[named.name.partition(".")[2]] = named
    alone = {name: named for name, named in short.items() if owners[name.partition(".")[0]]}
    return {**alone, **whole}


def _of(api: Api, product: str) -> Iterable[NamedOperation]:
    in_service = {
        (operation.method, operation.path.replace(IN_SERVICE, "/", 1)): operation.path
        for operation in api.operations
        if IN_SERVICE in operation.path
    }
    at_root = {(operation.method, operation.path) for operation in api.operations}
    both_ways = not at_root.isdisjoint(in_service)
    for operation in api.operations:
        root = operation.path.replace(IN_SERVICE, "/", 1) if both_ways else operation.path
        if root != operation.path and (operation.method, root) in at_root:
            continue
        segments = _segments(root)
        spelled = [snake(part).strip("_") for part in segments if not part.startswith("{")]
        words = [IN_LIBRARIES.get(word, word) for word in spelled]
        yield NamedOperation(
            name=".".join([product, *words, _action(operation, segments, api)]),
            host=api.host,
            method=operation.method,
            path=operation.path,
            path_in_service=in_service.get((operation.method, operation.path))
            if both_ways
            else None,
            names=_names(_segments(operation.path)),
            parameters=tuple(name.rstrip("_") for name in operation.parameters),
            takes_json=(api.json and operation.method in BODIED)
            or TAKE_JSON.match(operation.path) is not None,
            is_camel=api.json,
            taker=operation.taker,
            wire=operation.wire,
        )


def _segments(path: str) -> list[str]:
    """The parts of a path that tell one resource from another."""
    segments = [part.removesuffix(".json") for part in path.strip("/").split("/")[1:]]
    if segments[:1] == [NOT_IN_NAMES]:
        return segments[1:]
    of_account = segments[:2] == ["Accounts", "{account}"] and len(segments) > 2
    return segments[2:] if of_account else segments


def _names(segments: list[str]) -> tuple[str, ...]:
    """What the placeholders are called: after the resource before each."""
    return tuple(
        _singular(snake(before))
        for before, part in itertools.pairwise(segments)
        if part.startswith("{") and part != "{account}"
    )


def _singular(word: str) -> str:
    if word.endswith("sses"):
        return word.removesuffix("es")
    if word.endswith("ies"):
        return f"{word.removesuffix('ies')}y"
    return word.removesuffix("s")


def _action(operation: Operation, segments: list[str], api: Api) -> str:
    if operation.method in ("DELETE", "PATCH"):
        return operation.method.lower()
    under = operation.path.removesuffix(".json") + "/{"
    has_items = any(
        other.path.startswith(under) and "/" not in other.path[len(under) :]
        for other in api.operations
    )
    is_one = segments[-1].startswith("{") or (ONE_OF_A_KIND in segments and not has_items)
    if operation.method == "POST" and any(
        (other.method, other.path) == ("PUT", operation.path) for other in api.operations
    ):
        return "create"  # what is there already is updated by PUT
    if operation.method == "GET":
        return "fetch" if is_one else "list"
    return "update" if is_one else "create"
