"""How texts travel: delivery, outcomes, rates, opt-outs, the WhatsApp window, reports."""

from twilio_emulator.core.carrier import caller_id_verification, opt_outs
from twilio_emulator.core.carrier.caller_id_verification import (
    CallerIds,
    RemoveCallerId,
    RequestValidation,
    UpdateCallerId,
    Validations,
)
from twilio_emulator.core.carrier.delivery import AdvanceText, KeepMedia, LoseMedia, ReadText
from twilio_emulator.core.carrier.delivery_reports import ReleaseReceipts, SetReceipt
from twilio_emulator.core.carrier.group_mms import BringCopy
from twilio_emulator.core.carrier.handset_commands import (
    ChangeHandset,
    ReadItem,
    ReadThread,
    RemoveHandset,
    UpsertHandset,
)
from twilio_emulator.core.carrier.opt_outs import (
    AddOptOut,
    AdvancedOptOuts,
    ConfigureAdvancedOptOut,
    OptOuts,
    RemoveOptOut,
)
from twilio_emulator.core.carrier.rate_limits import Lanes
from twilio_emulator.core.carrier.whatsapp_window import ChangeWindow, Windows
from twilio_emulator.core.kernel.wing import Wing
from twilio_emulator.core.phones.call_resources import CallEnded, DigitsPressed
from twilio_emulator.core.senders.messaging_services import MessagingServiceChanged

CARRIER = Wing(
    name="carrier",
    tables=(
        CallerIds,
        Validations,
        OptOuts,
        AdvancedOptOuts,
        Lanes,
        Windows,
    ),
    commands=(
        RequestValidation,
        UpdateCallerId,
        RemoveCallerId,
        AdvanceText,
        KeepMedia,
        LoseMedia,
        ReadText,
        BringCopy,
        SetReceipt,
        ReleaseReceipts,
        UpsertHandset,
        ChangeHandset,
        RemoveHandset,
        ReadItem,
        ReadThread,
        AddOptOut,
        RemoveOptOut,
        ConfigureAdvancedOptOut,
        ChangeWindow,
    ),
    reactions=(
        (MessagingServiceChanged, opt_outs.forget_service),
        (DigitsPressed, caller_id_verification.hear_digits),
        (CallEnded, caller_id_verification.hear_end),
    ),
)
