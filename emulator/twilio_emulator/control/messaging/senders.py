"""Numbers and services by the control API: where texts come from and go to."""

from typing import Any, Literal, TypeVar

from twilio_emulator.control.exchange import Mistaken, Reply, json_reply
from twilio_emulator.control.messaging.sender_look import (
    NumberList,
    ServiceList,
    ShownConversationService,
    ShownMessagingService,
    ShownNumber,
    ShownWebhooks,
    conversation_service,
    messaging_service,
    number,
    webhooks,
)
from twilio_emulator.control.routes import Control, Controls, Fields, Place
from twilio_emulator.core.conversations import webhook_configurations
from twilio_emulator.core.conversations.resources import Services
from twilio_emulator.core.conversations.webhook_configurations import (
    POST_EVENTS,
    PRE_EVENTS,
    ConfigureAccountWebhooks,
    ConfigureServiceWebhooks,
)
from twilio_emulator.core.kernel.parameters import is_url
from twilio_emulator.core.kernel.world import Command
from twilio_emulator.core.senders.addresses import kept
from twilio_emulator.core.senders.messaging_services import MarkService, UpdateMessagingService
from twilio_emulator.core.senders.number_orders import MarkNumber, UpdateNumber, UpdateShortCode
from twilio_emulator.core.senders.resources import (
    MessagingServices,
    PhoneNumber,
    PhoneNumbers,
    SenderKind,
)
from twilio_emulator.core.senders.whatsapp_senders import WEBHOOK, UpdateChannelSender

F = TypeVar("F", bound=Fields)

HttpMethod = Literal["GET", "POST"]

ROUTING = ("sms_url", "sms_method", "sms_fallback_url", "sms_fallback_method")
REPORTING = ("status_callback", "status_callback_method")
TAKEN = {
    SenderKind.LONG_CODE: (*ROUTING, *REPORTING, "sms_application_sid"),
    SenderKind.TOLL_FREE: (*ROUTING, *REPORTING, "sms_application_sid"),
    SenderKind.SHORT_CODE: ROUTING,
    SenderKind.WHATSAPP: (*ROUTING, *REPORTING),
}
"""Which settings of its webhooks each kind of number has."""

OF_SENDERS = {field: name for name, field in WEBHOOK.items()}
EXAMPLE = "http://localhost:3000/sms"


class NumberChanges(Fields):
    """What is to be different of a number; what is not given stays, an empty URL takes it away.

    For a WhatsApp sender the `sms_` URLs are its callback URL and fallback URL.

    Attributes:
        sms_url: where its inbound texts are reported.
        sms_method: how `sms_url` is called.
        sms_fallback_url: where, when that one fails.
        sms_fallback_method: how `sms_fallback_url` is called.
        sms_application_sid: the TwiML app (AP) that has these URLs instead.
        status_callback: where the status of its texts is reported.
        status_callback_method: how `status_callback` is called.
        verified: whether a toll-free number is.
        sandbox_code: what joins a WhatsApp sandbox; an empty one makes it no sandbox.
    """

    sms_url: str | None = None
    sms_method: HttpMethod | None = None
    sms_fallback_url: str | None = None
    sms_fallback_method: HttpMethod | None = None
    sms_application_sid: str | None = None
    status_callback: str | None = None
    status_callback_method: HttpMethod | None = None
    verified: bool | None = None
    sandbox_code: str | None = None


class PoolChanges(Fields):
    """What is to be different of a messaging service; an empty URL takes it away.

    Attributes:
        inbound_request_url: where texts to its senders are reported.
        inbound_method: how `inbound_request_url` is called.
        fallback_url: where, when that one fails.
        fallback_method: how `fallback_url` is called.
        status_callback: where the status of its texts is reported.
        use_inbound_webhook_on_number: whether the URLs of the senders count instead.
        us_app_to_person_registered: whether it may text the United States (A2P 10DLC).
        link_domain: the host of its short links.
    """

    inbound_request_url: str | None = None
    inbound_method: HttpMethod | None = None
    fallback_url: str | None = None
    fallback_method: HttpMethod | None = None
    status_callback: str | None = None
    use_inbound_webhook_on_number: bool | None = None
    us_app_to_person_registered: bool | None = None
    link_domain: str | None = None


