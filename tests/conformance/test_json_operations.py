"""Every operation of the APIs that speak JSON is there, takes what Twilio's file says and answers
as it says, place by place."""

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.conformance import knowledge_walk, memory_walk, orchestrator_walk
from tests.conformance.inside import Inside
from tests.conformance.json_referee import JsonDescribed, JsonReferee, taken_by
from tests.conformance.products import IMPORTS, NOT_EMULATED
from tests.conformance.referee import FOLDER, shape
from tests.conftest import absent
from twilio_emulator import products as manifest
from twilio_emulator.wire.json_parameters import HEADED
from twilio_emulator.wire.operations import Api, Operation


class JsonWalk:
    """Requests in JSON, each of which is expected to go well and to be answered as described."""

    def __init__(self, inside: Inside, referee: JsonReferee) -> None:
        self.inside = inside
        self.come_by: set[str] = set()
        self._referee = referee

    def ask(
        self,
        method: str,
        url: str,
        said: object = None,
        key: str | None = None,
        if_match: str | None = None,
        *,
        packed: bool = False,
        **query: Any,
    ) -> Any:
        """Ask once; `key` is an idempotency key, and what is `packed` is compressed."""
        headers = {} if key is None else {"Idempotency-Key": key}
        if if_match is not None:
            headers["If-Match"] = if_match
        sent: dict[str, Any] = {"said": said}
        if packed:
            headers |= {"Content-Encoding": "gzip", "Content-Type": "application/json"}
            sent = {"content": gzip.compress(json.dumps(said).encode())}
        answer = self.inside.ask(method, url, query=query, headers=headers, **sent)
        assert answer.status < 300, (method, url, answer.body)
        described = self._referee.find(method, url)
        assert self._referee.faults(described, answer.status, answer.body) == []
        if answer.status == 202 and "statusUrl" in answer.body:
            assert answer.headers["location"] == answer.body["statusUrl"]
            assert answer.headers["location"].endswith(answer.headers["operation-id"])
            assert answer.headers["retry-after"].isdigit()
        self.come_by.add(described.name)
        return answer.body


@dataclass(frozen=True)
class JsonProduct:
    """A file, and what is known of where the emulator is otherwise, and why.

    Attributes:
        walk: comes by every operation.
        not_emulated: operations that are answered with 20404.
        more_said: by operation, places of its body, or of its query, that the file has not.
        not_said: places that are there in the file and are not taken.
        more_shown: by operation, places of its answer that the file has not.
        not_shown: places that no answer has, of any operation, or of the one that is named first.
    """

    walk: Callable[[JsonWalk], None]
    not_emulated: Mapping[str, str]
    more_said: Mapping[str, frozenset[str]]
    not_said: Mapping[str, str]
    more_shown: Mapping[str, frozenset[str]]
    not_shown: Mapping[str, str]


CONVERSATION_ANSWERS = (
    "CreateConversationWithConfig",
    "FetchConversation",
    "UpdateConversationById",
    "PatchConversationById",
)

FILES = {
    f"{place}{name}": why
    for place in ("source.", "knowledge[].source.")
    for name, why in {
        **dict.fromkeys(
            ("fileName", "fileSize", "mimeType", "importUrl", "uploadExpiration"),
            "files are not taken",
        ),
        "errors": "nothing is fetched, so nothing goes wrong",
        "errors[]": "the same",
        "errors[].title": "the same",
        "errors[].instances": "the same",
        "errors[].instances[]": "the same",
        "errors[].instances[].type": "the same",
        "errors[].instances[].code": "the same",
        "errors[].instances[].instance": "the same",
        "errors[].instances[].detail": "the same",
    }.items()
}

OF_HTTP = {"accept-encoding", "content-encoding"}
"""Headers about how something is sent, which no command takes."""

