"""A real sequence of calls that comes by every operation of Memory, with every parameter, and is
shown every key."""

from typing import TYPE_CHECKING, Any

from tests.conformance.orchestrator_walk import pages
from twilio_emulator.core.memory.stores import FIRST_STORE
from twilio_emulator.core.messaging.inbound import SendFromHandset

V1 = "https://memory.twilio.com/v1"
STORES = f"{V1}/ControlPlane/Stores"
CONVERSATIONS = "https://conversations.twilio.com/v2"
ANN, SHOP = "+12025550199", "+12025550100"
NOON = "2026-01-05T08:00:00Z"
LATER = "2026-01-06T08:00:00Z"

if TYPE_CHECKING:
    from tests.conformance.test_json_operations import JsonWalk


def walk(it: "JsonWalk") -> None:
    """Come by every operation."""
    _store(it)
    store = f"{STORES}/{FIRST_STORE}"
    _settings(it, store)
    _groups(it, store)
    _mappings(it, store)
    _profiles(it, f"{V1}/Stores/{FIRST_STORE}/Profiles")


def done(it: "JsonWalk", accepted: Any) -> Any:
    """What came of what goes on for long."""
    operation = it.ask("GET", accepted["statusUrl"])
    assert operation["status"] == "COMPLETED"
    return operation


def _store(it: "JsonWalk") -> None:
    made = done(it, it.ask("POST", STORES, {"displayName": "second", "description": "for tests"}))
    url = made["resultUrl"]
    it.ask("GET", url)
    it.ask("GET", STORES, orderBy="ASC")
    pages(it, STORES)
    it.ask("PATCH", url, {"displayName": "third", "description": "other"}, if_match='"1"')
    it.ask("DELETE", url)


def _settings(it: "JsonWalk", store: str) -> None:
    url = f"{store}/IdentityResolutionSettings"
    settings = it.ask("GET", url)
    said = {key: settings[key] for key in ("identifierConfigs", "matchingRules")}
    it.ask("PUT", url, said, if_match='"1"')


def _groups(it: "JsonWalk", store: str) -> None:
    url = f"{store}/TraitGroups"
    traits: dict[str, Any] = {
        "name": _trait("STRING", pattern="^[a-z]+$", minLength=1, maxLength=9),
        "size": _trait("NUMBER", min=1, max=99),
        "vip": _trait("BOOLEAN"),
        "tags": _trait("ARRAY", minItems=1, maxItems=9),
    }
    said = {"displayName": "Shop", "description": "of the shop", "traits": traits}
    it.ask("POST", url, said)
    it.ask("GET", url, includeTraits="true", orderBy="ASC")
    it.ask("GET", f"{url}/Shop", includeTraits="true", orderBy="ASC")
    pages(it, url)
    pages(it, f"{url}/Shop")
    it.ask("PATCH", f"{url}/Shop", {"description": "other", "traits": traits}, if_match='"1"')
    it.ask("POST", url, {**said, "displayName": "Gone"})
    it.ask("DELETE", f"{url}/Gone")


def _trait(data_type: str, **rule: Any) -> dict[str, Any]:
    return {
        "dataType": data_type,
        "description": "of a customer",
        "validationRule": {"ruleType": data_type, **rule},
        "idTypePromotion": "chat",
    }


def _mappings(it: "JsonWalk", store: str) -> None:
    url = f"{store}/DataMappings"
    to = {
        "type": "TRAITS",
        "mappings": [{"expression": "mail", "traitGroup": "Contact", "traitName": "email"}],
    }
    more = {"description": "of the CRM", "isEnabled": True, "mappingTo": to}
    data_set = {"type": "DATASET_CLOUDAPP", "datasetId": "tdi_dataset_00000000000000000000000001"}
    made = it.ask("POST", url, {"displayName": "crm", "mappingFrom": data_set, **more})
    columns = {"type": "INGRESS", "columns": ["mail"]}
    other = done(it, it.ask("POST", url, {"displayName": "in", "mappingFrom": columns, **more}))
    one = done(it, made)["resultUrl"]
    it.ask("GET", url, type="DATASET_CLOUDAPP", orderBy="ASC")
    pages(it, url)
    it.ask("GET", url)
    it.ask("GET", one)
    it.ask("GET", other["resultUrl"])
    it.ask("PATCH", one, {"displayName": "new", **more, "isEnabled": False}, if_match='"1"')
    it.ask("DELETE", one)


