"""https://messaging.twilio.com/v1 as a table of operations: messaging services and their pools."""

from twilio_emulator.core.senders import alpha_senders, messaging_services
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
from twilio_emulator.rest.messaging import v1_look
from twilio_emulator.wire.calls import Answer, Call
from twilio_emulator.wire.operations import ROOT, Api

api = Api("messaging.twilio.com", "v1")

SERVICE = "/Services/{messaging_service}"

api.collection(
    "/Services",
    "/{messaging_service}",
    v1_look.service,
    key="services",
    list=messaging_services.list_services,
    create=AddMessagingService,
    fetch=messaging_services.fetch_service,
    update=UpdateMessagingService,
    delete=RemoveMessagingService,
    where=ROOT,
)
api.collection(
    f"{SERVICE}/PhoneNumbers",
    "/{number}",
    v1_look.phone_number,
    key="phone_numbers",
    list=messaging_services.list_phone_numbers,
    create=PoolPhoneNumber,
    fetch=messaging_services.fetch_phone_number,
    delete=UnpoolNumber,
    where=ROOT,
)
api.collection(
    f"{SERVICE}/ShortCodes",
    "/{number}",
    v1_look.short_code,
    key="short_codes",
    list=messaging_services.list_short_codes,
    create=PoolShortCode,
    fetch=messaging_services.fetch_short_code,
    delete=UnpoolNumber,
    where=ROOT,
)
api.collection(
    f"{SERVICE}/ChannelSenders",
    "/{number}",
    v1_look.channel_sender,
    key="senders",
    list=messaging_services.list_channel_senders,
    create=PoolChannelSender,
    fetch=messaging_services.fetch_channel_sender,
    delete=UnpoolNumber,
    where=ROOT,
)
api.collection(
    f"{SERVICE}/AlphaSenders",
    "/{alpha_sender}",
    v1_look.alpha_sender,
    key="alpha_senders",
    list=alpha_senders.list_alpha_senders,
    create=AddAlphaSender,
    fetch=alpha_senders.fetch_alpha_sender,
    delete=RemoveAlphaSender,
    where=ROOT,
)
api.collection(
    f"{SERVICE}/DestinationAlphaSenders",
    "/{alpha_sender}",
    v1_look.destination_alpha_sender,
    key="alpha_senders",
    list=alpha_senders.list_destination_alpha_senders,
    create=AddDestinationAlphaSender,
    fetch=alpha_senders.fetch_destination_alpha_sender,
    delete=RemoveDestinationAlphaSender,
    where=ROOT,
)


@api.operation("GET", "/Services/Usecases", where=ROOT)
async def list_usecases(call: Call) -> Answer:
    """What a service can be for."""
    return Answer(200, {"usecases": v1_look.USECASES})
