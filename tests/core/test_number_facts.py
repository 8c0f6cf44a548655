from datetime import timedelta

import pytest

from tests.core.conftest import ANN, START
from twilio_emulator.core.carrier.handset_commands import ChangeHandset, UpsertHandset
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.handsets import Handsets, Phone
from twilio_emulator.core.phones.number_facts import CallerType, LineStatus, NumberOwner

DAY = timedelta(days=1)


@pytest.fixture
def ann(world: World) -> Phone:
    return world.perform(UpsertHandset(address=ANN))


def test_nothing_is_known_of_a_new_phone(ann: Phone) -> None:
    assert (ann.sim_swapped, ann.reassigned, ann.person, ann.caller_name) == (None,) * 4
    assert (ann.call_forwarding, ann.line_status) == (False, LineStatus.AUTO)
    assert ann.caller_type is CallerType.CONSUMER


@pytest.mark.parametrize(
    ("said", "ago"),
    [
        ("yesterday", DAY),
        ("Yesterday", DAY),
        ("now", DAY * 0),
        ("PT36H", DAY * 1.5),
        ("2026-01-02T09:00:00Z", DAY * 3),
        ("2026-01-05", DAY * 0.375),
    ],
)
def test_a_moment_is_said_in_many_ways(world: World, ann: Phone, said: str, ago: timedelta) -> None:
    changed = world.perform(ChangeHandset(address=ANN, sim_swapped=said, reassigned=said))
    assert changed.sim_swapped == START - ago
    assert changed.reassigned is not None
    assert changed.reassigned.startswith(f"{START - ago:%Y-%m-%dT%H:%M}")


def test_what_never_was_is_taken_back(world: World, ann: Phone) -> None:
    world.perform(ChangeHandset(address=ANN, sim_swapped="now", reassigned="now"))
    changed = world.perform(ChangeHandset(address=ANN, sim_swapped="never", reassigned="never"))
    assert (changed.sim_swapped, changed.reassigned) == (None, "never")


@pytest.mark.parametrize("said", ["soon", "", "P", "2026-01-06T09:00:00Z", "P99999999D"])
@pytest.mark.parametrize("name", ["sim_swapped", "reassigned"])
def test_no_other_moment_is_taken(world: World, ann: Phone, name: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        world.perform(ChangeHandset(address=ANN, **{name: said}))
    assert refused.value.code == 20001
    assert name in refused.value.message
    assert world[Handsets][ANN] == ann


def test_a_person_is_said_whole(world: World, ann: Phone) -> None:
    said = {"first_name": "Ann", "postal_code": "94105"}
    changed = world.perform(ChangeHandset(address=ANN, person=said))
    assert changed.person == NumberOwner(first_name="Ann", postal_code="94105")
    assert world.perform(ChangeHandset(address=ANN, person={})).person is None


def test_what_no_person_has_is_refused(world: World, ann: Phone) -> None:
    with pytest.raises(Refused) as refused:
        world.perform(ChangeHandset(address=ANN, person={"firstname": "Ann"}))
    assert "did you mean first_name" in refused.value.message
