"""Numbers and services as the control API shows them."""

from typing import TypedDict

from twilio_emulator.core.conversations import webhook_configurations
from twilio_emulator.core.conversations.resources import Service
from twilio_emulator.core.conversations.webhook_configurations import WebhookConfiguration
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders import sender_selection
from twilio_emulator.core.senders.resources import MessagingService, PhoneNumber, SenderKind


class ShownNumber(TypedDict):
    """A number or WhatsApp sender, and where its texts are reported.

    Attributes:
        sid: PN, or XE of a WhatsApp sender.
        country: ISO code.
        capabilities: of `sms`, `mms` and `voice`.
        verified: whether a toll-free number is.
        sandbox_code: what joins it, when it is a WhatsApp sandbox.
    """

    sid: str
    address: str
    kind: SenderKind
    friendly_name: str
    country: str | None
    messaging_service_sid: str | None
    capabilities: list[str]
    verified: bool
    sandbox_code: str | None
    sms_url: str | None
    sms_method: str
    sms_fallback_url: str | None
    sms_fallback_method: str
    sms_application_sid: str | None
    status_callback: str | None
    status_callback_method: str
    date_created: str


class NumberList(TypedDict):
    """What texts come from and go to."""

    numbers: list[ShownNumber]


class ShownWebhooks(TypedDict):
    """Where the events of conversations go.

    Attributes:
        pre_webhook_url: who is asked before something happens.
        post_webhook_url: who is told what happened.
        filters: the events that are told or asked about.
    """

    pre_webhook_url: str | None
    post_webhook_url: str | None
    method: str | None
    filters: list[str]


class ShownMessagingService(TypedDict):
    """A messaging service (MG) with its pool.

    Attributes:
        senders: their addresses.
        validity_period: seconds that its texts may wait.
    """

    sid: str
    friendly_name: str
    senders: list[str]
    inbound_request_url: str | None
    inbound_method: str
    fallback_url: str | None
    fallback_method: str
    status_callback: str | None
    use_inbound_webhook_on_number: bool
    sticky_sender: bool
    smart_encoding: bool
    validity_period: int
    us_app_to_person_registered: bool
    link_domain: str | None


class ShownConversationService(ShownWebhooks):
    """A conversation service (IS), with the webhooks that it has for everything in it.

    Attributes:
        reachability_enabled: whether it is told who is online.
    """

    sid: str
    friendly_name: str | None
    reachability_enabled: bool


class ServiceList(TypedDict):
    """Services of messaging and of conversations.

    Attributes:
        webhooks: of conversations, for the whole account.
    """

    webhooks: ShownWebhooks
    messaging: list[ShownMessagingService]
    conversations: list[ShownConversationService]


def number(it: PhoneNumber) -> ShownNumber:
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


def messaging_service(world: World, it: MessagingService) -> ShownMessagingService:
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
        "link_domain": it.link_domain,
    }


def conversation_service(world: World, it: Service) -> ShownConversationService:
    """A conversation service, with the webhooks that it has for everything in it."""
    return {
        "sid": it.sid,
        "friendly_name": it.friendly_name,
        "reachability_enabled": it.reachability_enabled,
        **webhooks(webhook_configurations.for_service(world, it.sid)),
    }


def webhooks(it: WebhookConfiguration) -> ShownWebhooks:
    """Where the events of conversations go."""
    return {
        "pre_webhook_url": it.pre_webhook_url,
        "post_webhook_url": it.post_webhook_url,
        "method": it.method,
        "filters": list(it.filters or ()),
    }
