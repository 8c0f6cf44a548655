"""Texts by request and from phones, and the Message resource as requests see it."""

from twilio_emulator.core.kernel.wing import Wing
from twilio_emulator.core.messaging.clearing import ClearInbox, ClearMessages, RemoveHandsets
from twilio_emulator.core.messaging.inbound import ReceiveText, ReplyToText, SendFromHandset
from twilio_emulator.core.messaging.message_resource import (
    GiveFeedback,
    RemoveMedia,
    RemoveText,
    UpdateText,
)
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.core.messaging.typing_indicators import ShowTyping

MESSAGING = Wing(
    name="messaging",
    commands=(
        ClearInbox,
        ClearMessages,
        RemoveHandsets,
        SendFromHandset,
        ReceiveText,
        ReplyToText,
        UpdateText,
        RemoveText,
        GiveFeedback,
        RemoveMedia,
        CreateText,
        ShowTyping,
    ),
)
