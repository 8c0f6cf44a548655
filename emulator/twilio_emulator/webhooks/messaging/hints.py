"""Why nobody was told of a text, and what would change that."""

from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.resources import (
    MessagingService,
    MessagingServices,
    PhoneNumber,
    PhoneNumbers,
    SenderKind,
)
from twilio_emulator.core.senders.twiml_apps import Applications
from twilio_emulator.core.texts.text import Text
from twilio_emulator.webhooks.hints import API, PAGE, Hints


def not_reported(hints: Hints, text: Text) -> None:
    """A text came in, and no setting says whom to tell."""
    world = hints.world
    about, words = why_not_reported(world, text)
    hints.give("no-sms-url", about, text.sid, lambda: words)


def not_called_back(hints: Hints, text: Text) -> None:
    """A text came to its end with nobody to tell, though its number has such an URL."""
    number = hints.world[PhoneNumbers].at(text.sender or "")
    if number is not None and number.status_callback and number.kind is not SenderKind.WHATSAPP:
        words = (
            f"the StatusCallback of {number.address} is for calls: give each message its "
            "StatusCallback, or set the one of its messaging service"
        )
        hints.give("callback-of-calls", number.address, text.sid, lambda: words)


def why_not_reported(world: World, text: Text) -> tuple[str, str]:
    """Whose setting lacks for a text that nobody was told of, and the words of the hint."""
    number = world[PhoneNumbers].at(text.to)
    if number is None:
        return text.to, f"{text.to} is no number of the account any more, so it has no SmsUrl"
    service = world[MessagingServices].get(number.messaging_service_sid)
    if service is not None and not service.use_inbound_webhook_on_number:
        return service.sid, _of_service(service)
    app = world[Applications].get(number.sms_application_sid)
    if app is not None:
        words = (
            f"{app.sid}, which {number.address} leaves its texts to, has no SmsUrl: set it with "
            f'client.applications("{app.sid}").update(sms_url=...)'
        )
        return app.sid, words
    if number.kind is SenderKind.WHATSAPP:
        return number.address, _of_whatsapp(number)
    return number.address, _of_number(number) + _besides(world, number, service)


def _of_number(it: PhoneNumber) -> str:
    resource = "short_codes" if it.kind is SenderKind.SHORT_CODE else "incoming_phone_numbers"
    return (
        f'{it.address} has no SmsUrl: set it with client.{resource}("{it.sid}")'
        f".update(sms_url=...), {_patch(it)}, or on {PAGE}"
    )


def _of_whatsapp(it: PhoneNumber) -> str:
    return (
        f"{it.address} has no webhook: set its callback_url with the Senders API ({it.sid}), "
        f"{_patch(it)}, or on {PAGE}"
    )


def _patch(it: PhoneNumber) -> str:
    return f'PATCH {API}/numbers/{it.address} {{"sms_url": "http://localhost:3000/sms"}}'


def _of_service(it: MessagingService) -> str:
    return (
        f"{it.sid} takes the texts of its numbers (UseInboundWebhookOnNumber is false) and has no "
        f"InboundRequestUrl: set it with PATCH {API}/services/{it.sid} "
        '{"inbound_request_url": "http://localhost:3000/sms"} or on '
        f"{PAGE}, or leave texts to the number"
    )


def _besides(world: World, number: PhoneNumber, service: MessagingService | None) -> str:
    """What may have been meant to be told instead."""
    if service is not None and service.inbound_request_url:
        return (
            f"; the InboundRequestUrl of {service.sid} is not called while its "
            "UseInboundWebhookOnNumber is true"
        )
    services = world[MessagingServices]
    for each in services.all(services.by_account, number.account_sid):
        if each.inbound_request_url and each is not service:
            return f"; it is not in the pool of {each.sid}, which has an InboundRequestUrl"
    return ""
