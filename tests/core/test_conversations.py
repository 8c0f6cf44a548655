from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from twilio_emulator.core.conversations import conversations
from twilio_emulator.core.conversations.conversations import (
    AddConversation,
    ConversationAdded,
    ConversationRemoved,
    ConversationUpdated,
    RemoveConversation,
    UpdateConversation,
)
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.participants import AddParticipant
from twilio_emulator.core.conversations.resources import (
    AccountConfigurations,
    Conversation,
    Conversations,
    Messages,
    Participants,
    Receipts,
    State,
)
from twilio_emulator.core.conversations.services import AddService
from twilio_emulator.core.conversations.states import ConversationStateUpdated, Reason
from twilio_emulator.core.conversations.users import AddUser
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import Origin, Source, World
from twilio_emulator.core.senders.resources import MessagingServices

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
SERVICE = "IS00000000000000000000000000000001"
MESSAGING_SERVICE = "MG00000000000000000000000000000001"

Advance = Callable[..., None]


def add(world: World, **asked: str) -> Conversation:
    made = world.perform(AddConversation(service=asked.pop("service", SERVICE), **asked))
    assert isinstance(made, Conversation)
    return made


def update(world: World, conversation: Conversation, **asked: str) -> Conversation:
    changed = world.perform(
        UpdateConversation(service=SERVICE, conversation=conversation.sid, **asked)
    )
    assert isinstance(changed, Conversation)
    return changed


def refusal(world: World, command: object) -> int:
    """The code that a command is refused with, once it is known that it changed nothing."""
    before = world.snapshot()
    with pytest.raises(Refused) as refused:
        world.perform(command)  # type: ignore[arg-type]
    assert world.snapshot() == before
    return refused.value.code


def test_a_bare_conversation(world: World, told: list[object]) -> None:
    made = add(world)
    assert made == Conversation(
        sid=made.sid,
        account_sid=world.account_sid,
        service_sid=SERVICE,
        messaging_service_sid=MESSAGING_SERVICE,
        date_created=START,
        date_updated=START,
        date_state=START,
        serial=made.serial,
        activity=made.serial,
    )
    assert told == [ConversationAdded(conversation=made)]


def test_everything_that_may_be_asked_for(world: World) -> None:
    world.perform(AddUser(service=SERVICE, identity="alice"))
    made = world.perform(
        AddConversation(
            service=SERVICE,
            friendly_name="Support",
            unique_name="ticket-1",
            date_created="2020-01-01T00:00:00Z",
            date_updated="2021-01-01T00:00:00Z",
            messaging_service_sid=MESSAGING_SERVICE,
            attributes='{ "a" : 1 }',
            state="Inactive",
            timers_inactive="PT1M",
            timers_closed="PT10M",
            bindings_email_address="help@example.com",
            bindings_email_name="Help",
        ),
        Origin(source=Source.SDK, identity="alice"),
    )
    assert made == replace(
        made,
        friendly_name="Support",
        unique_name="ticket-1",
        date_created=datetime(2020, 1, 1, tzinfo=UTC),
        date_updated=datetime(2021, 1, 1, tzinfo=UTC),
        messaging_service_sid=MESSAGING_SERVICE,
        attributes='{ "a" : 1 }',
        state=State.INACTIVE,
        created_by="alice",
        inactive_after=60,
        closed_after=600,
        date_inactive=None,
        date_closed=START + timedelta(minutes=10),
        email_address="help@example.com",
        email_name="Help",
    )


def test_a_history_that_is_imported_was_not_updated_later(world: World) -> None:
    made = add(world, date_created="2020-01-01T00:00:00Z")
    assert made.date_updated == made.date_created == datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"service": "IS" + "9" * 32}, 20404),
        ({"friendly_name": "x" * 257}, 50003),
        ({"unique_name": "x" * 257}, 50004),
        ({"unique_name": "CH" + "0" * 32}, 50390),
        ({"attributes": "{bad"}, 50304),
        ({"attributes": '"' + "x" * 16_383 + '"'}, 50303),
        ({"state": ""}, 50374),
        ({"state": "initializing"}, 50378),
        ({"state": "closed"}, 50384),
        ({"timers_inactive": "PT30S"}, 50375),
        ({"timers_closed": "PT5M30S"}, 50376),
        ({"timers_inactive": "1 minute"}, 50379),
        ({"timers_closed": "P"}, 50380),
        ({"date_created": "yesterday"}, 50308),
        ({"date_updated": "today"}, 50309),
        ({"messaging_service_sid": ""}, 50340),
        ({"messaging_service_sid": "MG1"}, 50341),
        ({"messaging_service_sid": "MG" + "9" * 32}, 50342),
    ],
)
def test_what_cannot_be_created(world: World, asked: dict[str, str], code: int) -> None:
    assert refusal(world, AddConversation(**{"service": SERVICE} | asked)) == code


