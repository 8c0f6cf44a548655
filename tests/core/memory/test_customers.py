import pytest

from tests.core.conftest import ACCOUNT
from tests.core.memory.stores import HERE, NOWHERE, somebody, values
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.customers import find_customer, find_or_make_customer
from twilio_emulator.core.memory.identifiers import identifiers_of
from twilio_emulator.core.memory.identity_settings import SetIdentityResolution
from twilio_emulator.core.memory.resources import MemoryProfile, MemoryProfiles
from twilio_emulator.core.memory.settings import IdentifierConfig
from twilio_emulator.core.memory.stores import FIRST_STORE
from twilio_emulator.core.memory.trait_groups import RemoveTraitGroup

ANN = "+12025550199"


def make(world: World, channel: str, address: str) -> MemoryProfile:
    found = find_or_make_customer(world, ACCOUNT, FIRST_STORE, channel, address)
    assert found is not None
    return world[MemoryProfiles][found.sid]


@pytest.mark.parametrize(
    ("channel", "address", "contact", "identifiers"),
    [
        ("SMS", ANN, {"phone": ANN}, {"phone": (ANN,)}),
        ("VOICE", ANN, {"phone": ANN}, {"phone": (ANN,)}),
        ("RCS", f"rcs:{ANN}", {"phone": ANN}, {"phone": (ANN,)}),
        (
            "WHATSAPP",
            f"whatsapp:{ANN}",
            {"phone": ANN, "whatsapp": f"whatsapp:{ANN}"},
            {"whatsapp": (f"whatsapp:{ANN}",), "phone": (ANN,)},
        ),
        ("CHAT", "ann", {"chatId": "ann"}, {"chat": ("ann",)}),
    ],
)
def test_who_is_not_known_is_made(
    world: World,
    channel: str,
    address: str,
    contact: dict[str, str],
    identifiers: dict[str, tuple[str, ...]],
) -> None:
    assert find_customer(world, ACCOUNT, FIRST_STORE, channel, address) is None
    ann = make(world, channel, address)
    assert values(ann) == {"Contact": contact}
    assert dict(identifiers_of(world, ann)) == identifiers
    assert make(world, channel, address).sid == ann.sid
    assert len(world[MemoryProfiles]) == 1


def test_a_customer_goes_on_by_another_channel(world: World) -> None:
    ann = make(world, "SMS", ANN)
    assert make(world, "WHATSAPP", f"whatsapp:{ANN}").sid == ann.sid
    assert dict(identifiers_of(world, ann)) == {
        "phone": (ANN,),
        "whatsapp": (f"whatsapp:{ANN}",),
    }
    assert find_customer(world, ACCOUNT, FIRST_STORE, "WHATSAPP", f"whatsapp:{ANN}") is not None


def test_a_bare_number_of_whatsapp_is_a_phone_too(world: World) -> None:
    assert make(world, "WHATSAPP", ANN).sid == make(world, "SMS", ANN).sid


def test_nobody_is_resolved_without_a_store_or_a_type(world: World) -> None:
    for store, channel in ((NOWHERE, "SMS"), (FIRST_STORE, "EMAIL")):
        assert find_or_make_customer(world, ACCOUNT, store, channel, ANN) is None
        assert find_customer(world, ACCOUNT, store, channel, ANN) is None
    other = "AC" + "f" * 32
    assert find_or_make_customer(world, other, FIRST_STORE, "SMS", ANN) is None
    world.perform(
        SetIdentityResolution(
            **HERE,
            identifier_configs=(IdentifierConfig(id_type="email"),),
            matching_rules=("email",),
        )
    )
    assert find_or_make_customer(world, ACCOUNT, FIRST_STORE, "SMS", ANN) is None


def test_who_has_no_such_traits_has_the_identifier_alone(world: World) -> None:
    world.perform(RemoveTraitGroup(**HERE, trait_group="Contact"))
    ann = make(world, "SMS", ANN)
    assert values(ann) == {}
    assert dict(identifiers_of(world, ann)) == {"phone": (ANN,)}


def test_a_profile_that_was_made_by_hand_is_found(world: World) -> None:
    ann = somebody(world, phone="(202) 555-0199")
    assert make(world, "SMS", ANN).sid == ann.sid
