from collections.abc import Callable
from dataclasses import replace as changed

import pytest

from tests.core.conftest import Told
from twilio_emulator.core.carrier.opt_outs import (
    STANDARD,
    AddOptOut,
    AdvancedOptOuts,
    ConfigureAdvancedOptOut,
    OptOutChanged,
    OptOuts,
    RemoveOptOut,
    Wording,
    is_blocked,
)
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.participants import AddParticipant
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import (
    ReplyToText,
    SendFromHandset,
    TextReceived,
    TwimlReply,
)
from twilio_emulator.core.phones.inbox import InboxItems
from twilio_emulator.core.senders.messaging_services import (
    RemoveMessagingService,
    UpdateMessagingService,
)
from twilio_emulator.core.senders.number_orders import BuyNumber
from twilio_emulator.core.senders.resources import PhoneNumbers, add_number
from twilio_emulator.core.texts.text import Text, Texts, TextStatusChanged

ACCOUNT = "AC00000000000000000000000000000001"
NUMBER = "+12025550100"
OTHER_NUMBER = "+12025550101"
ANN = "+12025550199"
CHAT = "IS00000000000000000000000000000001"
SERVICE = "MG00000000000000000000000000000001"
ALONE = "+12025550150"
Send = Callable[..., Text]
Advance = Callable[..., None]
Say = Callable[..., list[str]]


@pytest.fixture
def alone(world: World) -> str:
    """A number that is in no messaging service."""
    world.perform(BuyNumber(account=ACCOUNT, phone_number=ALONE))
    return ALONE


@pytest.fixture
def say(world: World) -> Say:
    """Write on Ann's phone; answers what Twilio says by itself."""

    def say(body: str, to: str = NUMBER) -> list[str]:
        before = len(world[InboxItems])
        world.perform(SendFromHandset(address=ANN, to=to, body=body))
        return [item.body for item in list(world[InboxItems])[before:] if item.system]

    return say


@pytest.mark.parametrize("word", ["STOP", "stop", " Unsubscribe\n", "OptOut", "quit"])
def test_a_keyword_alone_opts_out(world: World, told: Told, say: Say, word: str) -> None:
    assert say(word) == [STANDARD.stopped]
    assert is_blocked(world, ANN, NUMBER, None)
    (event,) = told.of(OptOutChanged)
    assert (event.opted_out, event.optout.recipient, event.optout.scope) == (True, ANN, SERVICE)
    (received,) = told.of(TextReceived)
    assert received.text.opt_out_type is None


def test_a_keyword_among_other_words_does_nothing(world: World, say: Say) -> None:
    assert say("STOP PLEASE") == []
    assert not is_blocked(world, ANN, NUMBER, None)


def test_an_opt_out_holds_for_the_whole_service(world: World, say: Say, alone: str) -> None:
    say("STOP")
    assert is_blocked(world, ANN, OTHER_NUMBER, None)
    assert is_blocked(world, ANN, None, SERVICE)
    assert not is_blocked(world, ANN, alone, None)

    say("STOP", to=alone)
    assert is_blocked(world, ANN, alone, None)
    assert not is_blocked(world, "+12025550198", alone, None)


def test_start_subscribes_again(world: World, told: Told, say: Say) -> None:
    assert say("START") == []
    say("STOP")
    assert say("unstop") == [STANDARD.started]
    assert not is_blocked(world, ANN, NUMBER, None)
    assert [event.opted_out for event in told.of(OptOutChanged)] == [True, False]


def test_help_is_given_to_who_did_not_opt_out(say: Say) -> None:
    assert say("HELP") == [STANDARD.helped]
    say("STOP")
    assert say("INFO") == []


def test_opting_out_twice_changes_nothing(told: Told, say: Say) -> None:
    say("STOP")
    assert say("STOP") == [STANDARD.stopped]
    assert len(told.of(OptOutChanged)) == 1


def test_an_answer_to_stop_fails(world: World, say: Say, advance: Advance, told: Told) -> None:
    say("STOP")
    (received,) = told.of(TextReceived)
    (reply,) = world.perform(
        ReplyToText(text=received.text.sid, messages=(TwimlReply(body="Goodbye"),))
    )
    advance(seconds=1)
    failed = world[Texts][reply.sid]
    assert (failed.status, failed.error_code) == ("failed", 21610)


def test_on_toll_free_numbers_the_network_answers(world: World, say: Say) -> None:
    world.perform(BuyNumber(account=ACCOUNT, phone_number="+18005550100"))
    assert say("HELP", to="+18005550100") == []
    assert say("stop", to="+18005550100")[0].startswith(
        'NETWORK MSG: You replied with the word "st'
    )
    assert say("YES", to="+18005550100") == []
    assert say("START", to="+18005550100")[0].startswith('NETWORK MSG: You have replied "unstop"')


def test_short_codes_and_whatsapp_hear_no_keywords(world: World, say: Say) -> None:
    add_number(world, ACCOUNT, "12345")
    assert say("STOP", to="12345") == []
    assert say("STOP", to="whatsapp:+14155238886") == []
    assert len(world[OptOuts]) == 0


