"""The keys that answers about memory have. What is not known of a thing is left out."""

from collections.abc import Mapping

from twilio_emulator.core.kernel.records import Plain, plain
from twilio_emulator.core.memory.identifiers import IdentifierSet
from twilio_emulator.core.memory.resources import (
    ConversationSummary,
    MemoryProfile,
    MemoryStore,
    Observation,
    ObservationRevision,
    Trait,
)
from twilio_emulator.core.memory.settings import (
    DataMapping,
    IdentityResolution,
    MappedTrait,
    TraitDefinition,
    TraitGroup,
    TraitRule,
)
from twilio_emulator.core.memory.traits import shown_traits
from twilio_emulator.core.orchestrator.resources import (
    Communication,
    CommunicationParty,
    OrchestratedParticipants,
)
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.json_operations import given
from twilio_emulator.wire.spelling import camel, iso


def store(it: MemoryStore, _: Call) -> dict[str, object]:
    """The store that the OpenAPI file calls `Store`. No intelligence service is made for it."""
    return {
        **given({"displayName": it.display_name, "description": it.description}),
        "id": it.sid,
        "status": "ACTIVE",
        "intelligenceServiceId": None,
        "version": it.version,
    }


def identity_resolution(it: IdentityResolution, _: Call) -> dict[str, object]:
    """`IdentityResolutionSettings`."""
    return {
        "identifierConfigs": [
            {
                "idType": each.id_type,
                "matchingAlgo": each.matching_algo,
                "matchingThreshold": each.matching_threshold,
                "limit": each.limit,
                "limitPolicy": each.limit_policy,
                "enforceUnique": each.enforce_unique,
                "normalization": each.normalization,
            }
            for each in it.identifier_configs
        ],
        "matchingRules": list(it.matching_rules),
        "version": it.version,
    }


def trait_group(it: TraitGroup, traits: Mapping[str, TraitDefinition] | None) -> dict[str, object]:
    """`TraitGroup`, with some of its traits or none."""
    shown = None
    if traits is not None:
        shown = {name: _definition(each) for name, each in traits.items()}
    return given(
        {
            "displayName": it.display_name,
            "description": it.description,
            "traits": shown,
            "version": it.version,
        }
    )


def _definition(it: TraitDefinition) -> dict[str, object]:
    return given(
        {
            "dataType": it.data_type,
            "description": it.description,
            "validationRule": None if it.validation_rule is None else _rule(it.validation_rule),
            "idTypePromotion": it.id_type_promotion,
        }
    )


def _rule(it: TraitRule) -> dict[str, Plain]:
    said = plain(it)
    assert isinstance(said, dict)
    return {camel(name): value for name, value in said.items()}


def data_mapping(it: DataMapping, _: Call) -> dict[str, object]:
    """`DataMapping`."""
    source = it.mapping_from
    return given(
        {
            "displayName": it.display_name,
            "description": it.description,
            "isEnabled": it.is_enabled,
            "mappingTo": {
                "type": it.mapping_to.type,
                "mappings": [_mapped(each) for each in it.mapping_to.mappings],
            },
            "mappingFrom": given(
                {
                    "type": source.type,
                    "columns": None if source.columns is None else list(source.columns),
                    "datasetId": source.dataset_id,
                }
            ),
            "id": it.sid,
            "createdAt": iso(it.date_created),
            "updatedAt": iso(it.date_updated),
            "version": it.version,
        }
    )


def _mapped(it: MappedTrait) -> dict[str, object]:
    return {
        "expression": it.expression,
        "traitGroup": it.trait_group,
        "traitName": it.trait_name,
    }


def profile(it: MemoryProfile, trait_groups: str | None = None) -> dict[str, object]:
    """`Profile`, with the traits of some groups or all."""
    return {
        "id": it.sid,
        "createdAt": iso(it.date_created),
        "traits": shown_traits(it, trait_groups),
    }


def trait(it: tuple[str, str, Trait], _: Call) -> dict[str, object]:
    """`FullTrait`."""
    group, name, held = it
    return {"name": name, "value": held.value, "traitGroup": group, "timestamp": iso(held.at)}


def identifier(it: IdentifierSet, _: Call) -> dict[str, object]:
    """`IdentifierSet`."""
    return {"idType": it.id_type, "values": list(it.values)}


def observation(it: Observation, _: Call) -> dict[str, object]:
    """`ObservationInfo`."""
    return {
        "id": it.sid,
        "content": it.content,
        "source": it.source,
        "occurredAt": iso(it.occurred_at),
        "conversationIds": list(it.conversation_ids),
        "createdAt": iso(it.date_created),
        "updatedAt": iso(it.date_updated),
    }


def revision(it: ObservationRevision, call: Call) -> dict[str, object]:
    """An observation as it was."""
    return observation(it.observation, call)


def summary(it: ConversationSummary, _: Call) -> dict[str, object]:
    """`SummaryInfo`."""
    return given(
        {
            "id": it.sid,
            "conversationId": it.conversation_id,
            "content": it.content,
            "source": it.source,
            "occurredAt": iso(it.occurred_at),
            "createdAt": iso(it.date_created),
            "updatedAt": iso(it.date_updated),
        }
    )


def communication(it: Communication, call: Call) -> dict[str, object]:
    """`Communication`, as Memory shows it: with more of who spoke, and less of how. In the example
    of the file a message's sid is the id of its channel."""
    return given(
        {
            "id": it.sid,
            "author": _party(it.author, call),
            "channelId": it.channel_id or it.resource_id,
            "content": {"text": it.content.text},
            "recipients": [_party(each, call) for each in it.recipients],
            "createdAt": iso(it.created_at),
            "updatedAt": iso(it.updated_at),
        }
    )


def _party(party: CommunicationParty, call: Call) -> dict[str, object]:
    who = call.world[OrchestratedParticipants].get(party.participant_id)
    return given(
        {
            "id": None if who is None else who.sid,
            "name": party.address if who is None else who.name or party.address,
            "type": None if who is None else who.type,
            "profileId": None if who is None else who.profile_id,
            "address": party.address,
            "channel": party.channel,
            "deliveryStatus": party.delivery_status,
        }
    )
