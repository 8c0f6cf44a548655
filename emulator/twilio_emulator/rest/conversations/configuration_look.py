"""How the configuration of Conversations looks: of an account, of a service, and for push."""

from twilio_emulator.core.conversations.address_configurations import AddressConfiguration
from twilio_emulator.core.conversations.push_credentials import Credential
from twilio_emulator.core.conversations.push_notifications import Binding, NotificationConfiguration
from twilio_emulator.core.conversations.resources import AccountConfiguration, Service
from twilio_emulator.core.conversations.webhook_configurations import WebhookConfiguration
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.spelling import iso, iso_duration


def account(it: AccountConfiguration, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/conversations/api/configuration-resource"""
    url = f"{call.root}/Configuration"
    return {
        "account_sid": it.sid,
        "default_chat_service_sid": it.default_chat_service_sid,
        "default_messaging_service_sid": it.default_messaging_service_sid,
        "default_inactive_timer": iso_duration(it.default_inactive_timer),
        "default_closed_timer": iso_duration(it.default_closed_timer),
        "url": url,
        "links": {
            "service": f"{call.root}/Services/{it.default_chat_service_sid}/Configuration",
            "webhooks": f"{url}/Webhooks",
        },
    }


def address(it: AddressConfiguration, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/conversations/api/address-configuration-resource"""
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "type": it.type,
        "address": it.address,
        "friendly_name": it.friendly_name,
        "auto_creation": auto_creation(it),
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "url": f"{call.root}/Configuration/Addresses/{it.sid}",
        "address_country": it.address_country,
    }


def auto_creation(it: AddressConfiguration) -> dict[str, object]:
    """What belongs to the type of autocreation."""
    shown: dict[str, object] = {
        "enabled": it.enabled,
        "type": it.auto_creation_type,
        "conversation_service_sid": it.conversation_service_sid,
    }
    if it.auto_creation_type == "webhook":
        shown |= {
            "webhook_url": it.webhook.url,
            "webhook_method": it.webhook.method,
            "webhook_filters": it.webhook.filters,
        }
    elif it.auto_creation_type == "studio":
        shown |= {
            "studio_flow_sid": it.webhook.flow_sid,
            "studio_retry_count": it.studio_retry_count,
        }
    return shown


def account_webhooks(it: WebhookConfiguration, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/conversations/api/webhook-configuration-resource"""
    return {
        "account_sid": it.account_sid,
        "method": it.method,
        "filters": it.filters,
        "pre_webhook_url": it.pre_webhook_url,
        "post_webhook_url": it.post_webhook_url,
        "target": it.target,
        "url": f"{call.root}/Configuration/Webhooks",
    }


def service(it: Service, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/conversations/api/service-configuration-resource"""
    url = f"{call.root}/Configuration"
    return {
        "chat_service_sid": it.sid,
        "default_conversation_creator_role_sid": it.default_conversation_creator_role_sid,
        "default_conversation_role_sid": it.default_conversation_role_sid,
        "default_chat_service_role_sid": it.default_chat_service_role_sid,
        "url": url,
        "links": {"notifications": f"{url}/Notifications", "webhooks": f"{url}/Webhooks"},
        "reachability_enabled": it.reachability_enabled,
    }


def service_webhooks(it: WebhookConfiguration, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/conversations/api/per-service-webhook-resource"""
    return {
        "account_sid": it.account_sid,
        "chat_service_sid": it.sid,
        "pre_webhook_url": it.pre_webhook_url,
        "post_webhook_url": it.post_webhook_url,
        "filters": it.filters,
        "method": it.method,
        "url": f"{call.root}/Configuration/Webhooks",
    }


def notifications(it: NotificationConfiguration, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/conversations/api/service-notification-resource"""
    return {
        "account_sid": it.account_sid,
        "chat_service_sid": it.sid,
        "new_message": {
            "enabled": it.new_message_enabled,
            "template": it.new_message_template,
            "sound": it.new_message_sound,
            "badge_count_enabled": it.new_message_badge_count_enabled,
            "with_media": {
                "enabled": it.new_message_with_media_enabled,
                "template": it.new_message_with_media_template,
            },
        },
        "added_to_conversation": {
            "enabled": it.added_to_conversation_enabled,
            "template": it.added_to_conversation_template,
            "sound": it.added_to_conversation_sound,
        },
        "removed_from_conversation": {
            "enabled": it.removed_from_conversation_enabled,
            "template": it.removed_from_conversation_template,
            "sound": it.removed_from_conversation_sound,
        },
        "log_enabled": it.log_enabled,
        "url": f"{call.root}/Configuration/Notifications",
    }


def credential(it: Credential, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/conversations/api/credential-resource"""
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "friendly_name": it.friendly_name,
        "type": it.type,
        "sandbox": None if it.sandbox is None else str(it.sandbox),
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "url": f"{call.root}/Credentials/{it.sid}",
    }


def binding(it: Binding, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/conversations/api/service-binding-resource"""
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "chat_service_sid": it.service_sid,
        "credential_sid": it.credential_sid,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "endpoint": it.endpoint,
        "identity": it.identity,
        "binding_type": it.type,
        "message_types": it.message_types,
        "url": f"{call.root}/Bindings/{it.sid}",
    }