PRODUCTS = {
    "memory_v1": JsonProduct(
        walk=memory_walk.walk,
        not_emulated=dict.fromkeys(
            ("CreateProfilesImportV2", "ListProfileImportsV2", "FetchProfileImportV2"),
            NOT_EMULATED[IMPORTS],
        ),
        more_said={},
        not_said={
            "traits.*.*": "a trait has whichever value is of its type",
            "profiles[].traits.*.*": "the same",
        },
        more_shown={},
        not_shown={"error": "no operation fails here"},
    ),
    "knowledge_v2": JsonProduct(
        walk=knowledge_walk.walk,
        not_emulated={},
        more_said={"UpdateKnowledge": frozenset({"refresh"})},
        not_said=FILES,
        more_shown={},
        not_shown={
            **FILES,
            "error": "no operation fails here",
            "chunks[].documentNumber": "no PDF is read",
        },
    ),
    "conversations_v2": JsonProduct(
        walk=orchestrator_walk.walk,
        not_emulated={},
        # Of the newer file that Twilio publishes, and of its libraries.
        more_said={
            "CreateConversationWithConfig": frozenset({"metadata", "metadata.*"}),
            "UpdateConversationById": frozenset({"metadata", "metadata.*"}),
            "PatchConversationById": frozenset({"metadata", "metadata.*"}),
            "CreateCommunicationInConversation": frozenset({"resourceId"}),
        },
        not_said={},
        more_shown={
            **dict.fromkeys(CONVERSATION_ANSWERS, frozenset({"metadata"})),
            "ListConversationByAccount": frozenset({"conversations[].metadata"}),
            "FetchConversationAction": frozenset({"failureReason"}),
        },
        not_shown={
            "error": "no operation fails here",
            "CreateConversationAction completedAt": "the answer comes before it is over",
            "CreateCommunicationInConversation recipients[].deliveryStatus": (
                "what is written down is not sent"
            ),
            "content.transcription.words[]": "single words come from calls, which are not emulated",
            "communications[].content.transcription.words[]": "the same",
        },
    ),
}
"""By the name of the file."""


@pytest.fixture(scope="session", params=PRODUCTS)
def name(request: pytest.FixtureRequest) -> str:
    if not FOLDER.is_dir():
        absent("Twilio's OpenAPI files are not installed: `make test` does it")
    return str(request.param)


@pytest.fixture
def product(name: str) -> JsonProduct:
    return PRODUCTS[name]


@pytest.fixture
def referee(name: str, product: JsonProduct) -> JsonReferee:
    return JsonReferee(name, product.more_shown)


@pytest.fixture
def api(name: str) -> Api:
    (found,) = (
        each for each in manifest.APIS if f"{each.host.partition('.')[0]}_{each.version}" == name
    )
    return found


@pytest.fixture
def declared(api: Api) -> dict[tuple[str, str], Operation]:
    return {(each.method, shape(each.path)): each for each in api.operations}


@pytest.fixture
def described(product: JsonProduct, referee: JsonReferee) -> list[JsonDescribed]:
    """What is to be there."""
    return [each for each in referee.operations.values() if each.name not in product.not_emulated]


def test_the_operations_are_those_of_the_file(
    described: list[JsonDescribed], declared: dict[tuple[str, str], Operation]
) -> None:
    assert declared.keys() == {each.key for each in described}


def test_what_is_said_is_what_the_file_says(
    product: JsonProduct,
    referee: JsonReferee,
    described: list[JsonDescribed],
    declared: dict[tuple[str, str], Operation],
) -> None:
    for each in described:
        operation = declared[each.key]
        more = product.more_said.get(each.name, frozenset())
        headers = {HEADED[name].decode() for name in operation.parameters if name in HEADED}
        assert headers == {name.lower() for name in each.headers} - OF_HTTP, each.name
        if each.method == "GET":
            assert set(operation.wire) - more == each.query, each.name
            continue
        assert operation.taker is not None
        if each.body is None:
            continue
        taken = taken_by(operation.taker, frozenset(operation.names))
        wanted = referee.taken(each)
        assert taken.places - more == wanted.places - product.not_said.keys(), each.name
        assert taken.required == wanted.required - product.not_said.keys(), each.name
        assert taken.closed == wanted.closed, each.name
        for place, words in wanted.choices.items():
            assert taken.choices.get(place, words) == words, (each.name, place)


def test_every_answer_is_as_the_file_says(
    product: JsonProduct, referee: JsonReferee, described: list[JsonDescribed], inside: Inside
) -> None:
    walk = JsonWalk(inside, referee)
    product.walk(walk)
    assert walk.come_by == {each.name for each in described}
    for each in described:
        missing = referee.promised(each) - referee.shown.get(each.name, set())
        known = tuple(product.not_shown)
        unexplained = {
            place
            for place in missing
            if not any(within(place, one) or within(f"{each.name} {place}", one) for one in known)
        }
        assert unexplained == set(), each.name


def within(place: str, other: str) -> bool:
    """Whether a place is another, or stands in it."""
    return place == other or place.startswith(f"{other}.")