def test_a_messaging_service_of_another_account_is_foreign(world: World) -> None:
    service = world[MessagingServices][MESSAGING_SERVICE]
    world[MessagingServices].put(replace(service, account_sid="AC" + "2" * 32))
    assert (
        refusal(world, AddConversation(service=SERVICE, messaging_service_sid=MESSAGING_SERVICE))
        == 50342
    )


def test_unique_names_are_unique_in_a_service(world: World) -> None:
    other = world.perform(AddService(account=world.account_sid, friendly_name="Other"))
    first = add(world, unique_name="ticket")
    second = add(world, service=other.sid, unique_name="ticket")
    assert refusal(world, AddConversation(service=SERVICE, unique_name="ticket")) == 50353
    assert conversations.find(world, SERVICE, "ticket") is first
    assert conversations.find(world, other.sid, "ticket") is second
    update(world, first, state="closed")
    assert refusal(world, AddConversation(service=SERVICE, unique_name="ticket")) == 50353
    world.perform(RemoveConversation(service=SERVICE, conversation="ticket"))
    add(world, unique_name="ticket")


def test_conversations_of_another_service_are_not_found(world: World) -> None:
    other = world.perform(AddService(account=world.account_sid, friendly_name="Other"))
    made = add(world, service=other.sid)
    with pytest.raises(Refused, match="20404"):
        conversations.fetch_conversation(world, service=SERVICE, conversation=made.sid)


def test_an_update_changes_what_was_given_and_clears_what_was_given_empty(
    world: World, told: list[object], advance: Advance
) -> None:
    made = add(world, friendly_name="Old", unique_name="old", attributes='{"a":1}')
    told.clear()
    advance(seconds=5)
    same = update(world, made)
    assert same == replace(made, date_updated=START + timedelta(seconds=5))
    changed = update(
        world,
        made,
        friendly_name="New",
        unique_name="new",
        attributes="[]",
        messaging_service_sid="",
        bindings_email_address="help@example.com",
        bindings_email_name="Help",
        date_created="2020-01-01T00:00:00Z",
        date_updated="2020-01-02T00:00:00Z",
    )
    assert changed == replace(
        made,
        friendly_name="New",
        unique_name="new",
        attributes="[]",
        messaging_service_sid=None,
        email_address="help@example.com",
        email_name="Help",
        date_created=datetime(2020, 1, 1, tzinfo=UTC),
        date_updated=datetime(2020, 1, 2, tzinfo=UTC),
    )
    cleared = update(
        world,
        made,
        friendly_name="",
        unique_name="",
        messaging_service_sid=MESSAGING_SERVICE,
        bindings_email_address="",
        bindings_email_name="",
    )
    assert (cleared.friendly_name, cleared.unique_name, cleared.email_address) == (None,) * 3
    assert cleared.messaging_service_sid == MESSAGING_SERVICE
    assert told == [
        ConversationUpdated(conversation=same, before=made),
        ConversationUpdated(conversation=changed, before=same),
        ConversationUpdated(conversation=cleared, before=changed),
    ]


def test_a_conversation_keeps_its_own_unique_name(world: World) -> None:
    made = add(world, unique_name="mine")
    assert update(world, made, unique_name="mine").unique_name == "mine"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"attributes": ""}, 50304),
        ({"state": ""}, 50374),
        ({"timers_closed": "PT1M"}, 50376),
        ({"unique_name": "taken"}, 50353),
        ({"date_created": ""}, 50308),
    ],
)
def test_what_cannot_be_updated(world: World, asked: dict[str, str], code: int) -> None:
    add(world, unique_name="taken")
    made = add(world)
    command = UpdateConversation(service=SERVICE, conversation=made.sid, **asked)
    assert refusal(world, command) == code


