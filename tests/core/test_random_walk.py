"""A walk of random commands through one world, and what must hold wherever it leads."""

import itertools
import json
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.core.conftest import ACCOUNT, START, PlainNumbering
from tests.core.copies import gathered
from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.core.conversations.conversations import (
    AddConversation,
    RemoveConversation,
    UpdateConversation,
)
from twilio_emulator.core.conversations.messages import EditMessage, PostMessage, RemoveMessage
from twilio_emulator.core.conversations.participants import (
    AddParticipant,
    RemoveParticipant,
    UpdateParticipant,
)
from twilio_emulator.core.conversations.removal import RemoveService
from twilio_emulator.core.conversations.resources import (
    Conversations,
    Messages,
    Participants,
    Receipts,
    Roles,
    Services,
    State,
    Users,
)
from twilio_emulator.core.conversations.services import AddService
from twilio_emulator.core.kernel.clock import Clock
from twilio_emulator.core.kernel.copying import Copying
from twilio_emulator.core.kernel.journal import Written, replay
from twilio_emulator.core.kernel.move_clock import MoveClock
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import LOUD, Command, Origin, Source, World
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.phones.handsets import Handsets
from twilio_emulator.core.phones.inbox import InboxItems
from twilio_emulator.core.texts.text import Texts
from twilio_emulator.core.wings import new_world, read_line

PHONES = ("+12025550190", "+12025550191", "whatsapp:+4915200000001")
NUMBERS = ("+12025550100", "+12025550101", "whatsapp:+14155238886")
NAMES = ("alice", "bob", "carol")

picks = st.integers(0, 1000)
phones = st.sampled_from(PHONES)
numbers = st.sampled_from(NUMBERS)
names = st.sampled_from(NAMES)
maybe_names = st.none() | names
states = st.sampled_from(["active", "inactive", "closed", "open"])
timers = st.none() | st.sampled_from(["PT1M", "PT10M", "PT1H", "PT1S", ""])
attributes = st.none() | st.sampled_from(["{}", '{ "a" : 1 }', "[]", "{bad"])
origins = st.sampled_from([LOUD, Origin(source=Source.SDK, identity="alice")])


def fresh_world() -> World:
    return new_world(ACCOUNT, 7, Clock(lambda: 0.0, START, rate=0), PlainNumbering())


