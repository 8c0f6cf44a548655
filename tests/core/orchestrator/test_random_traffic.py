"""Random traffic through conversations of v2 and v1, and what must hold wherever it leads."""

import itertools
import json
from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.core.conftest import ACCOUNT, ANN, NUMBER, START, PlainNumbering
from tests.core.orchestrator.traffic import (
    BOTH_WAYS,
    BY_WHATSAPP,
    STORE,
    WHATSAPP_NUMBER,
    configure,
    settings_of,
)
from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.core.conversations.conversations import (
    AddConversation,
    RemoveConversation,
    UpdateConversation,
)
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.participants import AddParticipant, RemoveParticipant
from twilio_emulator.core.conversations.resources import Conversations, Participants
from twilio_emulator.core.kernel.clock import Clock
from twilio_emulator.core.kernel.journal import Written, replay
from twilio_emulator.core.kernel.move_clock import MoveClock
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import LOUD, Command, World
from twilio_emulator.core.memory.profiles import AddMemoryProfile
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.core.orchestrator.action_resources import (
    ActionContent,
    ActionParty,
    ActionStatus,
    ActionTexts,
    ConversationActions,
    SendMessagePayload,
)
from twilio_emulator.core.orchestrator.actions import CreateAction
from twilio_emulator.core.orchestrator.conversations import (
    ChangeOrchestratedConversation,
    RemoveOrchestratedConversation,
)
from twilio_emulator.core.orchestrator.grouping_keys import GroupingKeys
from twilio_emulator.core.orchestrator.participants import SetOrchestratedParticipant
from twilio_emulator.core.orchestrator.resources import (
    Communications,
    GroupingType,
    OrchestratedConversations,
    OrchestratedParticipants,
    OrchestratedStatus,
    OrchestratorChannel,
    ParticipantType,
    V1Bridge,
)
from twilio_emulator.core.wings import new_world, read_line

SERVICE = "IS00000000000000000000000000000001"
MESSAGING_SERVICE = "MG00000000000000000000000000000001"
PHONES = (ANN, "+12025550155")

picks = st.integers(0, 1000)
phones = st.sampled_from(PHONES)
whatsapp = st.booleans()


def fresh_world() -> World:
    return new_world(ACCOUNT, 7, Clock(lambda: 0.0, START, rate=0), PlainNumbering())


