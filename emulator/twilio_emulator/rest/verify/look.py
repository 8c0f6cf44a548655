"""How services, verifications and checks of Verify v2 look, key for key as Twilio's pages show
them."""

from twilio_emulator.core.verify.channels import TO_NUMBERS
from twilio_emulator.core.verify.checks import CheckResult
from twilio_emulator.core.verify.resources import (
    CarrierFound,
    Verification,
    VerificationStatus,
    VerifyService,
)
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.spelling import iso, iso_milliseconds

LINKS = {
    "verification_checks": "VerificationCheck",
    "verifications": "Verifications",
    "rate_limits": "RateLimits",
    "messaging_configurations": "MessagingConfigurations",
    "entities": "Entities",
    "webhooks": "Webhooks",
    "access_tokens": "AccessTokens",
}


def service(it: VerifyService, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/verify/api/service"""
    url = service_url(it.sid, call)
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "friendly_name": it.friendly_name,
        "code_length": it.code_length,
        "lookup_enabled": it.lookup_enabled,
        "psd2_enabled": it.psd2_enabled,
        "skip_sms_to_landlines": it.skip_sms_to_landlines,
        "dtmf_input_required": it.dtmf_input_required,
        "tts_name": it.tts_name,
        "do_not_share_warning_enabled": it.do_not_share_warning_enabled,
        "custom_code_enabled": it.custom_code_enabled,
        "push": {
            "include_date": it.push_include_date,
            "apn_credential_sid": it.push_apn_credential_sid,
            "fcm_credential_sid": it.push_fcm_credential_sid,
        },
        "totp": {
            "issuer": it.totp_issuer,
            "time_step": it.totp_time_step,
            "code_length": it.totp_code_length,
            "skew": it.totp_skew,
        },
        "default_template_sid": it.default_template_sid,
        "whatsapp": {"msg_service_sid": it.whatsapp_msg_service_sid, "from": it.whatsapp_from},
        "passkeys": {
            "relying_party": {
                "id": it.passkeys_relying_party_id,
                "name": it.passkeys_relying_party_name,
                "origins": it.passkeys_relying_party_origins,
            },
            "authenticator_attachment": it.passkeys_authenticator_attachment,
            "discoverable_credentials": it.passkeys_discoverable_credentials,
            "user_verification": it.passkeys_user_verification,
        },
        "verify_event_subscription_enabled": it.verify_event_subscription_enabled,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "url": url,
        "links": {name: f"{url}/{path}" for name, path in LINKS.items()},
    }


def service_url(sid: str, call: Call) -> str:
    """Where a service is, on the form of the request."""
    return f"{call.root}/Services/{sid}"


def verification(it: Verification, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/verify/api/verification

    Decided, where Twilio's pages and what was seen differ: channels of attempts in lower case,
    `sna` null where there is none, `carrier` null where nothing was looked up.
    """
    return {
        "sid": it.sid,
        "service_sid": it.service_sid,
        "account_sid": it.account_sid,
        "to": it.to,
        "channel": it.channel,
        "status": it.status,
        "valid": it.status is VerificationStatus.APPROVED,
        "lookup": {"carrier": carrier(it.carrier)} if it.channel in TO_NUMBERS else {},
        "amount": it.amount,
        "payee": it.payee,
        "send_code_attempts": [
            {
                "attempt_sid": each.attempt_sid,
                "channel": each.channel,
                "time": iso_milliseconds(each.time),
            }
            for each in it.sends
        ],
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "sna": None if it.sna_url is None else {"url": sna_url(it.sna_url, call)},
        "url": f"{service_url(it.service_sid, call)}/Verifications/{it.sid}",
    }


def sna_url(path: str, call: Call) -> str:
    """Where a phone opens an address of silent network authentication: on the form of the request,
    with the account that it is about."""
    site = call.site
    origin = site.base if site.others == "https://" else site.others.rstrip("/")
    return f"{origin}{path}?account={call.account_sid}"


def carrier(it: CarrierFound | None) -> dict[str, object] | None:
    """What a look-up found, in the order in which it was seen."""
    if it is None:
        return None
    return {
        "mobile_country_code": it.mobile_country_code,
        "type": it.type,
        "error_code": None,
        "mobile_network_code": it.mobile_network_code,
        "name": it.name,
    }


def check(result: CheckResult, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/verify/api/verification-check

    Decided: a verification that is used up by this check is still said to be pending, and codes of
    silent network authentication are null where there was none.
    """
    it = result.verification
    return {
        "sid": it.sid,
        "service_sid": it.service_sid,
        "account_sid": it.account_sid,
        "to": it.to,
        "channel": it.channel,
        "status": "approved" if result.valid else "pending",
        "valid": result.valid,
        "amount": it.amount,
        "payee": it.payee,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "sna_attempts_error_codes": [
            {"attempt_sid": each.attempt_sid, "code": each.code} for each in it.sna_errors
        ]
        or None,
    }
