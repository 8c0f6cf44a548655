"""Codes by WhatsApp: its authentication template, from a sender of the account's own.

The rules of this file (https://www.twilio.com/docs/verify/whatsapp):

- The words are WhatsApp's, and so is the button that copies the code: nobody can change them. The
  service's name is not among them.
- It comes from the service's `Whatsapp.MsgServiceSid` or `Whatsapp.From`. Decided: else from the
  account's first WhatsApp sender, but not with the `strict-us` carrier, which has no favours.
- Where `ChannelConfiguration` allows SMS besides, a code that did not arrive goes out again so.
"""

import json

from twilio_emulator.core.carrier import delivery
from twilio_emulator.core.content import content_types, one_time_codes
from twilio_emulator.core.content.rendered import Rendered
from twilio_emulator.core.kernel import outside
from twilio_emulator.core.kernel.records import Plain, record
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import Channel, on_channel
from twilio_emulator.core.senders.resources import MessagingServices, PhoneNumbers, SenderKind
from twilio_emulator.core.simulation.settings import profile
from twilio_emulator.core.verify import by_sms, errors
from twilio_emulator.core.verify.channels import VerifyChannel
from twilio_emulator.core.verify.resources import Attempt, Verification, VerifyService
from twilio_emulator.core.verify.wishes import SendWish

BUTTONS = {
    "en": "Copy code",
    "fr": "Copier le code",
    "de": "Code kopieren",
    "es": "Copiar código",
    "pt-BR": "Copiar código",
    "pt": "Copiar código",
    "ja": "コードをコピー",
}
"""What the button says: in French as Twilio's page has it, else decided; English where nothing
stands here."""

LANGUAGES = {"pt": "pt_PT"}
"""What WhatsApp calls a language that it knows by another name."""


@record
class WhatsAppSender:
    """Where a code comes from: a sender, or the messaging service that chooses one."""

    address: str | None
    messaging_service_sid: str | None


def sender_of(world: World, service: VerifyService) -> WhatsAppSender | None:
    """The WhatsApp sender of a service; None when it has none."""
    numbers = world[PhoneNumbers]
    if service.whatsapp_msg_service_sid is not None:
        if service.whatsapp_msg_service_sid not in world[MessagingServices]:
            return None
        return WhatsAppSender(address=None, messaging_service_sid=service.whatsapp_msg_service_sid)
    if service.whatsapp_from is not None:
        own = numbers.at(service.whatsapp_from)
        if own is None or own.account_sid != service.account_sid:
            return None
        return WhatsAppSender(address=own.address, messaging_service_sid=None)
    if profile(world).registration:
        return None
    for number in numbers.all(numbers.by_account, service.account_sid):
        if number.kind is SenderKind.WHATSAPP:
            return WhatsAppSender(address=number.address, messaging_service_sid=None)
    return None


def check_whatsapp(world: World, wish: SendWish) -> SendWish:
    """The service has a sender on WhatsApp, and what is sent is no payment, of which the template
    has no words: that this is refused so is decided."""
    if wish.channel is VerifyChannel.WHATSAPP:
        if wish.service.psd2_enabled:
            raise Refused(errors.NOT_SUPPORTED)
        if sender_of(world, wish.service) is None:
            raise Refused(errors.NO_WHATSAPP)
    return wish


def send_whatsapp(
    world: World, verification: Verification, attempt: Attempt, wish: SendWish
) -> None:
    """Send the template with the code."""
    sender = sender_of(world, wish.service)
    shown = content(wish, verification.code)
    text = delivery.send(
        world,
        account_sid=attempt.account_sid,
        sender=None if sender is None else sender.address,
        messaging_service_sid=None if sender is None else sender.messaging_service_sid,
        to=on_channel(Channel.WHATSAPP, attempt.to),
        body=shown.body or "",
        content=shown,
        listed=sender is not None and sender.messaging_service_sid is not None,
        verification_attempt_sid=attempt.sid,
        one_time_code=verification.code,
    )
    by_sms.note(world, attempt, text, falls_back=allows_sms(wish.asked.channel_configuration))


def content(wish: SendWish, code: str) -> Rendered:
    """The authentication template as a phone shows it. Decided: the advice not to share the code is
    there where the service warns of that."""
    fields: dict[str, Plain] = {
        "add_security_recommendation": wish.service.do_not_share_warning_enabled,
        "code_expiration_minutes": wish.service.code_ttl // 60,
        "actions": [
            {
                "type": "COPY_CODE",
                "copy_code_text": BUTTONS.get(wish.language, BUTTONS["en"]),
            }
        ],
    }
    language = LANGUAGES.get(wish.language, wish.language)
    shown = one_time_codes.spelled_out(fields, language, {"1": code})
    return Rendered(
        type=one_time_codes.TYPE,
        data=json.dumps(shown, ensure_ascii=False),
        body=content_types.words(shown),
    )


def allows_sms(configuration: str | None) -> bool:
    """Whether `ChannelConfiguration` lets a code go by SMS too, as in
    `{"whatsapp": {"enabled": true}, "sms": {"enabled": true}}`; it is known to be a JSON object."""
    said = outside.json_value(configuration or "{}")
    assert isinstance(said, dict)
    sms = said.get("sms")
    return isinstance(sms, dict) and sms.get("enabled") is True