def test_idle_conversations_become_inactive_then_closed(
    world: World, told: list[object], advance: Advance
) -> None:
    made = add(world, timers_inactive="PT1M", timers_closed="PT10M")
    assert made.date_inactive == START + timedelta(minutes=1)
    assert made.date_closed == START + timedelta(minutes=10)
    told.clear()
    advance(seconds=61)
    inactive = world[Conversations][made.sid]
    assert (inactive.state, inactive.date_inactive) == (State.INACTIVE, None)
    assert inactive.date_closed == made.date_closed
    assert inactive.date_state == inactive.date_updated == START + timedelta(minutes=1)
    advance(minutes=9)
    closed = world[Conversations][made.sid]
    assert (closed.state, closed.date_inactive, closed.date_closed) == (State.CLOSED, None, None)
    assert told == [
        ConversationStateUpdated(
            conversation=inactive, state_from=State.ACTIVE, reason=Reason.TIMER
        ),
        ConversationStateUpdated(
            conversation=closed, state_from=State.INACTIVE, reason=Reason.TIMER
        ),
    ]


def test_a_message_revives_and_restarts(world: World, told: list[object], advance: Advance) -> None:
    made = add(world, timers_inactive="PT1M", timers_closed="PT10M")
    advance(minutes=5)
    told.clear()
    world.perform(PostMessage(service=SERVICE, conversation=made.sid, body="Still there?"))
    revived = world[Conversations][made.sid]
    assert revived.state is State.ACTIVE
    assert revived.date_inactive == START + timedelta(minutes=6)
    assert revived.date_closed == START + timedelta(minutes=15)
    assert isinstance(told[0], ConversationStateUpdated)
    assert (told[0].state_from, told[0].reason) == (State.INACTIVE, Reason.EVENT)
    advance(seconds=30)
    world.perform(PostMessage(service=SERVICE, conversation=made.sid, body="Hello?"))
    advance(seconds=59)
    assert world[Conversations][made.sid].state is State.ACTIVE
    advance(seconds=1)
    assert world[Conversations][made.sid].state is State.INACTIVE


def test_the_closed_timer_alone_closes_directly(
    world: World, told: list[object], advance: Advance
) -> None:
    made = add(world, timers_closed="PT10M")
    told.clear()
    advance(seconds=601)
    closed = world[Conversations][made.sid]
    assert told == [
        ConversationStateUpdated(conversation=closed, state_from=State.ACTIVE, reason=Reason.TIMER)
    ]


def test_states_change_by_request(world: World, told: list[object], advance: Advance) -> None:
    made = add(world, timers_inactive="PT1M")
    told.clear()
    advance(seconds=10)
    inactive = update(world, made, state="inactive")
    assert (inactive.state, inactive.date_inactive) == (State.INACTIVE, None)
    active = update(world, made, state="ACTIVE")
    assert active.date_inactive == START + timedelta(seconds=70)
    advance(seconds=10)
    assert update(world, made, state="active").date_inactive == START + timedelta(seconds=80)
    closed = update(world, made, state="closed")
    assert closed.date_inactive is None
    assert [
        (event.state_from, event.conversation.state, event.reason)
        for event in told
        if isinstance(event, ConversationStateUpdated)
    ] == [
        (State.ACTIVE, State.INACTIVE, Reason.API),
        (State.INACTIVE, State.ACTIVE, Reason.API),
        (State.ACTIVE, State.CLOSED, Reason.API),
    ]
    (updated,) = [event for event in told if isinstance(event, ConversationUpdated)]
    assert updated.conversation.date_inactive == START + timedelta(seconds=80)


def test_state_and_name_in_one_update_are_two_events(world: World, told: list[object]) -> None:
    made = add(world)
    told.clear()
    after = update(world, made, state="inactive", friendly_name="Idle")
    assert told == [
        ConversationStateUpdated(
            conversation=after, state_from=State.ACTIVE, reason=Reason.API, besides=True
        ),
        ConversationUpdated(conversation=after, before=made),
    ]