def _profiles(it: "JsonWalk", url: str) -> None:
    traits = {"Contact": {"phone": ANN}, "Shop": {"vip": True, "size": 4, "tags": ["a"]}}
    ann = f"{url}/{it.ask('POST', url, {'traits': traits})['id']}"
    it.ask("POST", f"{url}/Lookup", {"idType": "phone", "value": ANN})
    it.ask("PUT", f"{url}/Bulk", {"profiles": [{"traits": {"Contact": {"phone": SHOP}}}]})
    it.ask("GET", url, orderBy="ASC")
    pages(it, url)
    it.ask("GET", ann, traitGroups="Contact")
    pages(it, f"{ann}/Traits")
    it.ask("PATCH", ann, {"traits": {"Contact": {"city": "Bonn"}}})
    it.ask("GET", f"{ann}/Traits", orderBy="ASC", traitGroups="Contact,Shop")
    _identifiers(it, f"{ann}/Identifiers")
    talk = _conversation(it)
    _observations(it, f"{ann}/Observations", talk)
    _summaries(it, f"{ann}/ConversationSummaries", talk)
    it.ask(
        "POST",
        f"{ann}/Recall",
        {
            "conversationId": talk,
            "query": "tea",
            "beginDate": NOON,
            "endDate": LATER,
            "communicationsLimit": 9,
            "observationsLimit": 9,
            "summariesLimit": 9,
            "relevanceThreshold": 0.5,
        },
    )
    it.ask("DELETE", ann)


def _identifiers(it: "JsonWalk", url: str) -> None:
    it.ask("POST", url, {"idType": "email", "value": "a@example.com"})
    it.ask("GET", url)
    it.ask("GET", f"{url}/email")
    change = {"idType": "email", "oldValue": "a@example.com", "newValue": "b@example.com"}
    it.ask("PATCH", f"{url}/email", change)
    it.ask("DELETE", f"{url}/email", removeAll="true")


def _conversation(it: "JsonWalk") -> str:
    """A conversation with Ann, to whom a text was sent that is on its way."""
    it.inside.made(
        f"{CONVERSATIONS}/ControlPlane/Configurations",
        said={
            "displayName": "captures",
            "description": "for tests",
            "conversationGroupingType": "GROUP_BY_PROFILE",
            "memoryStoreId": FIRST_STORE,
            "channelSettings": {"SMS": {"captureRules": [{"from": "*", "to": "*"}]}},
        },
    )
    it.inside.perform(SendFromHandset(address=ANN, to=SHOP, body="Have you tea?"))
    messages = f"/2010-04-01/Accounts/{it.inside.account_sid}/Messages.json"
    text = {"To": ANN, "From": SHOP, "Body": "We have tea"}
    it.inside.made(f"https://api.twilio.com{messages}", text)
    (talk,) = it.inside.seen(f"{CONVERSATIONS}/Conversations")["conversations"]
    return str(talk["id"])


def _observations(it: "JsonWalk", url: str, talk: str) -> None:
    said = {
        "content": "likes tea",
        "occurredAt": NOON,
        "source": "test",
        "conversationIds": [talk],
    }
    it.ask("POST", url, {"observations": [said]}, packed=True)
    (made,) = it.ask(
        "GET",
        url,
        orderBy="ASC",
        source="test",
        createdAfter=NOON,
        createdBefore=LATER,
        conversationId=talk,
    )["observations"]
    one = f"{url}/{made['id']}"
    it.ask("GET", one)
    it.ask("PATCH", one, said)
    it.ask("GET", f"{one}/Revisions")
    pages(it, f"{one}/Revisions")
    it.ask("POST", url, {"observations": [said]})
    pages(it, url)
    it.ask("DELETE", one)


def _summaries(it: "JsonWalk", url: str, talk: str) -> None:
    said = {"content": "of tea", "occurredAt": NOON, "source": "test", "conversationId": talk}
    it.ask("POST", url, {"summaries": [said]}, packed=True)
    (made,) = it.ask("GET", url, conversationId=talk)["summaries"]
    one = f"{url}/{made['id']}"
    it.ask("GET", one)
    it.ask("PATCH", one, said)
    it.ask("POST", url, {"summaries": [said]})
    pages(it, url)
    it.ask("DELETE", one)