class Traffic(RuleBasedStateMachine):
    """Every rule is a command, refused or not."""

    def __init__(self) -> None:
        super().__init__()
        self.world = fresh_world()
        self.journal: list[Written] = []

    @initialize(grouping=st.sampled_from(list(GroupingType)))
    def open(self, grouping: GroupingType) -> None:
        self.do(
            OpenAccount(conversation_service_sid=SERVICE, messaging_service_sid=MESSAGING_SERVICE)
        )
        timed = settings_of(BOTH_WAYS, inactive=10, closed=30)
        by_whatsapp = settings_of(BY_WHATSAPP, closed=60)
        bridge = V1Bridge(service_id=SERVICE)
        configure(self, grouping, sms=timed, whatsapp=by_whatsapp, conversations_v1_bridge=bridge)
        configure(self, sms=settings_of(BOTH_WAYS))

    def perform(self, command: Command) -> Any:
        """As a world does, written down."""
        self.journal.append(Written(self.world.clock.now(), LOUD, command))
        return self.world.perform(command, LOUD)

    def do(self, command: Command) -> None:
        world = self.world
        world.catch_up(world.clock.now())
        world.now = max(world.now, world.clock.now())
        before = world.snapshot()
        try:
            self.perform(command)
        except Refused:
            assert world.snapshot() == before

    def some(self, table: type[Table[Any]], pick: int) -> Any:
        kept = list(self.world[table])
        return kept[pick % len(kept)] if kept else None

    @rule(phone=phones, by_whatsapp=whatsapp)
    def somebody_writes(self, phone: str, by_whatsapp: bool) -> None:
        to = WHATSAPP_NUMBER if by_whatsapp else NUMBER
        self.do(SendFromHandset(address=phone, to=to, body="Hi"))

    @rule(phone=phones, by_service=st.booleans())
    def the_number_writes(self, phone: str, by_service: bool) -> None:
        sender = {"messaging_service_sid": MESSAGING_SERVICE} if by_service else {"from_": NUMBER}
        self.do(CreateText(account=ACCOUNT, to=phone, body="Hello", **sender))

    @rule(pick=picks, other=picks, chat=picks)
    def an_agent_acts(self, pick: int, other: int, chat: int) -> None:
        conversation = self.some(OrchestratedConversations, pick)
        here = self.some(OrchestratedParticipants, other)
        if conversation is None or here is None:
            return
        agent = ActionParty(address=NUMBER, channel=OrchestratorChannel.SMS)
        in_v1 = self.some(Conversations, chat)
        self.do(
            CreateAction(
                account=ACCOUNT,
                conversation=conversation.sid,
                type="SEND_MESSAGE",
                payload=SendMessagePayload(
                    from_=agent,
                    to=(ActionParty(participant_id=here.sid, channel=OrchestratorChannel.SMS),),
                    content=ActionContent(text="Hello"),
                    channel_settings={"channelId": in_v1.sid} if in_v1 and chat % 3 else None,
                ),
            )
        )

    @rule(pick=picks, status=st.sampled_from(list(OrchestratedStatus)))
    def a_status_is_set(self, pick: int, status: OrchestratedStatus) -> None:
        conversation = self.some(OrchestratedConversations, pick)
        if conversation is not None:
            self.do(
                ChangeOrchestratedConversation(
                    account=ACCOUNT, conversation=conversation.sid, status=status
                )
            )

    @rule(pick=picks, kind=st.sampled_from(list(ParticipantType)))
    def somebody_is_said_to_be_another(self, pick: int, kind: ParticipantType) -> None:
        here = self.some(OrchestratedParticipants, pick)
        if here is not None:
            self.do(
                SetOrchestratedParticipant(
                    account=ACCOUNT,
                    conversation=here.conversation_sid,
                    participant=here.sid,
                    type=kind,
                    addresses=here.addresses,
                )
            )

    @rule(pick=picks)
    def a_conversation_is_removed(self, pick: int) -> None:
        conversation = self.some(OrchestratedConversations, pick)
        if conversation is not None:
            self.do(RemoveOrchestratedConversation(account=ACCOUNT, conversation=conversation.sid))

    @rule(phone=phones)
    def two_profiles_are_one(self, phone: str) -> None:
        traits = {"Contact": {"phone": phone, "email": "ann@example.com"}}
        self.do(AddMemoryProfile(account=ACCOUNT, store=STORE, traits=traits))

    @rule(identity=st.sampled_from(["alice", "bob"]), pick=picks)
    def somebody_chats(self, identity: str, pick: int) -> None:
        chat = self.some(Conversations, pick)
        if chat is None or pick % 5 == 0:
            self.do(AddConversation(service=SERVICE))
            return
        if pick % 5 == 1:
            self.do(AddParticipant(service=SERVICE, conversation=chat.sid, identity=identity))
        self.do(PostMessage(service=SERVICE, conversation=chat.sid, author=identity, body="Chat"))

    @rule(phone=phones, pick=picks, by_whatsapp=whatsapp)
    def a_phone_joins_a_chat(self, phone: str, pick: int, by_whatsapp: bool) -> None:
        chat = self.some(Conversations, pick)
        if chat is not None:
            pair = (f"whatsapp:{phone}", WHATSAPP_NUMBER) if by_whatsapp else (phone, NUMBER)
            self.do(
                AddParticipant(
                    service=SERVICE,
                    conversation=chat.sid,
                    messaging_binding_address=pair[0],
                    messaging_binding_proxy_address=pair[1],
                )
            )

    @rule(pick=picks)
    def somebody_leaves_a_chat(self, pick: int) -> None:
        who = self.some(Participants, pick)
        if who is not None:
            self.do(
                RemoveParticipant(
                    service=SERVICE, conversation=who.conversation_sid, participant=who.sid
                )
            )

    @rule(pick=picks, is_deleted=st.booleans())
    def a_chat_ends(self, pick: int, is_deleted: bool) -> None:
        chat = self.some(Conversations, pick)
        if chat is None:
            return
        if is_deleted:
            self.do(RemoveConversation(service=SERVICE, conversation=chat.sid))
        else:
            self.do(UpdateConversation(service=SERVICE, conversation=chat.sid, state="closed"))

    @rule(minutes=st.sampled_from([0.01, 1, 11, 31, 61]))
    def time_passes(self, minutes: float) -> None:
        to = self.world.clock.now() + timedelta(minutes=minutes)
        self.world.clock.set(to)
        self.do(MoveClock(now=to))

    @invariant()
    def nothing_dangles(self) -> None:
        tables = self.world.tables()
        for table in tables.values():
            for kept, (field, other) in itertools.product(table, table.refers):
                sid = getattr(kept, field)
                assert sid is None or sid in tables[other], (table.name, kept)

    @invariant()
    def only_what_is_open_holds_keys_and_timers(self) -> None:
        world, conversations = self.world, self.world[OrchestratedConversations]
        for key in world[GroupingKeys]:
            assert conversations[key.conversation_sid].status is not OrchestratedStatus.CLOSED
        for timer in world.timers:
            if timer.key.startswith("conv_"):
                sid, _, status = timer.key.partition("/")
                now = conversations[sid].status
                assert now is not OrchestratedStatus.CLOSED
                assert now is OrchestratedStatus.ACTIVE or status == "CLOSED"

    @invariant()
    def a_text_is_once_in_a_configuration(self) -> None:
        conversations = self.world[OrchestratedConversations]
        counts = Counter(
            (conversations[each.conversation_sid].configuration_sid, each.resource_id)
            for each in self.world[Communications]
        )
        assert not [text for text, count in counts.items() if count > 1]

    @invariant()
    def an_address_is_one_participant(self) -> None:
        counts = Counter(
            (each.conversation_sid, at.channel, at.address)
            for each in self.world[OrchestratedParticipants]
            for at in each.addresses
        )
        assert not [at for at, count in counts.items() if count > 1]

    @invariant()
    def who_said_something_was_there(self) -> None:
        """Ends of communications name participants of their conversation, if any still."""
        table = self.world[OrchestratedParticipants]
        for each in self.world[Communications]:
            for end in (each.author, *each.recipients):
                found = table.get(end.participant_id)
                assert found is None or found.conversation_sid == each.conversation_sid

    @invariant()
    def an_action_is_pending_as_long_as_it_waits(self) -> None:
        world = self.world
        waited = {each.action_sid for each in world[ActionTexts]}
        for action in world[ConversationActions]:
            assert (action.status is ActionStatus.PENDING) == (action.sid in waited)

    def teardown(self) -> None:
        """A snapshot restores the state, and the journal leads to it again."""
        if not self.journal:
            return
        snapshot = json.dumps(self.world.snapshot())
        restored = fresh_world()
        restored.restore(json.loads(snapshot))
        assert json.dumps(restored.snapshot()) == snapshot
        lines = json.loads(json.dumps([written.plain() for written in self.journal]))
        again = fresh_world()
        replay(again, map(read_line, lines), self.world.now)
        assert json.dumps(again.snapshot()) == snapshot


Traffic.TestCase.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
TestTraffic = Traffic.TestCase