def test_timers_are_set_anew_and_removed_by_update(world: World, advance: Advance) -> None:
    made = add(world)
    advance(minutes=1)
    timed = update(world, made, timers_inactive="PT2M", timers_closed="PT20M")
    assert timed.date_inactive == START + timedelta(minutes=3)
    assert timed.date_closed == START + timedelta(minutes=21)
    half = update(world, made, timers_inactive="PT0S")
    assert (half.inactive_after, half.date_inactive) == (None, None)
    assert half.date_closed == START + timedelta(minutes=21)
    none = update(world, made, timers_closed="")
    assert (none.closed_after, none.date_closed) == (None, None)
    advance(days=1)
    assert world[Conversations][made.sid].state is State.ACTIVE


def test_account_defaults_give_timers_to_new_conversations(world: World) -> None:
    defaults = world[AccountConfigurations][world.account_sid]
    old = add(world)
    world[AccountConfigurations].put(
        replace(defaults, default_inactive_timer=60, default_closed_timer=600)
    )
    made = add(world)
    assert made.date_inactive == START + timedelta(minutes=1)
    assert made.date_closed == START + timedelta(minutes=10)
    own = add(world, timers_inactive="PT5M", timers_closed="PT0S")
    assert (own.date_inactive, own.date_closed) == (START + timedelta(minutes=5), None)
    assert world[Conversations][old.sid].date_inactive is None


def test_a_closed_conversation_is_read_only_for_ever(world: World) -> None:
    made = add(world)
    update(world, made, state="closed")
    for state in ("active", "inactive", "closed"):
        command = UpdateConversation(service=SERVICE, conversation=made.sid, state=state)
        assert refusal(world, command) == 50377
    assert conversations.find(world, SERVICE, made.sid).state is State.CLOSED


def test_a_conversation_being_assembled_is_not_writable(world: World) -> None:
    made = add(world)
    world[Conversations].put(replace(made, state=State.INITIALIZING))
    assert refusal(world, PostMessage(service=SERVICE, conversation=made.sid, body="x")) == 50386


def test_removing_takes_everything_along(world: World, told: list[object]) -> None:
    made = add(world, timers_inactive="PT1M")
    world.perform(
        AddParticipant(
            service=SERVICE,
            conversation=made.sid,
            messaging_binding_address="+12025550199",
            messaging_binding_proxy_address="+12025550100",
        )
    )
    world.perform(PostMessage(service=SERVICE, conversation=made.sid, body="Hello"))
    told.clear()
    command = RemoveConversation(service=SERVICE, conversation=made.sid)
    last = command.check(world)
    world.perform(command)
    assert told == [ConversationRemoved(conversation=last)]
    for table in (world[Conversations], world[Participants], world[Messages], world[Receipts]):
        assert len(table) == 0
    assert refusal(world, command) == 20404


def listed(world: World, **filters: str) -> list[str | None]:
    rows = conversations.list_conversations(world, service=SERVICE, **filters)
    return [each.friendly_name for each in rows]


def test_the_list_shows_the_liveliest_first(world: World) -> None:
    first = add(world, friendly_name="first")
    add(world, friendly_name="second")
    assert listed(world) == ["second", "first"]
    world.perform(PostMessage(service=SERVICE, conversation=first.sid, body="Hello"))
    assert listed(world) == ["first", "second"]


def test_the_list_is_filtered(world: World) -> None:
    for day in ("01", "02", "03"):
        add(world, friendly_name=day, date_created=f"2020-01-{day}T12:00:00.500Z")
    update(
        world, conversations.find(world, SERVICE, add(world, unique_name="x").sid), state="closed"
    )
    assert listed(world, state="closed") == [None]
    assert listed(world, end_date="2020-01-02T12:00:00Z") == ["02", "01"]
    assert listed(world, end_date="9999-12-31T23:59:59Z") == listed(world)
    assert listed(
        world, start_date="2020-01-02T00:00:00Z", end_date="2020-01-03T23:59:59Z", state="active"
    ) == ["03", "02"]
    assert listed(world, start_date="2020-01-02") == [None, "03", "02"]
    assert listed(world, state="active") == ["03", "02", "01"]
    for wrong in ({"state": "open"}, {"start_date": "x"}, {"end_date": "x"}):
        with pytest.raises(Refused):
            listed(world, **wrong)
    with pytest.raises(Refused, match="20404"):
        conversations.list_conversations(world, service="IS" + "9" * 32)
