"""Numbers and services by the control API: where texts come from and go to."""

from emulator.core import selection
from emulator.core.channels import kept
from emulator.core.number_orders import MarkNumber, UpdateNumber, UpdateShortCode
from emulator.core.plain import Command, write_instant
from emulator.core.pools import MarkService
from emulator.core.senders import MessagingService, PhoneNumber, SenderKind
from emulator.core.services import Service
from emulator.core.world import World
from emulator.wire.controls import Control, Controls, Fields, Mistaken, Reply, json_reply


class NumberChanges(Fields):
    """What is to be different of a number; what is not given stays, an empty URL is none."""

    sms_url: str | None = None
    sms_method: str | None = None
    verified: bool | None = None
    sandbox_code: str | None = None


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    @controls.on("GET", "/numbers")
    async def list_numbers(control: Control) -> Reply:
        numbers = control.hosted.world.phone_numbers
        held = numbers.all(numbers.by_account, control.account_sid)
        return json_reply({"numbers": [number(each) for each in held]})

    @controls.on("PATCH", "/numbers/{address}")
    async def change_number(control: Control) -> Reply:
        world = control.hosted.world
        address = kept(world.numbering, control.said["address"])
        found = world.phone_numbers.at(address)
        if found is None or found.account_sid != control.account_sid:
            raise Mistaken(f"path address: {address} is no number of the account", 404)
        for command in _changes(found, control.body(NumberChanges)):
            found = await control.hosted.gate.perform(command)
        return json_reply(number(found))

    @controls.on("GET", "/services")
    async def list_services(control: Control) -> Reply:
        world = control.hosted.world
        pools, rooms = world.messaging_services, world.services
        return json_reply(
            {
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
        command = control.command(MarkService, messaging_service=control.said["service"])
        changed = await control.hosted.gate.perform(command)
        return json_reply(messaging_service(control.hosted.world, changed))


def _changes(it: PhoneNumber, wish: NumberChanges) -> list[Command]:
    """The commands for what is wished; where texts are reported is not the same for each kind."""
    commands: list[Command] = []
    if wish.sms_url is not None or wish.sms_method is not None:
        if it.kind is SenderKind.WHATSAPP:
            raise Mistaken("body sms_url: a WhatsApp sender has its webhook by the Senders API")
        kind = UpdateShortCode if it.kind is SenderKind.SHORT_CODE else UpdateNumber
        commands.append(
            kind(
                account=it.account_sid,
                number=it.sid,
                sms_url=wish.sms_url,
                sms_method=wish.sms_method,
            )
        )
    if wish.verified is not None or wish.sandbox_code is not None:
        commands.append(
            MarkNumber(address=it.address, verified=wish.verified, sandbox_code=wish.sandbox_code)
        )
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
        "status_callback": it.status_callback,
        "date_created": write_instant(it.date_created),
    }


def messaging_service(world: World, it: MessagingService) -> dict[str, object]:
    """A messaging service with its pool."""
    return {
        "sid": it.sid,
        "friendly_name": it.friendly_name,
        "senders": [each.address for each in selection.members(world, it.sid)],
        "inbound_request_url": it.inbound_request_url,
        "status_callback": it.status_callback,
        "use_inbound_webhook_on_number": it.use_inbound_webhook_on_number,
        "sticky_sender": it.sticky_sender,
        "smart_encoding": it.smart_encoding,
        "validity_period": it.validity_period,
        "us_app_to_person_registered": it.us_app_to_person_registered,
    }


def conversation_service(world: World, it: Service) -> dict[str, object]:
    """A conversation service, with the webhooks that it has for everything in it."""
    hooks = world.webhook_configurations.get(it.sid)
    return {
        "sid": it.sid,
        "friendly_name": it.friendly_name,
        "reachability_enabled": it.reachability_enabled,
        "pre_webhook_url": hooks and hooks.pre_webhook_url,
        "post_webhook_url": hooks and hooks.post_webhook_url,
        "filters": list(hooks.filters or ()) if hooks else [],
    }
