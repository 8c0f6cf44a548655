"""Documents: values, revisions, ends, and who may not."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.core.conftest import ACCOUNT, Told
from tests.core.sync.conftest import Act
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync import documents, objects
from twilio_emulator.core.sync.documents import (
    AddSyncDocument,
    RemoveSyncDocument,
    UpdateSyncDocument,
)
from twilio_emulator.core.sync.maps import (
    AddSyncMap,
    AddSyncMapItem,
    PutSyncMapItem,
    UpdateSyncMapItem,
)
from twilio_emulator.core.sync.resources import (
    BY_EXPIRY,
    BY_REST,
    SyncActor,
    SyncDocumentUpdated,
    SyncDoor,
    SyncKind,
    SyncResource,
    SyncResourceCreated,
    SyncResourceRemoved,
)

ALICE = SyncActor(door=SyncDoor.CLIENT, identity="alice", endpoint="endpoint")


def refusal(act: Act, *args: object, **said: object) -> int:
    with pytest.raises(Refused) as refused:
        act(*args, **said)
    return refused.value.code


def fetch(world: World, said: str) -> SyncResource:
    return documents.fetch_sync_document(world, account=ACCOUNT, service="default", resource=said)


def test_one_begins_empty_at_revision_0(world: World, rest: Act, told: Told) -> None:
    made = rest(AddSyncDocument)
    assert (made.sid[:2], made.unique_name, made.data, made.revision) == ("ET", None, "{}", "0")
    assert (made.created_by, made.date_expires) == ("system", None)
    assert told == [SyncResourceCreated(resource=made, by=BY_REST)]
    assert fetch(world, made.sid) is made


def test_each_change_has_the_next_revision_in_hexadecimal(rest: Act, told: Told) -> None:
    made = rest(AddSyncDocument, unique_name="cart", data='{"a": [1.0, 9007199254740993], "": {}}')
    assert made.data == '{"a":[1.0,9007199254740993],"":{}}'
    for _ in range(16):
        changed = rest(UpdateSyncDocument, "cart", data='{"a": 1}')
    assert (changed.revision, changed.data) == ("10", '{"a":1}')
    assert told.of(SyncDocumentUpdated)[-1] == SyncDocumentUpdated(resource=changed, by=BY_REST)


def test_a_change_of_its_end_is_one_of_the_document(world: World, rest: Act) -> None:
    rest(AddSyncDocument, unique_name="cart", data='{"a":1}', ttl="10")
    assert fetch(world, "cart").date_expires == world.now + timedelta(seconds=10)
    changed = rest(UpdateSyncDocument, "cart", data='{"a":2}')
    assert changed.date_expires is not None  # an update without one keeps it
    changed = rest(UpdateSyncDocument, "cart", ttl="0")
    assert (changed.date_expires, changed.data, changed.revision) == (None, '{"a":2}', "2")


def test_it_is_gone_when_its_time_is_over(
    world: World, rest: Act, told: Told, advance: Callable[..., None]
) -> None:
    rest(AddSyncDocument, unique_name="cart", ttl="10")
    advance(seconds=9)
    rest(UpdateSyncDocument, "cart", ttl="2")
    advance(seconds=1.999)
    fetch(world, "cart")
    advance(milliseconds=1)
    assert refusal(lambda: fetch(world, "cart")) == 20404
    (removed,) = told.of(SyncResourceRemoved)
    assert (removed.by, removed.resource.last_event_id) == (BY_EXPIRY, 2)
    assert rest(AddSyncDocument, unique_name="cart").revision == "0"


def test_nobody_sees_what_is_due(world: World, rest: Act) -> None:
    made = rest(AddSyncDocument, unique_name="cart", ttl="10")
    world.clock.set(world.clock.now() + timedelta(seconds=10))
    assert refusal(lambda: fetch(world, made.sid)) == 20404
    assert list(documents.list_sync_documents(world, account=ACCOUNT, service="default")) == []


def test_a_command_finds_what_was_there_at_its_own_time(world: World, rest: Act) -> None:
    """As when a journal is replayed, which is later than all that is in it."""
    rest(AddSyncDocument, unique_name="cart", ttl="10")
    rest(AddSyncMap, unique_name="m")
    rest(AddSyncMapItem, "m", key="a", data="{}", ttl="10")
    then = world.now
    world.clock.set(then + timedelta(hours=1))
    where = {"account": ACCOUNT, "service": "default"}
    for wish in (
        UpdateSyncDocument(resource="cart", data='{"a":1}', **where),
        UpdateSyncMapItem(resource="m", key="a", data='{"a":1}', **where),
        PutSyncMapItem(resource="m", key="a", data='{"a":2}', **where),
    ):
        world.perform(wish, at=then)
    taken = AddSyncDocument(unique_name="cart", **where)
    assert refusal(lambda: world.perform(taken, at=then)) == 54301
    world.perform(taken, at=then + timedelta(seconds=10))


def test_a_timer_that_comes_too_early_or_too_late_does_nothing(world: World, rest: Act) -> None:
    made = rest(AddSyncDocument, ttl="10")
    world.perform(objects.ExpireSyncResource(resource=made.sid))
    assert fetch(world, made.sid) is made
    world.perform(objects.ExpireSyncResource(resource="ET"))


def test_who_has_seen_another_revision_is_refused(rest: Act) -> None:
    rest(AddSyncDocument, unique_name="cart")
    for matching, revision in (("0", "1"), ('"1"', "2")):
        changed = rest(UpdateSyncDocument, "cart", data="{}", if_match=matching)
        assert changed.revision == revision
    assert refusal(rest, UpdateSyncDocument, "cart", data="{}", if_match="1") == 54103
    for malformed in ("", '"2', "x", "*", "-2"):
        assert refusal(rest, UpdateSyncDocument, "cart", data="{}", if_match=malformed) == 54003


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, 54010),
        ({"data": "[1]"}, 54008),
        ({"data": '"x"'}, 54008),
        ({"data": "{"}, 54008),
        ({"data": ""}, 54008),
        ({"data": '{"a":NaN}'}, 54008),
        ({"data": '{"a":1e999}'}, 54008),
        ({"data": '{"a":"\\ud800"}'}, 54008),
        ({"data": '{"a":' * 100_000}, 54008),
        ({"data": '{"a":' * 257 + "1" + "}" * 257}, 54008),
        ({"data": '{"a":' * 255 + "[1]" + "}" * 255}, None),
        ({"data": '{"a":' + "[" * 256 + "]" * 256 + "}"}, 54008),
        ({"data": '{"a":[' + "[{}]," * 300 + "1]}"}, None),
        ({"data": '{"a":"' + "x" * 16376 + '"}'}, None),
        ({"data": '{"a":"' + "x" * 16377 + '"}'}, 54006),
        ({"data": '{"a":"' + "ü" * 8189 + '"}'}, 54006),
        ({"ttl": "-1"}, 54011),
        ({"ttl": "31536001"}, 54011),
        ({"ttl": "31536000"}, None),
        ({"ttl": "1.5"}, 54011),
        ({"ttl": ""}, 54011),
        ({"ttl": "٣"}, 54011),
        ({"ttl": "9" * 5000}, 54011),
    ],
    ids=range(23),
)
def test_what_cannot_be_changes_nothing(
    world: World, rest: Act, said: dict[str, str], code: int | None
) -> None:
    before = rest(AddSyncDocument, unique_name="cart")
    if code is None:
        assert rest(UpdateSyncDocument, "cart", **said).revision == "1"
        return
    assert refusal(rest, UpdateSyncDocument, "cart", **said) == code
    assert fetch(world, "cart") == before


@pytest.mark.parametrize("name", ["", "x" * 321, f"ET{'0' * 32}", f"XX{'f' * 32}"])
def test_names_that_cannot_be(rest: Act, name: str) -> None:
    with pytest.raises(Refused) as refused:
        rest(AddSyncDocument, unique_name=name)
    assert (refused.value.code, refused.value.message) == (
        54302,
        (
            "Invalid unique name. Expected a string with length 1-320 not matching the SID "
            "pattern [A-Z]{2}[a-f0-9]{32}"
        ),
    )


def test_a_name_is_one_documents_alone_until_that_is_gone(world: World, rest: Act) -> None:
    made = rest(AddSyncDocument, unique_name="x" * 320)
    assert refusal(rest, AddSyncDocument, unique_name="x" * 320) == 54301
    gone = rest(RemoveSyncDocument, made.sid)
    assert gone.last_event_id == 1
    assert rest(AddSyncDocument, unique_name="x" * 320).sid != made.sid


def test_what_is_not_there_each_door_says_in_its_way(world: World, rest: Act, client: Act) -> None:
    for act, by_name, by_sid in ((rest, 20404, 20404), (client, 54300, 54100)):
        assert refusal(act, UpdateSyncDocument, "cart", data="{}") == by_name
        assert refusal(act, RemoveSyncDocument, f"ET{'0' * 32}") == by_sid
        assert refusal(act, RemoveSyncDocument, f"MP{'0' * 32}") == by_sid
    assert refusal(rest, AddSyncDocument, service=f"IS{'0' * 32}") == 20404


def test_a_client_changes_it_under_its_own_name(world: World, client: Act, told: Told) -> None:
    made = client(AddSyncDocument, unique_name="cart", data='{"a":1}')
    assert made.created_by == "alice"
    client(UpdateSyncDocument, "cart", data="{}")
    client(RemoveSyncDocument, "cart")
    assert [getattr(event, "by", None) for event in told] == [ALICE] * 3


def test_a_client_opens_it(world: World, rest: Act) -> None:
    made = rest(AddSyncDocument, unique_name="cart")
    where = {"service": made.service_sid, "kind": SyncKind.DOCUMENT, "identity": "alice"}
    assert objects.open_resource(world, said="cart", **where) is made
    assert refusal(objects.open_resource, world, said="cup", **where) == 54300
    where["service"] = f"IS{'a' * 32}"
    assert refusal(objects.open_resource, world, said=made.sid, **where) == 54100
