"""Which step of a text's life is called back, to whom, and with what.

The rules of this file (https://www.twilio.com/docs/messaging/guides/track-outbound-message-status):

- The first status and `sending` are never called back. The text's own URL comes before that of its
  messaging service, and that before the one of its WhatsApp sender.
- Body, price and segments are not said. All values are text.
- A fault may drop a callback, send it twice, or send it after the next one.
"""

from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import PREFIXED, bare, channel_of
from twilio_emulator.core.senders.refusals import LATER
from twilio_emulator.core.senders.resources import MessagingServices, PhoneNumbers, SenderKind
from twilio_emulator.core.texts.text import Text, TextStatus
from twilio_emulator.webhooks.decisions import AS_SET, Decision, Outcome
from twilio_emulator.webhooks.http.exchange import Request
from twilio_emulator.webhooks.http.signatures import Parameters
from twilio_emulator.webhooks.messaging.manner import MESSAGING

EVENT = "status callback"

FAILURES = frozenset({TextStatus.FAILED, TextStatus.UNDELIVERED})
REPORTED = frozenset({TextStatus.DELIVERED, TextStatus.UNDELIVERED})
LAST = frozenset(
    {
        TextStatus.CANCELED,
        TextStatus.FAILED,
        TextStatus.DELIVERED,
        TextStatus.UNDELIVERED,
        TextStatus.READ,
    }
)


def status_changed(world: World, text: Text) -> Outcome | None:
    """What becomes of a step; None where no URL wants to know, or Twilio never tells."""
    if text.status is TextStatus.SENDING:
        return None
    url, method, setting = text.status_callback, text.status_callback_method, "StatusCallback"
    service = world[MessagingServices].get(text.messaging_service_sid)
    if url is None and service is not None:
        url, method = service.status_callback, "POST"
        setting = f"status_callback of {service.sid}"
    sender = world[PhoneNumbers].at(text.sender or "")
    if url is None and sender is not None and sender.kind is SenderKind.WHATSAPP:
        url, method = sender.status_callback, sender.status_callback_method
        setting = f"status_callback_url of {sender.sid}"
    if not url:
        return None
    dropped = text.fault is not None and text.fault.drop_callback
    decision = Decision(
        event=f"{EVENT} {text.status}",
        subject=text.sid,
        setting=setting,
        url=url,
        sent=not dropped,
        because="a fault drops it" if dropped else AS_SET,
    )
    return decision, None if dropped else request(world, text, url, method)


def request(world: World, text: Text, url: str, method: str, status: str | None = None) -> Request:
    """The call that tells a text's status, or another one."""
    status = status or text.status
    return Request(
        event=f"{EVENT} {status}",
        subject=text.sid,
        account_sid=text.account_sid,
        manner=MESSAGING,
        url=url,
        method=method.upper(),
        parameters=_parameters(world, text, status),
        fault=text.fault,
    )


def _parameters(world: World, text: Text, status: str) -> Parameters:
    """What a callback says, in the order in which Twilio says it."""
    said: list[tuple[str, str | None]] = [
        ("ErrorCode", str(text.error_code) if text.error_code else None),
        ("SmsSid", text.sid),
        ("SmsStatus", status),
        ("MessageStatus", status),
        ("To", text.to),
        ("MessagingServiceSid", text.messaging_service_sid),
        ("MessageSid", text.sid),
        ("AccountSid", text.account_sid),
        ("From", text.sender),
        ("ApiVersion", "2010-04-01"),
    ]
    if channel_of(text.to) in PREFIXED:
        said += _of_channel(world, text, status)
    elif status in REPORTED:
        said.append(("RawDlrDoneDate", text.date_updated.strftime("%y%m%d%H%M")))
    return tuple((name, value) for name, value in said if value is not None)


def _of_channel(world: World, text: Text, status: str) -> list[tuple[str, str | None]]:
    """What WhatsApp and other channels add."""
    sender = world[PhoneNumbers].at(text.sender or "")
    reason = LATER.get(text.error_code or 0) if status in FAILURES else None
    return [
        ("ChannelPrefix", channel_of(text.to)),
        ("ChannelInstallSid", sender.sid if sender else None),
        ("ChannelToAddress", bare(text.to)),
        ("StructuredMessage", "false"),
        ("EventType", status.upper() if status in LAST else None),
        ("ChannelStatusMessage", reason),
        ("ErrorMessage", reason),
    ]
