from typing import Any

import pytest

from tests.core.conftest import Told
from tests.core.memory.stores import HERE, NOBODY, TALK, again, somebody, values
from tests.core.refused import code as refused
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory import identifiers, identity_settings, profiles
from twilio_emulator.core.memory.identifiers import (
    AddProfileIdentifier,
    RemoveProfileIdentifier,
    UpdateProfileIdentifier,
)
from twilio_emulator.core.memory.identity_settings import SetIdentityResolution
from twilio_emulator.core.memory.observations import AddObservations, ObservationData
from twilio_emulator.core.memory.profiles import (
    AddMemoryProfile,
    Moved,
    PatchMemoryProfile,
    PutMemoryProfiles,
    RemoveMemoryProfile,
    fetch_canonical,
)
from twilio_emulator.core.memory.resources import (
    MemoryProfile,
    MemoryProfileRemoved,
    MemoryProfiles,
    MemoryProfilesMerged,
    ProfileIdentifiers,
)
from twilio_emulator.core.memory.settings import IdentifierConfig
from twilio_emulator.core.memory.summaries import AddConversationSummaries, SummaryData
from twilio_emulator.core.memory.trait_groups import AddTraitGroup, TraitDefinition

ANN = "+12025550199"
BOB = "+12025550188"


def found(world: World, id_type: str, value: str) -> tuple[str, tuple[str, ...]]:
    return tuple(profiles.look_up_profiles(world, **HERE, id_type=id_type, value=value))


def has(world: World, profile: MemoryProfile) -> dict[str, tuple[str, ...]]:
    return dict(identifiers.identifiers_of(world, again(world, profile)))


def settings(world: World, *configs: IdentifierConfig, rules: tuple[str, ...]) -> None:
    wish = SetIdentityResolution(**HERE, identifier_configs=configs, matching_rules=rules)
    world.perform(wish)


def test_somebody_is_known_again_by_an_identifier(world: World) -> None:
    ann = somebody(world, phone=ANN, firstName="Ann")
    same = somebody(world, phone="(202) 555-0199", lastName="Lee")
    assert same.sid == ann.sid
    assert values(same) == {
        "Contact": {"phone": "(202) 555-0199", "firstName": "Ann", "lastName": "Lee"}
    }
    assert has(world, ann) == {"phone": (ANN,)}
    assert found(world, "phone", "202 555 0199") == (ANN, (ann.sid,))


@pytest.mark.parametrize(
    ("id_type", "value", "kept"),
    [
        ("phone", " +1 (202) 555-0199 ", ANN),
        ("phone", "12025550199", ANN),
        ("phone", "whatsapp:+12025550199", ANN),
        ("phone", "none of these ", "none of these"),
        ("email", " Ann@Example.Com ", "ann@example.com"),
        ("whatsapp", " whatsapp:+12025550199 ", "whatsapp:+12025550199"),
        ("chat", "Ann ", "Ann"),
    ],
)
def test_values_are_normalized(world: World, id_type: str, value: str, kept: str) -> None:
    assert found(world, id_type, value) == (kept, ())


def test_a_type_may_leave_values_alone(world: World) -> None:
    settings(world, IdentifierConfig(id_type="raw", normalization="none"), rules=("raw",))
    assert found(world, "raw", " A ") == (" A ", ())


def test_an_unknown_type_is_refused(world: World) -> None:
    with pytest.raises(Refused) as why:
        found(world, "shoe_size", "42")
    assert why.value.code == 400
    with pytest.raises(Refused):
        found(world, "phone", "1" * 256)


def test_who_is_two_becomes_the_earlier_one(world: World, told: Told) -> None:
    ann = somebody(world, phone=ANN, firstName="Ann")
    mail = somebody(world, email="ann@example.com", firstName="Anne", country="US")
    noted = ObservationData(content="likes tea", source="test", occurred_at=world.now)
    world.perform(AddObservations(**HERE, profile=mail.sid, observations=(noted,)))
    talk = SummaryData(content="of tea", conversation_id=TALK, occurred_at=world.now)
    world.perform(AddConversationSummaries(**HERE, profile=mail.sid, summaries=(talk,)))

    both = somebody(world, phone=ANN, email="ann@example.com")
    assert both.sid == ann.sid
    assert values(both)["Contact"] == {
        "phone": ANN,
        "firstName": "Ann",
        "country": "US",
        "email": "ann@example.com",
    }
    assert has(world, ann) == {"phone": (ANN,), "email": ("ann@example.com",)}
    assert told.of(MemoryProfilesMerged) == [MemoryProfilesMerged(sid=mail.sid, canonical=ann.sid)]
    assert again(world, mail).canonical == ann.sid
    assert fetch_canonical(world, **HERE, profile=mail.sid).sid == ann.sid
    with pytest.raises(Moved) as moved:
        world.perform(PatchMemoryProfile(**HERE, profile=mail.sid, traits={}))
    assert moved.value.canonical == ann.sid
    listed = profiles.list_memory_profiles(world, **HERE)
    assert [each.sid for each in listed] == [ann.sid]


