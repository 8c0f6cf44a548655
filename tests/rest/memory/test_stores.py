"""The control plane of Memory by REST: stores and what is set in them."""

from collections.abc import Callable
from typing import Any

from tests.rest.conftest import InProcess
from twilio_emulator.core.memory.stores import FIRST_STORE

V1 = "https://memory.twilio.com/v1"
STORES = f"{V1}/ControlPlane/Stores"
STORE = f"{STORES}/{FIRST_STORE}"

Ask = Callable[..., tuple[int, Any]]


def accepted(ask: Ask, http: InProcess, method: str, url: str, **said: Any) -> Any:
    """What came of what goes on for long."""
    status, answer = ask(method, url, **said)
    assert status == 202, answer
    assert http.asked is not None
    headers = http.asked.headers
    assert headers["location"] == answer["statusUrl"]
    assert answer["statusUrl"] == f"{V1}/ControlPlane/Operations/{headers['operation-id']}"
    assert headers["retry-after"] == "5"
    status, operation = ask("GET", answer["statusUrl"])
    assert (status, operation["status"]) == (200, "COMPLETED")
    assert operation["operationId"] == headers["operation-id"]
    return operation


def test_a_store_from_first_to_last(ask: Ask, http: InProcess) -> None:
    said = {"displayName": "second", "description": "for tests"}
    done = accepted(ask, http, "POST", STORES, said=said)
    sid, url = done["result"]["id"], done["resultUrl"]
    assert done["result"]["type"] == "RESOURCE_ID"
    assert url == f"{STORES}/{sid}"
    assert ask("GET", url) == (
        200,
        {
            "displayName": "second",
            "description": "for tests",
            "id": sid,
            "status": "ACTIVE",
            "intelligenceServiceId": None,
            "version": 1,
        },
    )
    assert http.asked is not None
    assert http.asked.headers["etag"] == '"1"'
    meta = {"key": "stores", "pageSize": 2}
    assert ask("GET", STORES) == (200, {"stores": [sid, FIRST_STORE], "meta": meta})
    assert ask("GET", STORES, orderBy="ASC", pageSize=1)[1]["stores"] == [FIRST_STORE]
    assert ask("GET", STORES, pageSize=101)[0] == 400

    accepted(ask, http, "PATCH", url, said={"description": "other", "displayName": None})
    assert ask("GET", url)[1]["description"] == "other"
    done = accepted(ask, http, "DELETE", url)
    assert "resultUrl" not in done
    assert ask("GET", url)[0] == 404


def test_a_change_may_say_of_which_version(ask: Ask, http: InProcess) -> None:
    auth = ("AC00000000000000000000000000000001", "00000000000000000000000000000001")
    for tag, status in (('"2"', 412), ('"1"', 202), ('"1"', 412)):
        headers = {"Content-Type": "application/json", "If-Match": tag}
        answer = http.request("PATCH", STORE, data={}, headers=headers, auth=auth)
        assert answer.status_code == status


def test_how_customers_are_known(ask: Ask, http: InProcess) -> None:
    url = f"{STORE}/IdentityResolutionSettings"
    status, settings = ask("GET", url)
    assert (status, settings["version"]) == (200, 1)
    assert settings["identifierConfigs"][0] == {
        "idType": "email",
        "matchingAlgo": "exact",
        "matchingThreshold": 75,
        "limit": 100,
        "limitPolicy": "fifo",
        "enforceUnique": True,
        "normalization": "email",
    }
    said = {"identifierConfigs": [{"idType": "user_id"}], "matchingRules": ["user_id"]}
    done = accepted(ask, http, "PUT", url, said=said)
    assert done["resultUrl"] == url
    settings = ask("GET", url)[1]
    assert (settings["matchingRules"], settings["version"]) == (["user_id"], 2)
    assert http.asked is not None
    assert http.asked.headers["etag"] == '"2"'


