"""WhatsApp senders as the Channels Senders resource keeps them.

The rules of this file (https://www.twilio.com/docs/whatsapp/api/senders):

- A sender is a number of the account under `whatsapp:`, and online at once, without verification.
- What a request leaves out of configuration, webhook or profile stays as it was.
- The webhook of a sender is its own, not that of the phone number with the same digits.
"""

import json

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.parameters import is_url
from twilio_emulator.core.kernel.records import command, record, replace
from twilio_emulator.core.kernel.refusals import CONFLICT, INVALID_PARAMETER, Refused
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import Channel, channel_of, numbered
from twilio_emulator.core.senders.number_listing import fetch_channel_sender
from twilio_emulator.core.senders.number_orders import NumberChanged, NumberReleased, release
from twilio_emulator.core.senders.resources import PhoneNumber, PhoneNumbers, add_number

NAME_LIMIT = 64

CONFIGURATION = (
    "waba_id",
    "verification_method",
    "verification_code",
    "voice_application_sid",
    "account_type",
)
WEBHOOK = {
    "callback_url": "sms_url",
    "callback_method": "sms_method",
    "fallback_url": "sms_fallback_url",
    "fallback_method": "sms_fallback_method",
    "status_callback_url": "status_callback",
    "status_callback_method": "status_callback_method",
}
"""What its webhook is called, and the field of the number that has it."""

TEXTS = (
    "name",
    "about",
    "address",
    "description",
    "logo_url",
    "banner_url",
    "privacy_url",
    "terms_of_service_url",
    "accent_color",
    "use_case",
    "vertical",
)
LISTS = ("websites", "emails", "phone_numbers")


@record
class SenderProfile:
    """What users see of a sender, under its sid (XE), and how it is set up; JSON, as texts."""

    sid: str
    configuration: str = "{}"
    profile: str = "{}"


class SenderProfiles(Table[SenderProfile]):
    """Profiles of senders that were made by request."""

    def __init__(self) -> None:
        super().__init__(SenderProfile)


@command
class AddChannelSender:
    """Have a WhatsApp sender. `configuration` and `webhook` are objects, `profile` is JSON."""

    account: str
    sender_id: str
    friendly_name: str | None = None
    configuration: dict[str, str] | None = None
    webhook: dict[str, str] | None = None
    profile: str | None = None

    def apply(self, world: World) -> PhoneNumber:
        address = self._address(world)
        changes = _changes(self)
        sender = add_number(world, self.account, address)
        return _changed(world, replace(sender, **changes), self)

    def _address(self, world: World) -> str:
        address = numbered(world.numbering, self.sender_id)
        if address is None or channel_of(address) is not Channel.WHATSAPP:
            raise Refused(INVALID_PARAMETER, parameter="sender_id")
        if world[PhoneNumbers].at(address) is not None:
            raise Refused(CONFLICT)
        return address


@command
class UpdateChannelSender:
    """Set a WhatsApp sender up otherwise."""

    account: str
    number: str
    friendly_name: str | None = None
    configuration: dict[str, str] | None = None
    webhook: dict[str, str] | None = None
    profile: str | None = None

    def apply(self, world: World) -> PhoneNumber:
        sender = fetch_channel_sender(world, account=self.account, number=self.number)
        changes = _changes(self)
        return _changed(world, replace(sender, date_updated=world.now, **changes), self)


@command
class RemoveChannelSender:
    """Give a WhatsApp sender up."""

    account: str
    number: str

    def apply(self, world: World) -> None:
        sender = fetch_channel_sender(world, account=self.account, number=self.number)
        release(world, sender)


def forget_profile(world: World, released: NumberReleased) -> None:
    """The profile of a sender goes with it."""
    if released.number.sid in world[SenderProfiles]:
        world[SenderProfiles].remove(released.number.sid)


def profile_of(world: World, sid: str) -> SenderProfile:
    """The profile of a sender; an empty one for those that were there from the start."""
    return world[SenderProfiles].get(sid) or SenderProfile(sid=sid)


def _changes(wish: AddChannelSender | UpdateChannelSender) -> dict[str, object]:
    """What a request changes of a number; an empty text removes an URL.

    Raises:
        Refused: 20001 an invalid URL or method, 50003 the name is too long.
    """
    changes: dict[str, object] = {}
    said = wish.webhook or {}
    for name, field in WEBHOOK.items():
        value = said.get(name)
        if value is None:
            continue
        good = value in ("GET", "POST") if name.endswith("method") else not value or is_url(value)
        if not good:
            raise Refused(INVALID_PARAMETER, parameter=f"webhook.{name}")
        changes[field] = value or None
    friendly_name = parameters.name(wish.friendly_name, NAME_LIMIT)
    if friendly_name is not None:
        changes["friendly_name"] = friendly_name
    return changes


def _changed(
    world: World, sender: PhoneNumber, wish: AddChannelSender | UpdateChannelSender
) -> PhoneNumber:
    profile = profile_of(world, sender.sid)
    if wish.configuration is not None:
        configuration = json.loads(profile.configuration) | wish.configuration
        profile = replace(profile, configuration=json.dumps(configuration))
    if wish.profile is not None:
        shown = json.loads(profile.profile) | json.loads(wish.profile)
        profile = replace(profile, profile=json.dumps(shown, ensure_ascii=False))
    world[PhoneNumbers].put(sender)
    world[SenderProfiles].put(profile)
    world.tell(NumberChanged(sid=sender.sid, number=sender))
    return sender