def test_a_younger_trait_wins_in_a_merger(world: World, advance: Any) -> None:
    ann = somebody(world, phone=ANN, firstName="Ann")
    advance(seconds=1)
    somebody(world, email="ann@example.com", firstName="Anne")
    both = somebody(world, phone=ANN, email="ann@example.com")
    assert (both.sid, values(both)["Contact"]["firstName"]) == (ann.sid, "Anne")


def test_mergers_lead_to_the_last(world: World) -> None:
    first = somebody(world, phone=ANN)
    second = somebody(world, email="a@example.com")
    third = somebody(world, chatId="ann")
    world.perform(
        AddProfileIdentifier(**HERE, profile=third.sid, id_type="email", value="a@example.com")
    )
    assert again(world, third).canonical == second.sid
    world.perform(AddProfileIdentifier(**HERE, profile=second.sid, id_type="phone", value=ANN))
    assert again(world, third).canonical == first.sid
    assert again(world, second).canonical == first.sid
    assert has(world, first).keys() == {"phone", "email", "chat"}


def test_two_with_one_value_each_keep_it_once(world: World) -> None:
    settings(
        world,
        IdentifierConfig(id_type="phone", normalization="phone"),
        IdentifierConfig(id_type="email", enforce_unique=False),
        rules=("phone", "email"),
    )
    first = somebody(world, phone=ANN, email="a@example.com")
    second = somebody(world, phone=BOB, email="a@example.com")
    assert first.sid != second.sid
    assert found(world, "email", "a@example.com") == ("a@example.com", (first.sid, second.sid))
    world.perform(AddProfileIdentifier(**HERE, profile=second.sid, id_type="phone", value=ANN))
    assert has(world, first) == {"phone": (ANN, BOB), "email": ("a@example.com",)}


def test_of_values_that_need_not_be_unique_two_have_to_agree(world: World) -> None:
    settings(
        world,
        IdentifierConfig(id_type="email", enforce_unique=False),
        IdentifierConfig(id_type="chat", enforce_unique=False),
        rules=("email", "chat"),
    )
    first = somebody(world, email="a@example.com", chatId="ann")
    other = somebody(world, email="a@example.com")
    same = somebody(world, email="a@example.com", chatId="ann")
    assert first.sid != other.sid
    assert same.sid == first.sid


def test_what_is_no_rule_does_not_match(world: World) -> None:
    settings(
        world,
        IdentifierConfig(id_type="phone", normalization="phone"),
        IdentifierConfig(id_type="email"),
        rules=("phone",),
    )
    one, other = (somebody(world, phone=it, email="a@example.com") for it in (ANN, BOB))
    assert one.sid != other.sid


def test_a_profile_needs_an_identifier(world: World) -> None:
    for traits in (None, {}, {"Contact": {"firstName": "Ann"}}, {"Contact": {"phone": ""}}):
        assert refused(world, AddMemoryProfile(**HERE, traits=traits)) == 400


def test_a_list_of_identifiers_and_numbers_are_identifiers_too(world: World) -> None:
    world.perform(
        AddTraitGroup(
            **HERE,
            display_name="Shop",
            traits={
                "phones": TraitDefinition(data_type="ARRAY", id_type_promotion="phone"),
                "number": TraitDefinition(data_type="NUMBER", id_type_promotion="chat"),
                "vip": TraitDefinition(data_type="BOOLEAN", id_type_promotion="chat"),
            },
        )
    )
    shop = {"phones": [ANN, BOB], "number": 7, "vip": True}
    it = world.perform(AddMemoryProfile(**HERE, traits={"Shop": shop}))
    assert has(world, it) == {"phone": (ANN, BOB), "chat": ("7", "true")}


