"""Handsets, and what they show: texts, calls; and mailboxes."""

from twilio_emulator.core.kernel.wing import Wing
from twilio_emulator.core.phones.call_resources import PhoneCalls
from twilio_emulator.core.phones.calls import (
    AnswerCall,
    ClearCalls,
    EndCall,
    HangUp,
    PickUp,
    PressDigits,
    PutThrough,
)
from twilio_emulator.core.phones.handsets import Handsets
from twilio_emulator.core.phones.inbox import InboxItems
from twilio_emulator.core.phones.mailboxes import ClearMailbox, Mailboxes, Mails

PHONES = Wing(
    name="phones",
    tables=(
        Handsets,
        InboxItems,
        PhoneCalls,
        Mailboxes,
        Mails,
    ),
    commands=(
        PutThrough,
        PickUp,
        EndCall,
        AnswerCall,
        PressDigits,
        HangUp,
        ClearCalls,
        ClearMailbox,
    ),
)
