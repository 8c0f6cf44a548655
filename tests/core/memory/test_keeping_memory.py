"""What is in Memory, Knowledge and Studio can be written down and read again."""

import json
from typing import Any

from tests.core.conftest import ACCOUNT
from tests.core.memory.stores import HERE, TALK, somebody
from twilio_emulator.core.kernel.records import plain_command
from twilio_emulator.core.kernel.reviving import revive_command
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.knowledge.bases import AddKnowledgeBase
from twilio_emulator.core.knowledge.knowledge import AddKnowledge, FillKnowledge, Passage
from twilio_emulator.core.knowledge.resources import KnowledgeSource
from twilio_emulator.core.memory.data_mappings import AddDataMapping
from twilio_emulator.core.memory.identity_settings import SetIdentityResolution
from twilio_emulator.core.memory.observations import AddObservations, ObservationData
from twilio_emulator.core.memory.profiles import (
    PatchMemoryProfile,
    ProfileData,
    PutMemoryProfiles,
)
from twilio_emulator.core.memory.settings import (
    IdentifierConfig,
    MappedTrait,
    MappingFrom,
    MappingTo,
    TraitDefinition,
    TraitRule,
)
from twilio_emulator.core.memory.summaries import AddConversationSummaries, SummaryData
from twilio_emulator.core.memory.trait_groups import AddTraitGroup
from twilio_emulator.core.studio.executions import AddExecution
from twilio_emulator.core.wings import RULES


def test_all_of_it_is_written_down_and_read_again(world: World, empty_world: World) -> None:
    ann = somebody(world, phone="+12025550199")
    of_ann = {**HERE, "profile": ann.sid}
    base = world.perform(AddKnowledgeBase(account=ACCOUNT, display_name="docs")).result
    site = KnowledgeSource(type="Web", url="https://shop.example")
    knowing = AddKnowledge(account=ACCOUNT, base=base, name="site", source=site)
    known = world.perform(knowing).sid
    rule = TraitRule(rule_type="ARRAY", min_items=1)
    mapped = MappedTrait(expression="mail", trait_group="Contact", trait_name="email")
    noted = ObservationData(
        content="likes tea", source="test", occurred_at=world.now, conversation_ids=(TALK,)
    )
    summed = SummaryData(content="of tea", conversation_id=TALK, occurred_at=world.now)
    wishes: list[Any] = [
        AddTraitGroup(
            **HERE,
            display_name="Shop",
            traits={
                "tags": TraitDefinition(data_type="ARRAY", validation_rule=rule),
                "size": TraitDefinition(data_type="NUMBER", id_type_promotion="chat"),
            },
        ),
        PatchMemoryProfile(
            **of_ann, traits={"Shop": {"tags": ["a", 1, True], "size": 4.5}, "Contact": {}}
        ),
        PatchMemoryProfile(**of_ann, traits={"Shop": {"size": None}}),
        PutMemoryProfiles(
            **HERE, profiles=(ProfileData(traits={"Contact": {"phone": "+12025550188"}}),)
        ),
        SetIdentityResolution(
            **HERE,
            identifier_configs=(IdentifierConfig(id_type="phone", limit=2),),
            matching_rules=("phone",),
        ),
        AddDataMapping(
            **HERE,
            display_name="crm",
            mapping_to=MappingTo(type="TRAITS", mappings=(mapped,)),
            mapping_from=MappingFrom(type="INGRESS", columns=("mail",)),
        ),
        AddObservations(**of_ann, observations=(noted,)),
        AddConversationSummaries(**of_ann, summaries=(summed,)),
        FillKnowledge(
            account=ACCOUNT,
            base=base,
            knowledge=known,
            passages=(Passage(content="We have tea."),),
        ),
        AddExecution(
            account=ACCOUNT,
            flow="FW" + "0" * 32,
            to="+12025550199",
            from_="+12025550100",
            parameters='{"a": 1}',
        ),
    ]
    for wish in wishes:
        written = json.loads(json.dumps(plain_command(wish)))
        assert revive_command(written, RULES.commands) == wish
        world.perform(wish)
    snapshot = json.loads(json.dumps(world.snapshot()))
    empty_world.restore(snapshot)
    assert empty_world.snapshot() == snapshot