MARKS = frozenset({"us_app_to_person_registered", "link_domain"})


class RoomChanges(Fields):
    """What is to be different of the webhooks of a conversation service, or of the account; an
    empty URL takes it away.

    Attributes:
        pre_webhook_url: whom to ask before something happens.
        post_webhook_url: whom to tell what happened.
        method: how they are called.
        filters: the events that are told or asked about; new ones replace the old.
    """

    pre_webhook_url: str | None = None
    post_webhook_url: str | None = None
    method: HttpMethod | None = None
    filters: tuple[str, ...] | None = None


NUMBER = {
    "address": Place(words="The number or WhatsApp sender.", example="+12025550100"),
}
SERVICE = {
    "service": Place(
        words="The sid of a messaging service (MG) or a conversation service (IS).",
        example=f"MG{1:032}",
    )
}
FILTERS = {"filters": (*POST_EVENTS, *PRE_EVENTS)}


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group("numbers", "The account's numbers and senders, and their webhooks.")
    controls.group("services", "Services of messaging and of conversations, with their webhooks.")
    controls.group("conversation-webhooks", "Whom the account's webhooks of conversations call.")

    @controls.on(
        "GET",
        "/numbers",
        "list_numbers",
        "The account's numbers and senders, and where their texts are reported.",
        gives=NumberList,
    )
    async def list_numbers(control: Control) -> Reply:
        numbers = control.hosted.world[PhoneNumbers]
        held = numbers.all(numbers.by_account, control.account_sid)
        return json_reply({"numbers": [number(each) for each in held]})

    @controls.on(
        "PATCH",
        "/numbers/{address}",
        "change_number",
        "Sets the webhooks of a number or of a WhatsApp sender.",
        places=NUMBER,
        body=NumberChanges,
        gives=ShownNumber,
        examples=(
            {"sms_url": "http://localhost:3000/sms"},
            {"status_callback": "http://localhost:3000/status", "status_callback_method": "GET"},
            {"sms_url": ""},
        ),
    )
    async def change_number(control: Control) -> Reply:
        world = control.hosted.world
        address = kept(world.numbering, control.said["address"])
        found = world[PhoneNumbers].at(address)
        if found is None or found.account_sid != control.account_sid:
            raise Mistaken(f"path address: {address} is no number of the account", 404)
        for command in _changes(found, control.body(NumberChanges)):
            await control.hosted.gate.perform(command)
        return json_reply(number(world[PhoneNumbers][found.sid]))

    @controls.on(
        "GET",
        "/services",
        "list_services",
        "Services of messaging and of conversations, with their webhooks.",
        gives=ServiceList,
    )
    async def list_services(control: Control) -> Reply:
        world = control.hosted.world
        pools, rooms = world[MessagingServices], world[Services]
        return json_reply(
            {
                "webhooks": webhooks(
                    webhook_configurations.for_account(world, control.account_sid)
                ),
                "messaging": [
                    messaging_service(world, each)
                    for each in pools.all(pools.by_account, control.account_sid)
                ],
                "conversations": [
                    conversation_service(world, each)
                    for each in rooms
                    if each.account_sid == control.account_sid
                ],
            }
        )

    @controls.on(
        "PATCH",
        "/services/{service}",
        "change_service",
        "Sets the webhooks of a service, and what the carriers know of it.",
        places=SERVICE,
        body=(PoolChanges, RoomChanges),
        choices=FILTERS,
        gives=ShownMessagingService | ShownConversationService,
        examples=(
            {"inbound_request_url": "http://localhost:3000/sms"},
            {"us_app_to_person_registered": True},
        ),
    )
    async def change_service(control: Control) -> Reply:
        sid = control.said["service"]
        if control.hosted.world[Services].get(sid) is not None:
            return json_reply(await _change_room(control, sid))
        return json_reply(await _change_pool(control, sid))

    @controls.on(
        "GET",
        "/conversation-webhooks",
        "show_conversation_webhooks",
        "Whom the account's webhooks of conversations call, and for what.",
        gives=ShownWebhooks,
    )
    async def show_webhooks(control: Control) -> Reply:
        whole = webhook_configurations.for_account(control.hosted.world, control.account_sid)
        return json_reply(webhooks(whole))

    @controls.on(
        "PATCH",
        "/conversation-webhooks",
        "change_conversation_webhooks",
        "Sets whom the account's webhooks of conversations call, and for what.",
        body=RoomChanges,
        choices=FILTERS,
        gives=ShownWebhooks,
        examples=(
            {
                "post_webhook_url": "http://localhost:3000/conversations",
                "filters": ["onMessageAdded"],
            },
        ),
    )
    async def change_webhooks(control: Control) -> Reply:
        wish = _checked(control.body(RoomChanges))
        command = ConfigureAccountWebhooks(account=control.account_sid, **given(wish))
        return json_reply(webhooks(await control.hosted.gate.perform(command)))