class Walk(RuleBasedStateMachine):
    """Every rule is a command; a refused one must leave no trace, and a copy that goes on
    meanwhile shows none of it."""

    def __init__(self) -> None:
        super().__init__()
        self.world = fresh_world()
        self.copying = Copying(self.world)
        self.journal: list[Written] = []
        self.highest: dict[str, int] = {}

    @initialize()
    def open(self) -> None:
        self.do(OpenAccount())

    def do(self, command: Command, origin: Origin = LOUD) -> None:
        world = self.world
        world.catch_up(world.clock.now())
        world.now = max(world.now, world.clock.now())
        snapshot = world.snapshot()
        before = json.dumps(snapshot)
        shown, rows = self.copying.copy()
        self.journal.append(Written(world.clock.now(), origin, command))
        try:
            world.perform(command, origin)
        except Refused:
            assert json.dumps(world.snapshot()) == before
        assert gathered(shown, rows) == snapshot

    def some(self, table: Table[Any], pick: int) -> str:
        """The sid of something there is; what there is not is asked for too."""
        sids = [kept.sid for kept in table]
        return sids[pick % len(sids)] if sids else "CH" + "9" * 32

    def in_conversation(self, pick: int) -> dict[str, str]:
        sid = self.some(self.world[Conversations], pick)
        found = self.world[Conversations].get(sid)
        service = found.service_sid if found else self.some(self.world[Services], pick)
        return {"service": service, "conversation": sid}

    @rule(pick=picks, name=maybe_names, inactive=timers, closed=timers, attributes=attributes)
    def add_conversation(
        self,
        pick: int,
        name: str | None,
        inactive: str | None,
        closed: str | None,
        attributes: str | None,
    ) -> None:
        self.do(
            AddConversation(
                service=self.some(self.world[Services], pick),
                unique_name=name,
                timers_inactive=inactive,
                timers_closed=closed,
                attributes=attributes,
            )
        )

    @rule(pick=picks, state=st.none() | states, name=maybe_names, inactive=timers)
    def update_conversation(
        self, pick: int, state: str | None, name: str | None, inactive: str | None
    ) -> None:
        self.do(
            UpdateConversation(
                **self.in_conversation(pick),
                state=state,
                unique_name=name,
                timers_inactive=inactive,
            )
        )

    @rule(pick=picks)
    def remove_conversation(self, pick: int) -> None:
        self.do(RemoveConversation(**self.in_conversation(pick)))

    @rule(pick=picks, name=names, attributes=attributes, origin=origins)
    def add_chat_participant(
        self, pick: int, name: str, attributes: str | None, origin: Origin
    ) -> None:
        place = self.in_conversation(pick)
        self.do(AddParticipant(**place, identity=name, attributes=attributes), origin)

    @rule(pick=picks, phone=phones, number=numbers)
    def add_phone(self, pick: int, phone: str, number: str) -> None:
        self.do(
            AddParticipant(
                **self.in_conversation(pick),
                messaging_binding_address=phone,
                messaging_binding_proxy_address=number,
            )
        )

    @rule(pick=picks, index=st.sampled_from(["0", "5", "", "x"]))
    def read(self, pick: int, index: str) -> None:
        sid = self.some(self.world[Participants], pick)
        found = self.world[Participants].get(sid)
        place = self.in_conversation(pick)
        if found:
            place = {"service": found.service_sid, "conversation": found.conversation_sid}
        self.do(UpdateParticipant(**place, participant=sid, last_read_message_index=index))

    @rule(pick=picks)
    def remove_participant(self, pick: int) -> None:
        sid = self.some(self.world[Participants], pick)
        found = self.world[Participants].get(sid)
        place = self.in_conversation(pick)
        if found:
            place = {"service": found.service_sid, "conversation": found.conversation_sid}
        self.do(RemoveParticipant(**place, participant=sid))

    @rule(pick=picks, author=st.none() | names | phones, body=st.sampled_from(["Hello", ""]))
    def post(self, pick: int, author: str | None, body: str) -> None:
        self.do(PostMessage(**self.in_conversation(pick), author=author, body=body))

    @rule(pick=picks, body=st.sampled_from(["Changed", "x" * 40_000]))
    def edit(self, pick: int, body: str) -> None:
        sid = self.some(self.world[Messages], pick)
        self.do(EditMessage(**self.in_conversation(pick), message=sid, body=body))

    @rule(pick=picks)
    def remove_message(self, pick: int) -> None:
        sid = self.some(self.world[Messages], pick)
        self.do(RemoveMessage(**self.in_conversation(pick), message=sid))

    @rule(phone=phones, number=numbers, body=st.sampled_from(["Hi", "STOP", "START"]))
    def text(self, phone: str, number: str, body: str) -> None:
        self.do(SendFromHandset(address=phone, to=number, body=body))

    @rule(name=names)
    def add_service(self, name: str) -> None:
        self.do(AddService(account=ACCOUNT, friendly_name=name))

    @rule(pick=picks)
    def remove_service(self, pick: int) -> None:
        sid = self.some(self.world[Services], pick)
        self.do(RemoveService(account=ACCOUNT, service_sid=sid))

    @rule(seconds=st.sampled_from([0.005, 1, 61, 601, 90_000]))
    def let_time_pass(self, seconds: float) -> None:
        now = self.world.clock.now() + timedelta(seconds=seconds)
        self.do(MoveClock(now=now))
        self.world.catch_up(now)

    @invariant()
    def indexes_rise(self) -> None:
        for conversation in self.world[Conversations]:
            table = self.world[Messages]
            rows = table.all(table.by_conversation, conversation.sid)
            indexes = [message.index for message in rows]
            assert indexes == sorted(set(indexes))
            assert not indexes or indexes[-1] < conversation.next_index
            assert conversation.next_index >= self.highest.get(conversation.sid, 0)
            self.highest[conversation.sid] = conversation.next_index

    @invariant()
    def nothing_dangles(self) -> None:
        world = self.world
        tables = world.tables()
        for table in tables.values():
            for kept, (field, other) in itertools.product(table, table.refers):
                sid = getattr(kept, field)
                assert sid is None or sid in tables[other]
        for conversation in world[Conversations]:
            assert conversation.service_sid in world[Services]
        for participant in world[Participants]:
            assert participant.conversation_sid in world[Conversations]
            assert participant.role_sid in world[Roles]
            assert participant.user_sid is None or participant.user_sid in world[Users]
        for message in world[Messages]:
            assert message.conversation_sid in world[Conversations]
        for receipt in world[Receipts]:
            assert receipt.message_sid in world[Messages]
            assert receipt.text_sid in world[Texts]
        for item in world[InboxItems]:
            assert item.handset in {handset.sid for handset in world[Handsets]}
        for user in world[Users]:
            assert user.service_sid in world[Services]
            assert user.role_sid in world[Roles]

    @invariant()
    def pairs_and_names_are_unique(self) -> None:
        world = self.world
        pairs = [
            (each.address, each.proxy_address)
            for each in world[Participants]
            if each.proxy_address
            and world[Conversations][each.conversation_sid].state is not State.CLOSED
        ]
        assert len(pairs) == len(set(pairs))
        names = [
            (each.service_sid, each.unique_name)
            for each in world[Conversations]
            if each.unique_name
        ]
        assert len(names) == len(set(names))
        members = [
            (each.conversation_sid, each.identity) for each in world[Participants] if each.identity
        ]
        assert len(members) == len(set(members))

    def teardown(self) -> None:
        """A snapshot restores the state, and the journal leads to it again."""
        snapshot = json.dumps(self.world.snapshot())
        restored = fresh_world()
        restored.restore(json.loads(snapshot))
        assert json.dumps(restored.snapshot()) == snapshot
        lines = json.loads(json.dumps([written.plain() for written in self.journal]))
        again = fresh_world()
        replay(again, map(read_line, lines), self.world.now)
        assert json.dumps(again.snapshot()) == snapshot


Walk.TestCase.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
TestWalk = Walk.TestCase