def test_a_promotion_to_a_type_that_is_gone_promotes_nothing(world: World) -> None:
    ann = somebody(world, phone=ANN, chatId="ann", email=" ")
    bob = somebody(world, phone=BOB, chatId="bob")
    settings(world, IdentifierConfig(id_type="phone", normalization="phone"), rules=("phone",))
    again_ann = somebody(world, phone=ANN, chatId="other")
    assert has(world, again_ann)["chat"] == ("ann",)
    world.perform(AddProfileIdentifier(**HERE, profile=bob.sid, id_type="phone", value=ANN))
    assert has(world, ann) == {"phone": (ANN, BOB), "chat": ("ann", "bob")}


def test_an_identifier_that_is_too_long_is_refused(world: World) -> None:
    wish = AddMemoryProfile(**HERE, traits={"Contact": {"email": "x" * 256}})
    assert refused(world, wish) == 400


@pytest.mark.parametrize(("policy", "kept"), [("fifo", ("b", "c")), ("lifo", ("a", "b"))])
def test_a_type_keeps_so_many_values(world: World, policy: str, kept: tuple[str, ...]) -> None:
    settings(
        world,
        IdentifierConfig(id_type="phone", normalization="phone"),
        IdentifierConfig(id_type="chat", limit=2, limit_policy=policy),
        rules=("phone",),
    )
    ann = somebody(world, phone=ANN)
    for value in "abc":
        world.perform(AddProfileIdentifier(**HERE, profile=ann.sid, id_type="chat", value=value))
    assert has(world, ann)["chat"] == kept
    world.perform(RemoveProfileIdentifier(**HERE, profile=ann.sid, id_type="chat"))
    assert has(world, ann)["chat"] == (kept[1:] if policy == "fifo" else kept[:1])


def test_a_merger_of_many_values_keeps_no_more_either(world: World) -> None:
    settings(
        world,
        IdentifierConfig(id_type="phone", normalization="phone"),
        IdentifierConfig(id_type="chat", limit=1),
        rules=("phone",),
    )
    ann = somebody(world, phone=ANN, chatId="a")
    bob = somebody(world, phone=BOB, chatId="b")
    world.perform(AddProfileIdentifier(**HERE, profile=bob.sid, id_type="phone", value=ANN))
    assert has(world, ann) == {"phone": (ANN, BOB), "chat": ("b",)}


def test_an_identifier_is_added_replaced_and_removed(world: World) -> None:
    ann = somebody(world, phone=ANN)
    at = {**HERE, "profile": ann.sid}
    world.perform(AddProfileIdentifier(**at, id_type="email", value="A@example.com"))
    assert has(world, ann)["email"] == ("a@example.com",)

    change = {"path_type": "email", "id_type": "email"}
    world.perform(
        UpdateProfileIdentifier(
            **at, **change, old_value="a@EXAMPLE.com", new_value="b@example.com"
        )
    )
    assert has(world, ann)["email"] == ("b@example.com",)

    world.perform(RemoveProfileIdentifier(**at, id_type="email", remove_all=True))
    assert has(world, ann) == {"phone": (ANN,)}
    assert refused(world, RemoveProfileIdentifier(**at, id_type="email")) == 20404
    assert identifiers.identifiers_of_type(world, ann, "phone").values == (ANN,)
    with pytest.raises(Refused):
        identifiers.identifiers_of_type(world, ann, "email")


def test_an_identifier_that_cannot_be_replaced(world: World) -> None:
    ann = somebody(world, phone=ANN, email="a@example.com")
    at = {**HERE, "profile": ann.sid}

    def code(path_type: str, old: str, new: str) -> int:
        return refused(
            world,
            UpdateProfileIdentifier(
                **at, path_type=path_type, id_type="email", old_value=old, new_value=new
            ),
        )

    assert code("phone", "a@example.com", "b@example.com") == 400
    assert code("email", "x@example.com", "b@example.com") == 20404
    assert code("email", "a@example.com", "A@example.com") == 20409
    assert code("email", "a@example.com", "  ") == 400
    assert code("email", "a@example.com", "") == 400
    assert refused(world, AddProfileIdentifier(**at, id_type="shoe", value="42")) == 400


def test_another_value_may_be_of_another_profile(world: World) -> None:
    ann = somebody(world, phone=ANN)
    bob = somebody(world, phone=BOB, email="b@example.com")
    world.perform(
        UpdateProfileIdentifier(
            **HERE,
            profile=bob.sid,
            path_type="phone",
            id_type="phone",
            old_value=BOB,
            new_value=ANN,
        )
    )
    assert has(world, ann) == {"phone": (ANN,), "email": ("b@example.com",)}


