"""What Memory and Knowledge refuse, by every operation that can."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.rest.conftest import ACCOUNT
from twilio_emulator.core.accounts.subaccounts import AddSubaccount
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.stores import FIRST_STORE
from twilio_emulator.rest.knowledge.v2 import api as knowledge
from twilio_emulator.rest.memory.v1 import api as memory
from twilio_emulator.wire.json_operations import BODIED
from twilio_emulator.wire.operations import Operation

ULID = "01kzpzmjf3fj9rhtxsrkstfz3k"
TALK = f"conv_conversation_{ULID}"
NOON = "2026-01-05T08:00:00Z"
OBSERVATION = {"content": "likes tea", "source": "test", "occurredAt": NOON}
SUMMARY = {"content": "of tea", "conversationId": TALK, "occurredAt": NOON}
TRAITS = {"traits": {"Contact": {"phone": "+12025550199"}}}
MAPPED = {"expression": "mail", "traitGroup": "Contact", "traitName": "email"}

BODIES: dict[str, dict[str, Any]] = {
    "Stores": {"displayName": "second"},
    "{store}": {"description": "other"},
    "IdentityResolutionSettings": {
        "identifierConfigs": [{"idType": "phone"}],
        "matchingRules": ["phone"],
    },
    "TraitGroups": {"displayName": "Shop"},
    "{trait_group}": {"description": "other"},
    "DataMappings": {
        "displayName": "crm",
        "mappingTo": {"type": "TRAITS", "mappings": [MAPPED]},
        "mappingFrom": {"type": "INGRESS", "columns": ["mail"]},
    },
    "{data_mapping}": {"isEnabled": False},
    "Profiles": TRAITS,
    "{profile}": TRAITS,
    "Lookup": {"idType": "phone", "value": "+12025550199"},
    "Bulk": {"profiles": [TRAITS]},
    "Identifiers": {"idType": "email", "value": "a@example.com"},
    "{path_type}": {"idType": "phone", "oldValue": "+12025550199", "newValue": "+12025550188"},
    "Observations": {"observations": [OBSERVATION]},
    "{observation}": {"content": "likes coffee"},
    "ConversationSummaries": {"summaries": [SUMMARY]},
    "{summary}": {"content": "of coffee"},
    "Recall": {"query": "tea"},
    "KnowledgeBases": {"displayName": "docs"},
    "{base}": {"description": "other"},
    "Knowledge": {"name": "faq"},
    "{knowledge}": {"name": "faq"},
    "Search": {"query": "tea", "top": 1},
}
"""What may be said to each operation, by the last segment of its path."""

Ask = Callable[..., tuple[int, Any]]

EVERY = [*memory.operations, *knowledge.operations]
OF_ONE = [each for each in EVERY if each.names]
WITH_BODY = [each for each in EVERY if each.method in BODIED]


def named(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def body_of(operation: Operation) -> dict[str, Any] | None:
    last = operation.path.rpartition("/")[2]
    return BODIES[last] if operation.method in BODIED else None


def url_of(it: Operation, /, **ids: str) -> str:
    host = memory.host if it in memory.operations else knowledge.host
    known = {name: ids.get(name, f"mem_{name}_{ULID}") for name in it.names}
    return f"https://{host}{it.path.format(**known)}"


def test_all_of_them_are_here() -> None:
    assert (len(memory.operations), len(knowledge.operations)) == (43, 13)


@pytest.mark.parametrize("operation", OF_ONE, ids=named)
def test_what_is_not_there_is_not_found(ask: Ask, world: World, operation: Operation) -> None:
    before = world.snapshot()
    status, answer = ask(operation.method, url_of(operation), said=body_of(operation))
    assert (status, answer["code"], answer["status"]) == (404, 20404, 404)
    assert set(answer) == {"code", "message", "more_info", "status"}
    assert world.snapshot() == before


@pytest.mark.parametrize("operation", WITH_BODY, ids=named)
def test_forms_are_refused(ask: Ask, world: World, operation: Operation) -> None:
    before = world.snapshot()
    status, answer = ask(operation.method, url_of(operation), displayName="x")
    assert (status, answer["code"]) == (415, 20422)
    assert world.snapshot() == before


@pytest.mark.parametrize("operation", WITH_BODY, ids=named)
@pytest.mark.parametrize("said", [[], "text", 5])
def test_what_is_no_object_is_refused(ask: Ask, operation: Operation, said: object) -> None:
    status, answer = ask(operation.method, url_of(operation), said=said)
    assert (status, answer["code"]) == (400, 400)
    assert answer["message"].endswith("Invalid JSON body.")


@pytest.mark.parametrize("operation", OF_ONE, ids=named)
def test_what_is_anothers_is_not_found(ask: Ask, world: World, operation: Operation) -> None:
    ids = lived_in(ask)
    if operation in knowledge.operations:
        ids["operation"] = ids["operation of knowledge"]
    other = world.perform(AddSubaccount(account=ACCOUNT)).sid
    before = world.snapshot()
    url, said = url_of(operation, **ids), body_of(operation)
    status, answer = ask(operation.method, url, other, said=said)
    assert (status, answer["code"]) == (404, 20404)
    assert world.snapshot() == before
    assert ask(operation.method, url, said=said)[0] < 300


def lived_in(ask: Ask) -> dict[str, str]:
    """One of each, by what it is called in paths."""
    store = f"https://{memory.host}/v1/ControlPlane/Stores/{FIRST_STORE}"
    group = ask("POST", f"{store}/TraitGroups", said={"displayName": "Group"})[1]
    said = {**BODIES["DataMappings"], "displayName": "first"}
    ask("POST", f"{store}/DataMappings", said=said)
    mapping = ask("GET", f"{store}/DataMappings")[1]["dataMappings"][0]["id"]
    profiles = f"https://{memory.host}/v1/Stores/{FIRST_STORE}/Profiles"
    profile = ask("POST", profiles, said=TRAITS)[1]["id"]
    ann = f"{profiles}/{profile}"
    ask("POST", f"{ann}/Observations", said=BODIES["Observations"])
    ask("POST", f"{ann}/ConversationSummaries", said=BODIES["ConversationSummaries"])
    v2 = f"https://{knowledge.host}/v2"
    opened = ask("POST", f"{v2}/ControlPlane/KnowledgeBases", said={"displayName": "first"})[1]
    base = ask("GET", f"{v2}/ControlPlane/KnowledgeBases")[1]["knowledgeBases"][0]["id"]
    known = ask("POST", f"{v2}/KnowledgeBases/{base}/Knowledge", said={"name": "faq"})[1]["id"]
    return {
        "store": FIRST_STORE,
        "trait_group": "Group",
        "data_mapping": mapping,
        "operation": group["statusUrl"].rpartition("/")[2],
        "operation of knowledge": opened["statusUrl"].rpartition("/")[2],
        "profile": profile,
        "id_type": "phone",
        "path_type": "phone",
        "observation": ask("GET", f"{ann}/Observations")[1]["observations"][0]["id"],
        "summary": ask("GET", f"{ann}/ConversationSummaries")[1]["summaries"][0]["id"],
        "base": base,
        "knowledge": known,
    }
