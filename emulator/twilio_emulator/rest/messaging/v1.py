"""https://messaging.twilio.com/v1 as a table of operations: messaging services and their pools."""

from twilio_emulator.core.senders import alpha_senders as sender_names
from twilio_emulator.core.senders import messaging_services as pools
from twilio_emulator.core.senders.alpha_senders import (
    AddAlphaSender,
    AddDestinationAlphaSender,
    RemoveAlphaSender,
    RemoveDestinationAlphaSender,
)
from twilio_emulator.core.senders.messaging_services import (
    AddMessagingService,
    PoolChannelSender,
    PoolPhoneNumber,
    PoolShortCode,
    RemoveMessagingService,
    UnpoolNumber,
    UpdateMessagingService,
)
from twilio_emulator.rest.messaging import v1_look as look
from twilio_emulator.wire.calls import Answer, Call
from twilio_emulator.wire.operations import ROOT, Api

api = Api("messaging.twilio.com", "v1")

SERVICE = "/Services/{messaging_service}"

api.collection(
    "/Services",
    "/{messaging_service}",
    look.service,
    key="services",
    list=pools.list_services,
    create=AddMessagingService,
    fetch=pools.fetch_service,
    update=UpdateMessagingService,
    delete=RemoveMessagingService,
    where=ROOT,
)
api.collection(
    f"{SERVICE}/PhoneNumbers",
    "/{number}",
    look.phone_number,
    key="phone_numbers",
    list=pools.list_phone_numbers,
    create=PoolPhoneNumber,
    fetch=pools.fetch_phone_number,
    delete=UnpoolNumber,
    where=ROOT,
)
api.collection(
    f"{SERVICE}/ShortCodes",
    "/{number}",
    look.short_code,
    key="short_codes",
    list=pools.list_short_codes,
    create=PoolShortCode,
    fetch=pools.fetch_short_code,
    delete=UnpoolNumber,
    where=ROOT,
)
api.collection(
    f"{SERVICE}/ChannelSenders",
    "/{number}",
    look.channel_sender,
    key="senders",
    list=pools.list_channel_senders,
    create=PoolChannelSender,
    fetch=pools.fetch_channel_sender,
    delete=UnpoolNumber,
    where=ROOT,
)
api.collection(
    f"{SERVICE}/AlphaSenders",
    "/{alpha_sender}",
    look.alpha_sender,
    key="alpha_senders",
    list=sender_names.list_alpha_senders,
    create=AddAlphaSender,
    fetch=sender_names.fetch_alpha_sender,
    delete=RemoveAlphaSender,
    where=ROOT,
)
api.collection(
    f"{SERVICE}/DestinationAlphaSenders",
    "/{alpha_sender}",
    look.destination_alpha_sender,
    key="alpha_senders",
    list=sender_names.list_destination_alpha_senders,
    create=AddDestinationAlphaSender,
    fetch=sender_names.fetch_destination_alpha_sender,
    delete=RemoveDestinationAlphaSender,
    where=ROOT,
)


@api.operation("GET", "/Services/Usecases", where=ROOT)
async def list_usecases(call: Call) -> Answer:
    """What a service can be for."""
    return Answer(200, {"usecases": look.USECASES})