def test_trait_groups(ask: Ask, http: InProcess) -> None:
    url = f"{STORE}/TraitGroups"
    traits = {
        "size": {"dataType": "NUMBER", "validationRule": {"ruleType": "NUMBER", "min": 1}},
        "name": {"dataType": "STRING", "description": "of it", "idTypePromotion": "chat"},
    }
    done = accepted(ask, http, "POST", url, said={"displayName": "Shop", "traits": traits})
    assert (done["result"]["id"], done["resultUrl"]) == ("Shop", f"{url}/Shop")
    status, answer = ask("GET", url)
    assert status == 200
    assert answer["meta"] == {"key": "traitGroups", "pageSize": 2}
    assert answer["traitGroups"][0] == {"displayName": "Shop", "version": 1}
    whole = ask("GET", url, includeTraits="true", pageSize=1)[1]["traitGroups"]
    assert whole == [{"displayName": "Shop", "version": 1, "traits": traits}]

    status, answer = ask("GET", f"{url}/Shop", orderBy="ASC", pageSize=1)
    assert answer["traitGroup"]["traits"] == {"size": traits["size"]}
    assert answer["meta"].pop("nextToken")
    assert answer["meta"] == {"key": "traits", "pageSize": 1}
    assert http.asked is not None
    assert http.asked.headers["etag"] == '"1"'
    bare = ask("GET", f"{url}/Shop", includeTraits="false")[1]["traitGroup"]
    assert bare == {"displayName": "Shop", "version": 1}

    said = {"description": "of the shop", "traits": {"size": {"dataType": ""}}}
    accepted(ask, http, "PATCH", f"{url}/Shop", said=said)
    changed = ask("GET", f"{url}/Shop")[1]["traitGroup"]
    assert (changed["description"], list(changed["traits"])) == ("of the shop", ["name"])
    assert "resultUrl" not in accepted(ask, http, "DELETE", f"{url}/Shop")
    assert ask("GET", f"{url}/Shop")[0] == 404


def test_the_group_that_every_store_has(ask: Ask) -> None:
    group = ask("GET", f"{STORE}/TraitGroups/Contact")[1]["traitGroup"]
    assert group["traits"]["phone"] == {"dataType": "STRING", "idTypePromotion": "phone"}
    assert group["traits"]["firstName"] == {"dataType": "STRING"}


def test_data_mappings(ask: Ask, http: InProcess) -> None:
    url = f"{STORE}/DataMappings"
    to = {
        "type": "TRAITS",
        "mappings": [{"expression": "mail", "traitGroup": "Contact", "traitName": "email"}],
    }
    source = {"type": "DATASET_CLOUDAPP", "datasetId": "tdi_dataset_00000000000000000000000001"}
    said = {"displayName": "crm", "mappingTo": to, "mappingFrom": source}
    done = accepted(ask, http, "POST", url, said=said)
    sid = done["result"]["id"]
    shown = {
        "displayName": "crm",
        "isEnabled": True,
        "mappingTo": to,
        "mappingFrom": source,
        "id": sid,
        "createdAt": "2026-01-05T09:00:00Z",
        "updatedAt": "2026-01-05T09:00:00Z",
        "version": 1,
    }
    assert ask("GET", done["resultUrl"]) == (200, shown)
    columns = {**said, "displayName": "in", "mappingFrom": {"type": "INGRESS", "columns": ["mail"]}}
    accepted(ask, http, "POST", url, said=columns)
    answer = ask("GET", url, type="DATASET_CLOUDAPP")[1]
    meta = {"key": "dataMappings", "pageSize": 1}
    assert answer == {"dataMappings": [shown], "meta": meta}
    assert ask("GET", url)[1]["dataMappings"][0]["mappingFrom"] == columns["mappingFrom"]
    accepted(ask, http, "PATCH", f"{url}/{sid}", said={"isEnabled": False})
    assert ask("GET", f"{url}/{sid}")[1]["isEnabled"] is False
    status, answer = ask("POST", url, said=columns)
    assert (status, answer["code"]) == (409, 20409)
    accepted(ask, http, "DELETE", f"{url}/{sid}")
    assert ask("GET", f"{url}/{sid}")[0] == 404


def test_an_operation_that_there_is_not(ask: Ask) -> None:
    status, answer = ask("GET", f"{V1}/ControlPlane/Operations/proc_job_1")
    assert (status, answer["code"]) == (404, 20404)
