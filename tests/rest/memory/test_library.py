"""Memory and Knowledge by Twilio's own library for Python: every operation that is here."""

from typing import Any

import pytest
from twilio.rest import Client
from twilio.rest.knowledge.v2.knowledge import KnowledgeList
from twilio.rest.knowledge.v2.knowledge_basis import KnowledgeBasisList
from twilio.rest.knowledge.v2.search import SearchList
from twilio.rest.memory.v1.bulk import BulkList
from twilio.rest.memory.v1.conversation_summary import ConversationSummaryList
from twilio.rest.memory.v1.data_mapping import DataMappingList
from twilio.rest.memory.v1.identifier import IdentifierList
from twilio.rest.memory.v1.identity_resolution_setting import IdentityResolutionSettingList
from twilio.rest.memory.v1.lookup import LookupList
from twilio.rest.memory.v1.observation import ObservationList
from twilio.rest.memory.v1.profile import ProfileList
from twilio.rest.memory.v1.recall import RecallList
from twilio.rest.memory.v1.store import StoreList
from twilio.rest.memory.v1.trait_group import TraitGroupList

from tests.conformance.json_referee import JsonReferee
from tests.conformance.referee import FOLDER
from tests.conftest import absent
from twilio_emulator.core.memory.stores import FIRST_STORE

ANN, BOB = "+12025550199", "+12025550188"
TALK = "conv_conversation_00000000000000000000000001"
NOON = "2026-01-05T08:00:00Z"


