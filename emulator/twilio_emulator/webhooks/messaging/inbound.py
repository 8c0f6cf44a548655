"""Where an inbound text is reported, and what is said of it.

The rules of this file (https://www.twilio.com/docs/messaging/guides/webhook-request):

- A messaging service with an URL of its own gets the texts of all its numbers; one that defers to
  the number, or has none, leaves them to the number. A number with a TwiML app leaves them to that.
- A text that a conversation captured is not the number's business.
- A text that nobody is told of is told to whoever reads the log, with what would change that.
- What is known of the two places is said of SMS and MMS, and empty where nothing is known.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import PREFIXED, Channel
from twilio_emulator.core.senders.area_codes import place_of
from twilio_emulator.core.senders.resources import MessagingServices, PhoneNumbers
from twilio_emulator.core.senders.twiml_apps import Applications
from twilio_emulator.core.simulation.settings import settings
from twilio_emulator.core.texts import media as text_media
from twilio_emulator.core.texts.text import Text
from twilio_emulator.webhooks.decisions import AS_SET, Decision, Outcome
from twilio_emulator.webhooks.delivery import PublicUrl
from twilio_emulator.webhooks.http.exchange import Request
from twilio_emulator.webhooks.http.signatures import Parameters
from twilio_emulator.webhooks.messaging.hints import why_not_reported
from twilio_emulator.webhooks.messaging.manner import MESSAGING

EVENT = "inbound text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where inbound texts go. `setting` is what said so."""

    setting: str
    url: str | None
    method: str = "POST"
    fallback_url: str | None = None
    fallback_method: str = "POST"


def destination(world: World, text: Text) -> Destination | None:
    """Where a text is reported; None when nothing says so."""
    service = world[MessagingServices].get(text.messaging_service_sid)
    if service is not None and not service.use_inbound_webhook_on_number:
        return Destination(
            setting=f"inbound_request_url of {service.sid}",
            url=service.inbound_request_url,
            method=service.inbound_method,
            fallback_url=service.fallback_url,
            fallback_method=service.fallback_method,
        )
    number = world[PhoneNumbers].at(text.to)
    if number is None:
        return None
    app = world[Applications].get(number.sms_application_sid)
    if app is not None:
        return Destination(
            setting=f"sms_url of {app.sid}",
            url=app.sms_url,
            method=app.sms_method,
            fallback_url=app.sms_fallback_url,
            fallback_method=app.sms_fallback_method,
        )
    return Destination(
        setting=f"sms_url of {number.address}",
        url=number.sms_url,
        method=number.sms_method,
        fallback_url=number.sms_fallback_url,
        fallback_method=number.sms_fallback_method,
    )


def received(world: World, text: Text, public_url: PublicUrl) -> Outcome | None:
    """What becomes of a text that came in; None where no URL is set."""
    found = destination(world, text)
    if found is None or not found.url:
        return None
    url = found.url
    sent, because = True, AS_SET
    if text.conversation_sid is not None:
        sent, because = False, f"conversation {text.conversation_sid} captured it"
    decision = Decision(
        event=EVENT,
        subject=text.sid,
        setting=found.setting,
        url=found.url,
        sent=sent,
        because=because,
    )
    if not sent:
        return decision, None
    return decision, Request(
        event=EVENT,
        subject=text.sid,
        account_sid=text.account_sid,
        manner=MESSAGING,
        url=found.url,
        method=found.method.upper(),
        parameters=parameters(world, text, lambda host: public_url(host, url)),
        fallback=(found.fallback_url, found.fallback_method.upper())
        if found.fallback_url
        else None,
        fault=text.fault,
    )


def unreported(world: World, text: Text) -> Decision:
    """No app is told of a text, and this is what would change that."""
    found = destination(world, text)
    return Decision(
        event=EVENT,
        subject=text.sid,
        setting=found.setting if found else f"sms_url of {text.to}",
        url=None,
        sent=False,
        because=why_not_reported(world, text)[1],
    )


def parameters(world: World, text: Text, url_of: Callable[[str], str]) -> Parameters:
    """What is said of a text."""
    said: list[tuple[str, str]] = [
        ("MessageSid", text.sid),
        ("SmsSid", text.sid),
        ("SmsMessageSid", text.sid),
        ("AccountSid", text.account_sid),
    ]
    if text.messaging_service_sid is not None:
        said.append(("MessagingServiceSid", text.messaging_service_sid))
    said += [
        ("From", text.sender or ""),
        ("To", text.to),
        ("Body", text.body),
        ("NumMedia", str(text.num_media)),
        ("NumSegments", str(text.num_segments)),
        ("SmsStatus", "received"),
        ("ApiVersion", "2010-04-01"),
    ]
    if text.channel is Channel.WHATSAPP:
        said += _of_whatsapp(text)
    elif text.channel not in PREFIXED:
        said += _places(world, text)
    said += _media(world, text, url_of)
    if text.opt_out_type is not None:
        said.append(("OptOutType", text.opt_out_type))
    return (*said, *text.parameters, *settings(world).extra_inbound_params)


def _places(world: World, text: Text) -> Iterator[tuple[str, str]]:
    for side, number in (("From", text.sender or ""), ("To", text.to)):
        country = world.numbering.country(number) if number.startswith("+") else None
        place = place_of(number, country)
        yield f"{side}City", place.city
        yield f"{side}State", place.state
        yield f"{side}Zip", place.zip
        yield f"{side}Country", place.country


def _media(world: World, text: Text, url_of: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Links to the media, as apps can open them."""
    for index, media in enumerate(text_media.of(world, text.sid)):
        path = f"/2010-04-01/Accounts/{text.account_sid}/Messages/{text.sid}/Media/{media.sid}"
        yield f"MediaContentType{index}", media.content_type or "application/octet-stream"
        yield f"MediaUrl{index}", url_of("api.twilio.com") + path


def _of_whatsapp(text: Text) -> Iterator[tuple[str, str]]:
    """What WhatsApp adds to what the phone says of itself."""
    given = dict(text.parameters)
    context = {name: given[name] for name in ("ProfileName", "WaId") if name in given}
    metadata = {"type": "whatsapp", "data": {"context": context}}
    yield "ReferralNumMedia", "0"
    yield "ChannelMetadata", json.dumps(metadata, separators=(",", ":"), ensure_ascii=False)