async def _change_room(control: Control, sid: str) -> ShownConversationService:
    world = control.hosted.world
    if world[Services][sid].account_sid != control.account_sid:
        raise Mistaken(f"path service: {sid} is no service of the account", 404)
    wish = _checked(control.body(RoomChanges))
    command = ConfigureServiceWebhooks(service=sid, **given(wish))
    await control.hosted.gate.perform(command)
    return conversation_service(world, world[Services][sid])


async def _change_pool(control: Control, sid: str) -> ShownMessagingService:
    said = given(_checked(control.body(PoolChanges)))
    marks = {name: said.pop(name) for name in MARKS & said.keys()}
    gate, world = control.hosted.gate, control.hosted.world
    if said:
        await gate.perform(
            UpdateMessagingService(account=control.account_sid, messaging_service=sid, **said)
        )
    if marks or not said:
        await gate.perform(MarkService(messaging_service=sid, **marks))
    return messaging_service(world, world[MessagingServices][sid])


def given(wish: Fields) -> dict[str, Any]:
    """What a wish says; the rest is left as it is."""
    said = {name: getattr(wish, name) for name in wish.__struct_fields__}
    return {name: value for name, value in said.items() if value is not None}


def _checked(wish: F) -> F:
    """The wish, if its URLs are such.

    Raises:
        Mistaken: one is not.
    """
    for name, value in given(wish).items():
        if name.endswith(("url", "callback")) and value and not is_url(value):
            raise Mistaken(f"body {name}: expected an URL such as {EXAMPLE}, not {value!r}")
    return wish


def _changes(it: PhoneNumber, wish: NumberChanges) -> list[Command[object]]:
    """The commands for what is wished; where texts are reported is not the same for each kind."""
    said = given(_checked(wish))
    marks = {name: said.pop(name) for name in ("verified", "sandbox_code") if name in said}
    for name in said:
        if name not in TAKEN[it.kind]:
            known = ", ".join(TAKEN[it.kind])
            raise Mistaken(f"body {name}: a {it.kind} sender has none, but some of {known}")
    account, sid = it.account_sid, it.sid
    commands: list[Command[object]] = []
    if said and it.kind is SenderKind.WHATSAPP:
        webhook = {OF_SENDERS[name]: value for name, value in said.items()}
        commands.append(UpdateChannelSender(account=account, number=sid, webhook=webhook))
    elif said and it.kind is SenderKind.SHORT_CODE:
        commands.append(UpdateShortCode(account=account, number=sid, **said))
    elif said:
        commands.append(UpdateNumber(account=account, number=sid, **said))
    if marks:
        commands.append(MarkNumber(address=it.address, **marks))
    return commands
