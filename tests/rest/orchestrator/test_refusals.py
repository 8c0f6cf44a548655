"""What Conversations v2 refuses, by every operation that can."""

from collections.abc import Callable
from typing import Any

import pytest

from twilio_emulator.core.accounts.subaccounts import AddSubaccount
from twilio_emulator.core.kernel.world import World
from twilio_emulator.rest.orchestrator.v2 import api
from twilio_emulator.wire.json_operations import BODIED
from twilio_emulator.wire.operations import Operation

HOST = "https://conversations.twilio.com"
FIRST = "conv_configuration_00000000000000000000000001"
STORE = "mem_store_00000000000000000000000001"
ACCOUNT = "AC00000000000000000000000000000001"
ULID = "01kzpzmjf3fj9rhtxsrkstfz3k"
SMS = {"address": "+12025550199", "channel": "SMS"}

SETTINGS = {
    "displayName": "x",
    "description": "x",
    "conversationGroupingType": "GROUP_BY_PROFILE",
    "memoryStoreId": STORE,
    "channelSettings": {},
}
BODIES: dict[str, dict[str, Any]] = {
    "Configurations": SETTINGS,
    "{configuration}": SETTINGS,
    "Conversations": {"configurationId": f"conv_configuration_{ULID}"},
    "{conversation}": {"status": "ACTIVE"},
    "Participants": {"addresses": [SMS]},
    "{participant}": {"addresses": [SMS]},
    "Communications": {
        "author": SMS,
        "content": {"type": "TEXT", "text": "x"},
        "recipients": [SMS],
    },
    "Actions": {
        "type": "SEND_MESSAGE",
        "payload": {"from": SMS, "to": [SMS], "content": {"text": "x"}},
    },
}
"""What may be said to each operation, by the last segment of its path."""

Ask = Callable[..., tuple[int, Any]]


def body_of(operation: Operation) -> dict[str, Any] | None:
    last = operation.path.rpartition("/")[2]
    return BODIES[last] if operation.method in BODIED else None


def named(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def url_of(it: Operation, /, **ids: str) -> str:
    known = {name: ids.get(name, f"conv_{name}_{ULID}") for name in it.names}
    return HOST + it.path.format(**known)


OF_ONE = [each for each in api.operations if each.names]
WITH_BODY = [each for each in api.operations if each.method in BODIED]


def test_all_of_them_are_here() -> None:
    assert (len(api.operations), len(OF_ONE), len(WITH_BODY)) == (22, 18, 10)


@pytest.mark.parametrize("operation", OF_ONE, ids=named)
def test_what_is_not_there_is_not_found(ask: Ask, operation: Operation) -> None:
    status, answer = ask(operation.method, url_of(operation), said=body_of(operation))
    assert (status, answer["code"], answer["status"]) == (404, 20404, 404)
    assert set(answer) == {"code", "message", "more_info", "status"}


@pytest.mark.parametrize("operation", WITH_BODY, ids=named)
def test_forms_are_refused(ask: Ask, world: World, operation: Operation) -> None:
    before = world.snapshot()
    status, answer = ask(operation.method, url_of(operation), displayName="x", status="ACTIVE")
    assert (status, answer["code"]) == (415, 20422)
    assert world.snapshot() == before


@pytest.mark.parametrize("operation", WITH_BODY, ids=named)
@pytest.mark.parametrize("said", [[], "text", 5])
def test_what_is_no_object_is_refused(ask: Ask, operation: Operation, said: object) -> None:
    status, answer = ask(operation.method, url_of(operation), said=said)
    assert (status, answer["code"], answer["message"]) == (400, 20001, "Invalid JSON body.")


@pytest.mark.parametrize("operation", OF_ONE, ids=named)
def test_what_is_anothers_is_not_found(ask: Ask, world: World, operation: Operation) -> None:
    ids = lived_in(ask)
    other = world.perform(AddSubaccount(account=ACCOUNT)).sid
    before = world.snapshot()
    url = url_of(operation, **ids)
    status, _ = ask(operation.method, url, other, said=body_of(operation))
    assert status == 404
    assert world.snapshot() == before
    assert ask(operation.method, url, said=body_of(operation))[0] < 300


def lived_in(ask: Ask) -> dict[str, str]:
    """One of each, by what it is called in paths."""
    begun = ask("POST", f"{HOST}/v2/Conversations", said={"configurationId": FIRST})[1]
    conversation = f"{HOST}/v2/Conversations/{begun['id']}"
    somebody = {"addresses": [{"address": "+12025550111", "channel": "SMS"}]}
    ids = {"conversation": begun["id"]}
    for name, path, said in (
        ("participant", "Participants", somebody),
        ("communication", "Communications", BODIES["Communications"]),
        ("action", "Actions", BODIES["Actions"]),
    ):
        ids[name] = ask("POST", f"{conversation}/{path}", said=said)[1]["id"]
    made = ask("POST", f"{HOST}/v2/ControlPlane/Configurations", said=SETTINGS)[1]
    ids["configuration"] = made["related"]["configurationId"]
    ids["operation"] = made["statusUrl"].rpartition("/")[2]
    return ids


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "POST"])
def test_participants_cannot_be_removed_or_changed_in_part(ask: Ask, method: str) -> None:
    ids = lived_in(ask)
    url = f"{HOST}/v2/Conversations/{ids['conversation']}/Participants/{ids['participant']}"
    status, answer = ask(method, url, said={})
    assert (status, answer["code"]) == (405, 20004)


def test_test_credentials_have_nothing_here(ask: Ask) -> None:
    test_account = "AC0000000000000000000000000000000f"
    status, answer = ask("GET", f"{HOST}/v2/Conversations", test_account)
    assert (status, answer["code"]) == (403, 20008)
