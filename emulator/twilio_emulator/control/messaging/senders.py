"""Numbers and services by the control API: where texts come from and go to."""

from typing import Any, TypeVar

from twilio_emulator.control.routes import Control, Controls, Fields, Mistaken, Reply, json_reply
from twilio_emulator.core.conversations import webhook_configurations
from twilio_emulator.core.conversations.resources import Service, Services
from twilio_emulator.core.conversations.webhook_configurations import (
    ConfigureAccountWebhooks,
    ConfigureServiceWebhooks,
    WebhookConfiguration,
)
from twilio_emulator.core.kernel.parameters import is_url
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.core.kernel.world import Command, World
from twilio_emulator.core.senders import sender_selection
from twilio_emulator.core.senders.addresses import kept
from twilio_emulator.core.senders.messaging_services import MarkService, UpdateMessagingService
from twilio_emulator.core.senders.number_orders import MarkNumber, UpdateNumber, UpdateShortCode
from twilio_emulator.core.senders.resources import (
    MessagingService,
    MessagingServices,
    PhoneNumber,
    PhoneNumbers,
    SenderKind,
)
from twilio_emulator.core.senders.whatsapp_senders import WEBHOOK, UpdateChannelSender

F = TypeVar("F", bound=Fields)

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
    """What is to be different of a number; what is not given stays, an empty URL is none.

    For a WhatsApp sender the `sms_` URLs are its callback URL and fallback URL.
    """

    sms_url: str | None = None
    sms_method: str | None = None
    sms_fallback_url: str | None = None
    sms_fallback_method: str | None = None
    sms_application_sid: str | None = None
    status_callback: str | None = None
    status_callback_method: str | None = None
    verified: bool | None = None
    sandbox_code: str | None = None


class PoolChanges(Fields):
    """What is to be different of a messaging service; an empty URL is none."""

    inbound_request_url: str | None = None
    inbound_method: str | None = None
    fallback_url: str | None = None
    fallback_method: str | None = None
    status_callback: str | None = None
    use_inbound_webhook_on_number: bool | None = None
    us_app_to_person_registered: bool | None = None
    link_domain: str | None = None


MARKS = frozenset({"us_app_to_person_registered", "link_domain"})


class RoomChanges(Fields):
    """What is to be different of the webhooks of a conversation service, or of the account; an
    empty URL is none. New `filters` replace the old ones."""

    pre_webhook_url: str | None = None
    post_webhook_url: str | None = None
    method: str | None = None
    filters: tuple[str, ...] | None = None


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    @controls.on("GET", "/numbers")
    async def list_numbers(control: Control) -> Reply:
        numbers = control.hosted.world[PhoneNumbers]
        held = numbers.all(numbers.by_account, control.account_sid)
        return json_reply({"numbers": [number(each) for each in held]})

    @controls.on("PATCH", "/numbers/{address}")
    async def change_number(control: Control) -> Reply:
        world = control.hosted.world
        address = kept(world.numbering, control.said["address"])
        found = world[PhoneNumbers].at(address)
        if found is None or found.account_sid != control.account_sid:
            raise Mistaken(f"path address: {address} is no number of the account", 404)
        for command in _changes(found, control.body(NumberChanges)):
            await control.hosted.gate.perform(command)
        return json_reply(number(world[PhoneNumbers][found.sid]))

    @controls.on("GET", "/services")
    async def list_services(control: Control) -> Reply:
        world = control.hosted.world
        pools, rooms = world[MessagingServices], world[Services]
        return json_reply(
            {
                "webhooks": _webhooks(
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

    @controls.on("PATCH", "/services/{service}")
    async def change_service(control: Control) -> Reply:
        sid = control.said["service"]
        if control.hosted.world[Services].get(sid) is not None:
            return json_reply(await _change_room(control, sid))
        return json_reply(await _change_pool(control, sid))

    @controls.on("GET", "/conversation-webhooks")
    async def show_webhooks(control: Control) -> Reply:
        whole = webhook_configurations.for_account(control.hosted.world, control.account_sid)
        return json_reply(_webhooks(whole))

    @controls.on("PATCH", "/conversation-webhooks")
    async def change_webhooks(control: Control) -> Reply:
        wish = _checked(control.body(RoomChanges))
        command = ConfigureAccountWebhooks(account=control.account_sid, **given(wish))
        return json_reply(_webhooks(await control.hosted.gate.perform(command)))


async def _change_room(control: Control, sid: str) -> dict[str, object]:
    world = control.hosted.world
    if world[Services][sid].account_sid != control.account_sid:
        raise Mistaken(f"path service: {sid} is no service of the account", 404)
    wish = _checked(control.body(RoomChanges))
    command = ConfigureServiceWebhooks(service=sid, **given(wish))
    await control.hosted.gate.perform(command)
    return conversation_service(world, world[Services][sid])


async def _change_pool(control: Control, sid: str) -> dict[str, object]:
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
    """The wish, if its URLs and methods are such.

    Raises:
        Mistaken: one is not.
    """
    for name, value in given(wish).items():
        if name.endswith(("url", "callback")) and value and not is_url(value):
            raise Mistaken(f"body {name}: expected an URL such as {EXAMPLE}, not {value!r}")
        if name.endswith("method") and value not in ("GET", "POST"):
            raise Mistaken(f"body {name}: expected GET or POST, not {value!r}")
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


def number(it: PhoneNumber) -> dict[str, object]:
    """A number, and where its texts are reported."""
    return {
        "sid": it.sid,
        "address": it.address,
        "kind": it.kind,
        "friendly_name": it.friendly_name,
        "country": it.country,
        "messaging_service_sid": it.messaging_service_sid,
        "capabilities": [name for name in ("sms", "mms", "voice") if getattr(it, name)],
        "verified": it.verified,
        "sandbox_code": it.sandbox_code,
        "sms_url": it.sms_url,
        "sms_method": it.sms_method,
        "sms_fallback_url": it.sms_fallback_url,
        "sms_fallback_method": it.sms_fallback_method,
        "sms_application_sid": it.sms_application_sid,
        "status_callback": it.status_callback,
        "status_callback_method": it.status_callback_method,
        "date_created": write_instant(it.date_created),
    }


def messaging_service(world: World, it: MessagingService) -> dict[str, object]:
    """A messaging service with its pool."""
    return {
        "sid": it.sid,
        "friendly_name": it.friendly_name,
        "senders": [each.address for each in sender_selection.members(world, it.sid)],
        "inbound_request_url": it.inbound_request_url,
        "inbound_method": it.inbound_method,
        "fallback_url": it.fallback_url,
        "fallback_method": it.fallback_method,
        "status_callback": it.status_callback,
        "use_inbound_webhook_on_number": it.use_inbound_webhook_on_number,
        "sticky_sender": it.sticky_sender,
        "smart_encoding": it.smart_encoding,
        "validity_period": it.validity_period,
        "us_app_to_person_registered": it.us_app_to_person_registered,
    }


def conversation_service(world: World, it: Service) -> dict[str, object]:
    """A conversation service, with the webhooks that it has for everything in it."""
    return {
        "sid": it.sid,
        "friendly_name": it.friendly_name,
        "reachability_enabled": it.reachability_enabled,
        **_webhooks(webhook_configurations.for_service(world, it.sid)),
    }


def _webhooks(it: WebhookConfiguration) -> dict[str, object]:
    return {
        "pre_webhook_url": it.pre_webhook_url,
        "post_webhook_url": it.post_webhook_url,
        "method": it.method,
        "filters": list(it.filters or ()),
    }
