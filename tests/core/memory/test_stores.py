import pytest

from tests.core.conftest import ACCOUNT, Told
from tests.core.memory.stores import HERE, NOWHERE, somebody
from tests.core.refused import code as refused
from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.core.accounts.subaccounts import AddSubaccount
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory import operations, stores
from twilio_emulator.core.memory.observations import AddObservations, ObservationData
from twilio_emulator.core.memory.resources import (
    MemoryProfiles,
    MemoryStoreChanged,
    MemoryStores,
    ObservationRevisions,
    Observations,
    ProfileIdentifiers,
)
from twilio_emulator.core.memory.stores import (
    FIRST_STORE,
    AddMemoryStore,
    PatchMemoryStore,
    RemoveMemoryStore,
)
from twilio_emulator.core.orchestrator.resources import ConversationConfigurations


def add(world: World, name: str, description: str | None = None) -> str:
    wish = AddMemoryStore(account=ACCOUNT, display_name=name, description=description)
    return world.perform(wish).result


def test_every_account_begins_with_a_store(world: World) -> None:
    store = stores.first_store(world, ACCOUNT)
    assert store is not None
    assert (store.sid, store.display_name, store.version) == (FIRST_STORE, "default", 1)
    assert store.identity.matching_rules == ("email", "whatsapp", "phone", "chat")
    assert [group.display_name for group in store.trait_groups] == ["Contact"]


def test_a_subaccount_has_another(world: World) -> None:
    drawn = world.sids.drawn
    account = world.perform(AddSubaccount(account=ACCOUNT, friendly_name="part"))
    store = stores.first_store(world, account.sid)
    assert store is not None
    assert store.sid != FIRST_STORE
    assert store.sid.startswith("mem_store_0")
    with pytest.raises(Refused):
        stores.fetch_memory_store(world, account=ACCOUNT, store=store.sid)
    assert world.sids.drawn > drawn


def test_an_account_may_begin_with_another(empty_world: World) -> None:
    empty_world.perform(OpenAccount(memory_store_sid=NOWHERE))
    store = stores.first_store(empty_world, ACCOUNT)
    assert store is not None
    assert store.sid == NOWHERE
    (configuration,) = empty_world[ConversationConfigurations]
    assert configuration.settings.memory_store_id == NOWHERE


def test_a_store_is_opened_changed_and_closed(world: World, told: Told) -> None:
    sid = add(world, "second", "for tests")
    store = stores.fetch_memory_store(world, account=ACCOUNT, store=sid)
    assert (store.display_name, store.description, store.version) == ("second", "for tests", 1)

    done = world.perform(PatchMemoryStore(account=ACCOUNT, store=sid, display_name="third"))
    store = stores.fetch_memory_store(world, account=ACCOUNT, store=sid)
    assert (store.display_name, store.description, store.version) == ("third", "for tests", 2)
    assert done.place == f"/ControlPlane/Stores/{sid}"

    world.perform(PatchMemoryStore(account=ACCOUNT, store=sid, description="another"))
    assert world[MemoryStores][sid].description == "another"

    done = world.perform(RemoveMemoryStore(account=ACCOUNT, store=sid))
    assert (done.result, done.place) == (sid, None)
    assert told.of(MemoryStoreChanged)[-1].store is None
    assert refused(world, RemoveMemoryStore(account=ACCOUNT, store=sid)) == 20404


def test_what_came_of_it_can_be_asked_for(world: World) -> None:
    done = world.perform(AddMemoryStore(account=ACCOUNT, display_name="second"))
    found = operations.fetch_memory_operation(world, account=ACCOUNT, operation=done.sid)
    assert (found.status, found.result) == ("COMPLETED", done.result)
    assert found.sid.startswith("proc_job_0")
    for account, operation in (("AC" + "f" * 32, done.sid), (ACCOUNT, "proc_job_0")):
        with pytest.raises(Refused):
            operations.fetch_memory_operation(world, account=account, operation=operation)


def test_everything_in_a_store_goes_with_it(world: World) -> None:
    profile = somebody(world, phone="+12025550199")
    noted = ObservationData(content="likes tea", source="test", occurred_at=world.now)
    world.perform(AddObservations(**HERE, profile=profile.sid, observations=(noted,)))
    world.perform(RemoveMemoryStore(**HERE))
    for table in (MemoryProfiles, ProfileIdentifiers, Observations, ObservationRevisions):
        assert len(world[table]) == 0
    assert stores.first_store(world, ACCOUNT) is None


@pytest.mark.parametrize("name", ["", "two words", "under_score", "x" * 65, "default"])
def test_a_name_is_of_letters_digits_and_dashes_and_unique(world: World, name: str) -> None:
    assert refused(world, AddMemoryStore(account=ACCOUNT, display_name=name)) == 400
    sid = add(world, "second")
    assert refused(world, PatchMemoryStore(account=ACCOUNT, store=sid, display_name=name)) == 400


@pytest.mark.parametrize("description", ["", "x" * 129])
def test_a_description_is_not_empty_and_not_long(world: World, description: str) -> None:
    wish = AddMemoryStore(account=ACCOUNT, display_name="second", description=description)
    assert refused(world, wish) == 400


def test_a_store_may_keep_its_name(world: World) -> None:
    world.perform(PatchMemoryStore(**HERE, display_name="default"))
    assert world[MemoryStores][FIRST_STORE].version == 2


def test_there_are_fifteen_at_most(world: World) -> None:
    for number in range(14):
        add(world, f"store-{number}")
    assert refused(world, AddMemoryStore(account=ACCOUNT, display_name="more")) == 400


@pytest.mark.parametrize("tag", ['"1"', "1", 'W/"1"', "*", '"7", "1"'])
def test_a_change_may_say_of_which_version(world: World, tag: str) -> None:
    world.perform(PatchMemoryStore(**HERE, description="new", if_match=tag))


def test_a_change_of_an_earlier_version_is_refused(world: World) -> None:
    world.perform(PatchMemoryStore(**HERE, description="new"))
    assert refused(world, PatchMemoryStore(**HERE, description="newer", if_match='"1"')) == 20412


def test_they_are_listed_newest_first_or_last(world: World) -> None:
    sid = add(world, "second")
    find = stores.list_memory_stores
    assert [each.sid for each in find(world, account=ACCOUNT)] == [sid, FIRST_STORE]
    assert [each.sid for each in find(world, account=ACCOUNT, order_by="ASC")] == [FIRST_STORE, sid]
    with pytest.raises(Refused):
        find(world, account=ACCOUNT, order_by="UP")


def test_another_store_is_not_found(world: World) -> None:
    assert refused(world, PatchMemoryStore(account=ACCOUNT, store=NOWHERE)) == 20404