def test_traits_are_changed_and_taken_away(world: World) -> None:
    ann = somebody(world, phone=ANN, firstName="Ann")
    world.perform(
        PatchMemoryProfile(
            **HERE,
            profile=ann.sid,
            traits={"Contact": {"firstName": None, "city": "Bonn", "email": "a@example.com"}},
        )
    )
    assert values(again(world, ann)) == {
        "Contact": {"phone": ANN, "city": "Bonn", "email": "a@example.com"}
    }
    assert found(world, "email", "a@example.com")[1] == (ann.sid,)
    world.perform(
        PatchMemoryProfile(
            **HERE,
            profile=ann.sid,
            traits={"Contact": dict.fromkeys(("phone", "city", "email", "state"))},
        )
    )
    assert values(again(world, ann)) == {}
    assert found(world, "phone", ANN)[1] == (ann.sid,)
    world.perform(PatchMemoryProfile(**HERE, profile=ann.sid))


def test_a_change_can_make_two_one(world: World) -> None:
    ann = somebody(world, phone=ANN)
    bob = somebody(world, phone=BOB)
    it = world.perform(
        PatchMemoryProfile(**HERE, profile=bob.sid, traits={"Contact": {"phone": ANN}})
    )
    assert it.sid == ann.sid
    assert values(again(world, ann))["Contact"]["phone"] == ANN


def test_many_are_made_at_once(world: World) -> None:
    data = profiles.ProfileData
    world.perform(
        PutMemoryProfiles(
            **HERE,
            profiles=(
                data(traits={"Contact": {"phone": ANN}}),
                data(traits={"Contact": {"phone": BOB}}),
                data(traits={"Contact": {"phone": ANN, "city": "Bonn"}}),
            ),
        )
    )
    assert len(world[MemoryProfiles]) == 2
    for wrong in ((), (data(),), (data(traits={"Contact": {"phone": ANN}}), data(traits={}))):
        assert refused(world, PutMemoryProfiles(**HERE, profiles=wrong)) == 400


def test_a_profile_is_forgotten_with_what_led_to_it(world: World, told: Told) -> None:
    ann = somebody(world, phone=ANN)
    bob = somebody(world, phone=BOB)
    world.perform(AddProfileIdentifier(**HERE, profile=bob.sid, id_type="phone", value=ANN))
    talk = SummaryData(content="of tea", conversation_id=TALK, occurred_at=world.now)
    world.perform(AddConversationSummaries(**HERE, profile=ann.sid, summaries=(talk,)))
    world.perform(RemoveMemoryProfile(**HERE, profile=ann.sid))
    assert [each.profile.sid for each in told.of(MemoryProfileRemoved)] == [ann.sid]
    assert len(world[MemoryProfiles]) == len(world[ProfileIdentifiers]) == 0
    for each in (ann.sid, bob.sid, NOBODY):
        assert refused(world, RemoveMemoryProfile(**HERE, profile=each)) == 20404


def test_how_they_are_known_is_set_as_a_whole(world: World) -> None:
    wish = SetIdentityResolution(
        **HERE,
        identifier_configs=(IdentifierConfig(id_type="user_id"),),
        matching_rules=("user_id",),
        if_match='"1"',
    )
    done = world.perform(wish)
    assert done.place is not None
    assert done.place.endswith("/IdentityResolutionSettings")
    it = identity_settings.fetch_identity_resolution(world, **HERE)
    assert (it.version, [each.id_type for each in it.identifier_configs]) == (2, ["user_id"])
    assert refused(world, wish) == 20412


@pytest.mark.parametrize(
    "config",
    [
        {"id_type": "x"},
        {"id_type": "x" * 31},
        {"id_type": "with space"},
        {"id_type": "it", "matching_algo": "fuzzy"},
        {"id_type": "it", "matching_threshold": 49},
        {"id_type": "it", "limit": 0},
        {"id_type": "it", "limit": 101},
        {"id_type": "it", "limit_policy": "none"},
        {"id_type": "it", "normalization": "upper"},
    ],
)
def test_a_type_that_cannot_be(world: World, config: dict[str, Any]) -> None:
    configs = (IdentifierConfig(**config),)
    rules = (config["id_type"],)
    wish = SetIdentityResolution(**HERE, identifier_configs=configs, matching_rules=rules)
    assert refused(world, wish) == 400


def test_rules_that_cannot_be(world: World) -> None:
    one = IdentifierConfig(id_type="it")
    for configs, rules in (
        ((), ("it",)),
        ((one, one), ("it",)),
        ((one,), ()),
        ((one,), ("it",) * 16),
        ((one,), ("other",)),
    ):
        wish = SetIdentityResolution(**HERE, identifier_configs=configs, matching_rules=rules)
        assert refused(world, wish) == 400