class Reached:
    """Which operations of a file were come by."""

    def __init__(self, name: str, http: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        if not FOLDER.is_dir():
            absent("Twilio's OpenAPI files are not installed: `make test` does it")
        self.referee = JsonReferee(name)
        self.names: set[str] = set()
        send = http.request

        def request(method: str, uri: str, *more: Any, **options: Any) -> Any:
            self.names.add(self.referee.find(method.upper(), uri).name)
            return send(method, uri, *more, **options)

        monkeypatch.setattr(http, "request", request)

    def missing(self) -> set[str]:
        every = {each.name for each in self.referee.operations.values()}
        return {name for name in every - self.names if not name.endswith("ImportV2")} - {
            "ListProfileImportsV2",
            "CreateProfilesImportV2",
        }


def test_every_operation_of_memory(
    client: Client, http: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = Reached("memory_v1", http, monkeypatch)
    v1: Any = client.memory.v1
    _stores(v1, http)
    _settings(v1)
    _profiles(v1)
    assert reached.missing() == set()


def _stores(v1: Any, http: Any) -> None:
    accepted = v1.stores.create(StoreList.ServiceRequest({"displayName": "second"}))
    assert accepted.status_url.startswith("https://memory.twilio.com/v1/ControlPlane/Operations/")
    operation = v1.operations(http.asked.headers["operation-id"]).fetch()
    assert operation.status == "COMPLETED"
    sid = operation.result["id"]
    store = v1.stores(sid)
    assert store.fetch().display_name == "second"
    change = StoreList.PatchStoreRequest({"description": "other"})
    assert store.patch(change, if_match='"1"').status_url
    assert v1.stores.list(page_size=1) == [sid, FIRST_STORE]
    assert store.delete()


def _settings(v1: Any) -> None:
    identity = v1.identity_resolution_settings(FIRST_STORE)
    rules = identity.fetch().matching_rules
    configs = [{"idType": each, "normalization": "phone"} for each in rules]
    identity.update(
        IdentityResolutionSettingList.IdentityResolutionSettingsCore(
            {"identifierConfigs": configs, "matchingRules": rules}
        )
    )
    groups = v1.trait_groups(FIRST_STORE)
    traits = {"size": {"dataType": "NUMBER"}}
    groups.create(TraitGroupList.TraitGroupRequest({"displayName": "Shop", "traits": traits}))
    assert [each.display_name for each in groups.list()] == ["Shop", "Contact"]
    shop = v1.trait_groups(FIRST_STORE, "Shop")
    assert shop.fetch().trait_group["displayName"] == "Shop"
    shop.patch(TraitGroupList.PatchTraitGroupRequest({"description": "of the shop"}))
    assert shop.delete()

    mappings = v1.data_mappings(FIRST_STORE)
    to = {
        "type": "TRAITS",
        "mappings": [{"expression": "mail", "traitGroup": "Contact", "traitName": "email"}],
    }
    source = {"type": "INGRESS", "columns": ["mail"]}
    mappings.create(
        DataMappingList.CreateDataMappingInput(
            {"displayName": "in", "mappingTo": to, "mappingFrom": source}
        )
    )
    (listed,) = mappings.list()
    mapping = v1.data_mappings(FIRST_STORE, listed.id)
    assert mapping.fetch().display_name == "in"
    mapping.patch(DataMappingList.DataMappingCore({"isEnabled": False}))
    assert mapping.delete()


def _profiles(v1: Any) -> None:
    profiles = v1.profiles(FIRST_STORE)
    traits = {"traits": {"Contact": {"phone": ANN}}}
    ann = profiles.create(ProfileList.ProfileData(traits)).id
    found = v1.lookup(FIRST_STORE).create(LookupList.Identifier({"idType": "phone", "value": ANN}))
    assert found.profiles == [ann]
    many = {"profiles": [{"traits": {"Contact": {"phone": BOB}}}]}
    v1.bulk(FIRST_STORE).update(BulkList.UpdateProfilesBulkRequest(many))
    assert len(profiles.list(page_size=1)) == 2
    profile = v1.profiles(FIRST_STORE, ann)
    profile.patch(ProfileList.ProfilePatch({"traits": {"Contact": {"city": "Bonn"}}}))
    assert profile.fetch().traits == {"Contact": {"phone": ANN, "city": "Bonn"}}
    assert {each.name for each in v1.traits(FIRST_STORE, ann).list()} == {"phone", "city"}

    identifiers = v1.identifiers(FIRST_STORE, ann)
    identifiers.create(IdentifierList.Identifier({"idType": "email", "value": "a@example.com"}))
    assert identifiers.list()
    email = v1.identifiers(FIRST_STORE, ann, "email")
    assert email.fetch().values == ["a@example.com"]
    change = {"idType": "email", "oldValue": "a@example.com", "newValue": "b@example.com"}
    email.patch(IdentifierList.IdentifierUpdate(change))
    assert email.delete(remove_all=True)
    _memories(v1, ann)
    assert profile.delete()


def _memories(v1: Any, ann: str) -> None:
    said = {"content": "likes tea", "occurredAt": NOON, "source": "test"}
    observations = v1.observations(FIRST_STORE, ann)
    observations.create(ObservationList.CreateObservationsRequest({"observations": [said]}))
    (it,) = observations.list(source="test")
    observation = v1.observations(FIRST_STORE, ann, it.id)
    observation.patch(ObservationList.ObservationBase({"content": "likes green tea"}))
    assert observation.fetch().content == "likes green tea"
    assert len(v1.revisions(FIRST_STORE, ann, it.id).list()) == 2
    summaries = v1.conversation_summaries(FIRST_STORE, ann)
    summed = {"content": "of tea", "occurredAt": NOON, "conversationId": TALK}
    summaries.create(ConversationSummaryList.CreateSummariesRequest({"summaries": [summed]}))
    (summary,) = summaries.list()
    one = v1.conversation_summaries(FIRST_STORE, ann, summary.id)
    one.patch(ConversationSummaryList.SummaryCorePatch({"source": "test"}))
    assert one.fetch().source == "test"
    recalled = v1.recall(FIRST_STORE, ann).create(
        RecallList.MemoryRetrievalRequest({"query": "green tea"})
    )
    assert [it["content"] for it in recalled.observations] == ["likes green tea"]
    assert one.delete()
    assert observation.delete()


def test_every_operation_of_knowledge(
    client: Client, http: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = Reached("knowledge_v2", http, monkeypatch)
    v2: Any = client.knowledge.v2
    v2.knowledge_bases.create(KnowledgeBasisList.KnowledgeBaseCore({"displayName": "docs"}))
    sid = v2.operations(http.asked.headers["operation-id"]).fetch().result["id"]
    base = v2.knowledge_bases(sid)
    assert base.fetch().display_name == "docs"
    base.update(KnowledgeBasisList.UpdateKnowledgeBaseRequest({"description": "of the shop"}))
    assert [each.id for each in v2.knowledge_bases.list()] == [sid]
    source = {"type": "Text", "content": "We have green tea."}
    said = KnowledgeList.KnowledgeCore({"name": "faq", "source": source})
    made = v2.knowledge(sid).create(said)
    assert made.status == "COMPLETED"
    assert [each.id for each in v2.knowledge(sid).list()] == [made.id]
    one = v2.knowledge(sid, made.id)
    assert one.fetch().name == "faq"
    one.update(knowledge_core=KnowledgeList.KnowledgeCore({"name": "answers"}))
    one.update(refresh=True, knowledge_core=KnowledgeList.KnowledgeCore({"name": "answers"}))
    assert [each.content for each in v2.chunks(sid, made.id).list()] == ["We have green tea."]
    found = v2.search(sid).create(SearchList.KnowledgeSearch({"query": "tea", "top": 3}))
    assert [each["content"] for each in found.chunks] == ["We have green tea."]
    assert one.delete()
    assert base.delete()
    assert reached.missing() == set()
