from collections.abc import Callable

import pytest

from tests.core.conftest import Told
from twilio_emulator.core.carrier.delivery_reports import SetReceipt
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.conversations.conversations import AddConversation, RemoveConversation
from twilio_emulator.core.conversations.delivery_receipts import ReceiptUpdated
from twilio_emulator.core.conversations.messages import PostMessage, RemoveMessage
from twilio_emulator.core.conversations.participants import AddParticipant
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Delivery,
    Message,
    Messages,
    Receipts,
    ReceiptStatus,
    Share,
)
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.clearing import ClearMessages
from twilio_emulator.core.messaging.message_resource import RemoveText
from twilio_emulator.core.texts.text import Texts

ANN = "+12025550199"
BOB = "+12025550198"
NUMBER = "+12025550100"
WHATSAPP = "whatsapp:+14155238886"
SERVICE = "IS00000000000000000000000000000001"
Advance = Callable[..., None]
NONE, SOME, ALL = Share.NONE, Share.SOME, Share.ALL


@pytest.fixture
def conversation(world: World) -> Conversation:
    """Ann by SMS and Bob by WhatsApp, both of whom keep their receipts back."""
    opened = world.perform(AddConversation(service=SERVICE))
    for address, proxy_address in ((ANN, NUMBER), (f"whatsapp:{BOB}", WHATSAPP)):
        world.perform(UpsertHandset(address=address, receipts="hold"))
        world.perform(
            AddParticipant(
                service=SERVICE,
                conversation=opened.sid,
                messaging_binding_address=address,
                messaging_binding_proxy_address=proxy_address,
            )
        )
    assert isinstance(opened, Conversation)
    return opened


@pytest.fixture
def message(world: World, conversation: Conversation) -> Message:
    posted = world.perform(
        PostMessage(service=SERVICE, conversation=conversation.sid, body="Hello")
    )
    assert isinstance(posted, Message)
    return posted


def delivery(world: World, message: Message) -> Delivery:
    shown = world[Messages][message.sid].delivery
    assert shown is not None
    return shown


def shares(**given: Share) -> Delivery:
    fields = dict.fromkeys(("sent", "delivered", "read", "failed", "undelivered"), NONE)
    return Delivery(total=2, **{**fields, **given})


def test_a_message_has_a_receipt_for_each_phone(world: World, message: Message) -> None:
    receipts = list(world[Receipts].all(world[Receipts].by_message, message.sid))
    texts = list(world[Texts])
    assert [receipt.text_sid for receipt in receipts] == [text.sid for text in texts]
    assert {text.author for text in texts} == {message.author}
    assert [(text.sender, text.to) for text in texts] == [
        (NUMBER, ANN),
        (WHATSAPP, f"whatsapp:{BOB}"),
    ]
    assert {receipt.status for receipt in receipts} == {None}
    assert message.delivery is None


def test_the_summary_follows_the_texts(
    world: World, told: Told, message: Message, advance: Advance
) -> None:
    ann, bob = world[Texts]
    advance(seconds=1)
    assert delivery(world, message) == shares(sent=ALL)

    world.perform(SetReceipt(text=bob.sid, status="delivered"))
    assert delivery(world, message) == shares(sent=ALL, delivered=SOME)
    world.perform(SetReceipt(text=bob.sid, status="read"))
    assert delivery(world, message) == shares(sent=ALL, delivered=SOME, read=SOME)
    world.perform(SetReceipt(text=ann.sid, status="undelivered", error_code=30003))
    assert delivery(world, message) == shares(sent=ALL, delivered=SOME, read=SOME, undelivered=SOME)

    statuses = [(event.receipt.text_sid, event.receipt.status) for event in told.of(ReceiptUpdated)]
    assert statuses == [
        (ann.sid, ReceiptStatus.SENT),
        (bob.sid, ReceiptStatus.SENT),
        (bob.sid, ReceiptStatus.DELIVERED),
        (bob.sid, ReceiptStatus.READ),
        (ann.sid, ReceiptStatus.UNDELIVERED),
    ]
    last = told.of(ReceiptUpdated)[-1]
    assert last.receipt.error_code == 30003
    assert last.message == world[Messages][message.sid]
    assert last.conversation.sid == message.conversation_sid


def test_what_never_left_was_not_sent(world: World, message: Message) -> None:
    for text in list(world[Texts]):
        world.perform(SetReceipt(text=text.sid, status="failed", error_code=30001))
    assert delivery(world, message) == shares(failed=ALL)


def test_a_body_too_long_for_a_phone_fails_there(
    world: World, conversation: Conversation, advance: Advance
) -> None:
    message = world.perform(
        PostMessage(service=SERVICE, conversation=conversation.sid, body="a" * 1601)
    )
    advance(seconds=1)
    receipts = world[Receipts].all(world[Receipts].by_message, message.sid)
    assert {(receipt.status, receipt.error_code) for receipt in receipts} == {
        (ReceiptStatus.FAILED, 21617)
    }


def test_a_message_that_is_gone_is_not_followed(
    world: World, told: Told, conversation: Conversation, message: Message, advance: Advance
) -> None:
    world.perform(
        RemoveMessage(service=SERVICE, conversation=conversation.sid, message=message.sid)
    )
    advance(seconds=1)
    assert told.of(ReceiptUpdated) == []
    assert {text.status for text in world[Texts]} == {"sent"}


def test_nor_is_one_whose_conversation_is_gone(
    world: World, told: Told, conversation: Conversation, message: Message, advance: Advance
) -> None:
    world.perform(RemoveConversation(service=SERVICE, conversation=conversation.sid))
    advance(seconds=1)
    assert told.of(ReceiptUpdated) == []


@pytest.mark.parametrize("cleared", [True, False])
def test_a_receipt_outlives_its_text(world: World, message: Message, cleared: bool) -> None:
    text = next(each for each in world[Texts] if each.to == ANN)
    world.perform(SetReceipt(text=text.sid, status="delivered"))
    if cleared:
        world.perform(ClearMessages(account=text.account_sid))
    else:
        world.perform(RemoveText(account=text.account_sid, text=text.sid))
    assert text.sid not in world[Texts]
    assert text.sid in [each.text_sid for each in world[Receipts]]

    snapshot = world.snapshot()
    world.restore(snapshot)
    assert world.snapshot() == snapshot