def test_opt_outs_can_be_set_by_hand(world: World, told: Told) -> None:
    world.perform(AddOptOut(recipient=ANN, scope=SERVICE))
    assert is_blocked(world, ANN, NUMBER, None)
    world.perform(RemoveOptOut(recipient=ANN, scope=SERVICE))
    world.perform(RemoveOptOut(recipient=ANN, scope=SERVICE))
    assert len(told.of(OptOutChanged)) == 2


def test_whatsapp_has_opt_outs_of_its_own(world: World) -> None:
    world.perform(AddOptOut(recipient=ANN, scope=SERVICE))
    assert not is_blocked(world, f"whatsapp:{ANN}", None, SERVICE)
    assert is_blocked(world, f"rcs:{ANN}", None, SERVICE)

    world.perform(RemoveOptOut(recipient=ANN, scope=SERVICE))
    world.perform(AddOptOut(recipient=f"whatsapp:{ANN}", scope=SERVICE))
    assert is_blocked(world, f"whatsapp:{ANN}", None, SERVICE)
    assert not is_blocked(world, ANN, NUMBER, SERVICE)


def test_stop_by_sms_leaves_the_whatsapp_texts_of_a_conversation(
    world: World, say: Say, advance: Advance, told: Told
) -> None:
    made = world.perform(AddConversation(service=CHAT, messaging_service_sid=SERVICE))
    conversation = made.sid
    for channel in ("", "whatsapp:"):
        world.perform(
            AddParticipant(
                service=CHAT,
                conversation=conversation,
                messaging_binding_address=f"{channel}{ANN}",
                messaging_binding_proxy_address=(f"{channel}+14155238886" if channel else NUMBER),
            )
        )
    say("STOP", to=OTHER_NUMBER)

    world.perform(
        PostMessage(service=CHAT, conversation=conversation, author="support", body="Hello")
    )
    advance(seconds=1)

    ends = {
        changed.text.to: (str(changed.text.status), changed.text.error_code)
        for changed in told.of(TextStatusChanged)
    }
    assert ends == {ANN: ("failed", 21610), f"whatsapp:{ANN}": ("delivered", None)}


def test_an_opt_out_of_a_number_holds_in_a_conversation_of_some_service(
    world: World, say: Say, alone: str
) -> None:
    say("STOP", to=alone)
    assert is_blocked(world, ANN, alone, SERVICE)


def test_a_service_may_have_words_of_its_own(world: World, told: Told, say: Say) -> None:
    german = changed(
        STANDARD, stop=("STOP", "STOPP"), stopped="Abgemeldet.", help=("HILFE",), helped=""
    )
    world.perform(ConfigureAdvancedOptOut(service=SERVICE, wordings={"US": german}))

    assert say("stopp") == ["Abgemeldet."]
    assert told.of(TextReceived)[-1].text.opt_out_type == "STOP"
    say("START")
    assert told.of(TextReceived)[-1].text.opt_out_type == "START"
    assert say("HILFE") == []
    assert told.of(TextReceived)[-1].text.opt_out_type == "HELP"

    world.perform(SendFromHandset(address="+447700900123", to=NUMBER, body="STOP"))
    assert [item.body for item in world[InboxItems] if item.system][-1] == STANDARD.stopped


def test_a_service_with_words_of_its_own_hears_them_on_whatsapp_too(world: World, say: Say) -> None:
    sender = world[PhoneNumbers].at("whatsapp:+14155238886")
    assert sender is not None
    world[PhoneNumbers].put(replace(sender, messaging_service_sid=SERVICE))
    world.perform(ConfigureAdvancedOptOut(service=SERVICE, wordings={}))
    assert say("STOP", to="whatsapp:+14155238886") == [STANDARD.stopped]


def test_words_are_for_services_that_there_are(world: World) -> None:
    with pytest.raises(Refused) as refused:
        world.perform(ConfigureAdvancedOptOut(service="MG" + "9" * 32, wordings={}))
    assert refused.value.code == 21701


def test_wordings_survive_a_snapshot(world: World) -> None:
    wordings = {"DE": Wording(stop=("STOPP",), start=("START",), stopped="Ab.", started="An.")}
    world.perform(ConfigureAdvancedOptOut(service=SERVICE, wordings=wordings))
    snapshot = world.snapshot()
    world.restore(snapshot)
    assert world[AdvancedOptOuts][SERVICE].wordings == {"": STANDARD, **wordings}


def test_wordings_go_with_their_service(world: World) -> None:
    world.perform(ConfigureAdvancedOptOut(service=SERVICE, wordings={}))
    world.perform(UpdateMessagingService(account=ACCOUNT, messaging_service=SERVICE))
    assert SERVICE in world[AdvancedOptOuts]
    world.perform(RemoveMessagingService(account=ACCOUNT, messaging_service=SERVICE))
    assert not len(world[AdvancedOptOuts])
