"""Numbers, messaging services, sender selection, TwiML apps."""

from twilio_emulator.core.accounts.accounts import AccountChanged, AccountOpened
from twilio_emulator.core.kernel.wing import Wing
from twilio_emulator.core.senders import (
    number_orders,
    resources,
    sender_selection,
    whatsapp_senders,
)
from twilio_emulator.core.senders.alpha_senders import (
    AddAlphaSender,
    AddDestinationAlphaSender,
    RemoveAlphaSender,
    RemoveDestinationAlphaSender,
)
from twilio_emulator.core.senders.messaging_services import (
    AddMessagingService,
    MarkService,
    PoolChannelSender,
    PoolPhoneNumber,
    PoolShortCode,
    RemoveMessagingService,
    SenderLeftPool,
    UnpoolNumber,
    UpdateMessagingService,
)
from twilio_emulator.core.senders.number_orders import (
    BuyLocalNumber,
    BuyMobileNumber,
    BuyNumber,
    BuyTollFreeNumber,
    MarkNumber,
    NumberReleased,
    ReleaseNumber,
    UpdateNumber,
    UpdateShortCode,
)
from twilio_emulator.core.senders.resources import AlphaSenders, MessagingServices, PhoneNumbers
from twilio_emulator.core.senders.sender_selection import StickySenders
from twilio_emulator.core.senders.twiml_apps import (
    AddApplication,
    Applications,
    RemoveApplication,
    UpdateApplication,
)
from twilio_emulator.core.senders.whatsapp_senders import (
    AddChannelSender,
    RemoveChannelSender,
    SenderProfiles,
    UpdateChannelSender,
)

SENDERS = Wing(
    name="senders",
    tables=(
        PhoneNumbers,
        MessagingServices,
        AlphaSenders,
        StickySenders,
        Applications,
        SenderProfiles,
    ),
    commands=(
        AddAlphaSender,
        RemoveAlphaSender,
        AddDestinationAlphaSender,
        RemoveDestinationAlphaSender,
        AddMessagingService,
        UpdateMessagingService,
        RemoveMessagingService,
        PoolPhoneNumber,
        PoolShortCode,
        PoolChannelSender,
        UnpoolNumber,
        MarkService,
        BuyNumber,
        BuyLocalNumber,
        BuyMobileNumber,
        BuyTollFreeNumber,
        UpdateNumber,
        UpdateShortCode,
        ReleaseNumber,
        MarkNumber,
        AddApplication,
        UpdateApplication,
        RemoveApplication,
        AddChannelSender,
        UpdateChannelSender,
        RemoveChannelSender,
    ),
    reactions=(
        (AccountOpened, resources.equip),
        (AccountChanged, number_orders.release_of_closed),
        (SenderLeftPool, sender_selection.forget_left),
        (NumberReleased, whatsapp_senders.forget_profile),
    ),
)
