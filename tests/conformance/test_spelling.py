"""Parameters are called as Twilio calls them, to the letter, in every product."""

from collections.abc import Iterator

import pytest

from tests.conformance.inside import Inside
from tests.conformance.products import SCOPE, products
from tests.conformance.referee import FOLDER, Referee, shape
from tests.conformance.test_messaging_operations import MORE
from tests.conformance.test_operations import MORE_THAN_DESCRIBED
from tests.conftest import absent
from twilio_emulator.products import APIS
from twilio_emulator.rest.conversations import v1
from twilio_emulator.wire.operations import Api, Operation
from twilio_emulator.wire.pages import PAGING
from twilio_emulator.wire.spelling import snake
from twilio_emulator.wire.token_pages import TOKEN_PAGING

BODY_IS_JSON = (
    "/Content",
    "/Channels/Senders",
    "/batch/query",
    "/Overrides/",
    "/RateLimits/Fields/",
    "/Passkeys/",
)


def forms() -> Iterator[tuple[Api, Operation]]:
    """Every operation that takes parameters by a form or a query string."""
    for api in APIS:
        for operation in api.operations:
            if operation.client is not None:
                continue  # who asks is read before what, and its log says what was expected
            if operation.method == "GET" or not (
                api.json or any(each in operation.path for each in BODY_IS_JSON)
            ):
                yield api, operation


def test_conversations_are_spelled_as_described(referee: Referee) -> None:
    for operation in v1.api.operations:
        names = {w for w, field in operation.wire.items() if field not in MORE_THAN_DESCRIBED}
        described = referee.operations[operation.method, shape(operation.path)]
        assert names == set(described.parameters), described.name


@pytest.mark.parametrize("name", list(SCOPE))
def test_all_others_are_spelled_as_described(name: str) -> None:
    if not FOLDER.is_dir():
        absent("Twilio's OpenAPI files are not installed: `make test` does it")
    product = products()[name]
    for key, operation in product.declared.items():
        described = product.referee.operations.get(key)
        if described is None or any(each in operation.path for each in BODY_IS_JSON):
            continue
        more = MORE.get((name, described.name), set())
        names = {w for w, field in operation.wire.items() if field not in more}
        assert names <= set(described.parameters), described.name


def misspelled(name: str) -> set[str]:
    """What people write who go by the helper libraries or by other APIs."""
    words = snake(name).strip("_")
    camel = words[0] + name[1:]
    return {words, name.lower(), name.upper(), camel, name.replace(".", "")} - {name}


@pytest.mark.parametrize(
    ("api", "operation"),
    [pytest.param(*each, id=f"{each[1].method}-{each[1].path}") for each in forms()],
)
def test_another_spelling_is_not_obeyed(inside: Inside, api: Api, operation: Operation) -> None:
    path = operation.path.replace("{account}", inside.account_sid)
    path = path.replace("{service}", inside.service_sid)
    for name in operation.names:
        path = path.replace(f"{{{name}}}", "XX" + "0" * 32)
    lists = operation.method == "GET" and "{" not in operation.path
    paging = TOKEN_PAGING if lists and api.json else PAGING if lists else ()
    wrong = {each: name for name in (*operation.wire, *paging) for each in misspelled(name)}
    sent = dict.fromkeys(wrong, "true")
    given = {"query": sent} if operation.method == "GET" else {"form": sent}
    log = inside.hosted.gate.log
    inside.ask(operation.method, f"https://{api.host}{path}", **given)
    (entry,) = (each.content for each in log.after(log.number - 1))
    if not operation.wire and not entry.hints:
        return  # it takes nothing, and looks at nothing
    ignored = {f"`{each}` was ignored: `{name}`?" for each, name in wrong.items()}
    assert set(entry.hints) == ignored
