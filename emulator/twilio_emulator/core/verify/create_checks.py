"""What a request to send a code is asked, in order: the first question that says no answers it.

The rules of this file:

- The order is decided, as no page of Twilio's tells it: the service, what is missing, `Channel`,
  `To`, the form of the other parameters, what the service has, whether the channel is switched on,
  the account's rate limits, how often was sent, geography, fraud, landlines. It is the list
  `CHECKS`, and before it `read`.
- The safe list and `RiskCheck=disable` skip geography and fraud, and nothing else
  (https://www.twilio.com/docs/verify/api/safe-list).
"""

import re
from ipaddress import ip_address

from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.lookup.line_types import NumberType, line_type_of
from twilio_emulator.core.phones import mailboxes
from twilio_emulator.core.senders.addresses import spelled
from twilio_emulator.core.verify import by_auto, codes, errors, locales
from twilio_emulator.core.verify.by_call import check_spoken
from twilio_emulator.core.verify.by_email import check_email
from twilio_emulator.core.verify.by_whatsapp import check_whatsapp
from twilio_emulator.core.verify.channels import (
    BY_ACCESS,
    IN_LANGUAGES,
    TO_NUMBERS,
    VerifyChannel,
)
from twilio_emulator.core.verify.fraud import check_fraud, check_geo_permissions
from twilio_emulator.core.verify.json_parameters import json_object, json_texts
from twilio_emulator.core.verify.names import check_name
from twilio_emulator.core.verify.rate_limit_counts import check_rate_limits
from twilio_emulator.core.verify.resources import (
    Verification,
    Verifications,
    VerificationStatus,
    VerifyService,
)
from twilio_emulator.core.verify.templates import choose_template
from twilio_emulator.core.verify.wishes import AskedVerification, Check, SendWish

MOST_TAGS = 10
LONGEST_TAG = 128

RISK_CHECKS = ("enable", "disable")

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_KEYS = re.compile(r"[0-9#*wW]+")
_HASH = re.compile(r"[A-Za-z0-9+/]{11}")


def read(world: World, service: VerifyService, asked: AskedVerification) -> SendWish:
    """What is asked for, once its parameters are known to be of their form.

    Raises:
        Refused: 20001 one is missing, 60200 one cannot be.
    """
    to = errors.required("To", asked.to)
    channel = read_channel(errors.required("Channel", asked.channel))
    to = read_recipient(world, to, channel)
    check_forms(asked)
    locale = locales.read(asked.locale) if asked.locale and channel in IN_LANGUAGES else None
    country = world.numbering.country(to) if channel in TO_NUMBERS else None
    return SendWish(
        service=service,
        asked=asked,
        channel=channel,
        to=to,
        country=country,
        live=find_live(world, service.sid, to),
        friendly_name=asked.custom_friendly_name or service.friendly_name,
        locale=locale,
        language=locale or locales.of_country(country),
        risk_check=(asked.risk_check or "enable").lower() != "disable",
        rate_limits=_values(asked.rate_limits),
    )


def _values(said: str | None) -> tuple[tuple[str, str], ...]:
    """What a request says for rate limits, which most say nothing for."""
    return tuple(json_texts("RateLimits", said).items()) if said else ()


def find_live(world: World, service_sid: str, to: str) -> Verification | None:
    """The verification that is live for a recipient."""
    return world[Verifications].found(world[Verifications].live, (service_sid, to))


def read_channel(said: str) -> VerifyChannel:
    """A channel by its name, in any case.

    Raises:
        Refused: 60200 there is none of this name.
    """
    try:
        return VerifyChannel(said.lower())
    except ValueError:
        raise errors.invalid("Channel") from None


def read_recipient(world: World, said: str, channel: VerifyChannel) -> str:
    """A recipient whom a channel can reach.

    Raises:
        Refused: 60200 it is no number in E.164 form, or no address.
    """
    to = spelled(said) if channel in TO_NUMBERS else said.strip()
    fits = is_number(world, to) if channel in TO_NUMBERS else mailboxes.is_address(to)
    if not fits:
        raise Refused(errors.INVALID_TO, value=said)
    return to


def is_number(world: World, to: str) -> bool:
    """Whether this is a possible number as Verify takes one: a plus, and nothing but digits."""
    return bool(_NUMBER.fullmatch(to)) and world.numbering.normal(to) is not None


def is_recipient(world: World, to: str) -> bool:
    """Whether a code could ever have gone there."""
    return is_number(world, to) or mailboxes.is_address(to)


def check_forms(asked: AskedVerification) -> None:
    """Raises:
    Refused: 60200 a parameter is not of its form; its language aside.
    """
    if asked.custom_friendly_name:
        check_name("CustomFriendlyName", asked.custom_friendly_name)
    if asked.send_digits and not _KEYS.fullmatch(asked.send_digits):
        raise errors.invalid("SendDigits")
    if asked.custom_code and not codes.is_possible(asked.custom_code):
        raise errors.invalid("CustomCode")
    if asked.channel_configuration:
        json_object("ChannelConfiguration", asked.channel_configuration)
    if asked.app_hash and not _HASH.fullmatch(asked.app_hash):
        raise errors.invalid("AppHash")
    _check_further_forms(asked)


def _check_further_forms(asked: AskedVerification) -> None:
    if asked.device_ip and not _is_ip(asked.device_ip):
        raise errors.invalid("DeviceIp")
    if asked.enable_sna_client_token:
        errors.flag("EnableSnaClientToken", asked.enable_sna_client_token)
    if asked.risk_check and asked.risk_check.lower() not in RISK_CHECKS:
        raise errors.invalid("RiskCheck")
    if asked.tags:
        _check_tags(json_texts("Tags", asked.tags))


def _check_tags(tags: dict[str, str]) -> None:
    texts = [*tags, *tags.values()]
    if len(tags) > MOST_TAGS or any(len(each) > LONGEST_TAG for each in texts):
        raise errors.invalid("Tags")


def _is_ip(said: str) -> bool:
    try:
        ip_address(said)
    except ValueError:
        return False
    return True


def check_features(world: World, wish: SendWish) -> SendWish:
    """What the service has to have for what is asked."""
    service, asked = wish.service, wish.asked
    if asked.custom_code and not service.custom_code_enabled:
        raise Refused(errors.NOT_SUPPORTED)
    if service.psd2_enabled:
        if not asked.amount or not asked.payee:
            raise Refused(errors.PAYMENT_REQUIRED)
        if wish.channel is VerifyChannel.CALL:
            raise Refused(errors.NO_CALLS_FOR_PAYMENTS)
        if wish.channel is VerifyChannel.SNA:
            raise Refused(errors.NO_SNA_FOR_PAYMENTS)
    if asked.app_hash and wish.channel is not VerifyChannel.SMS:
        raise Refused(errors.APP_HASH_NOT_SMS)
    return wish


def check_switched_on(world: World, wish: SendWish) -> SendWish:
    """The channel is one that the service may use."""
    if wish.channel not in wish.service.channels:
        if wish.channel in BY_ACCESS:
            raise errors.invalid("Channel")
        raise Refused(errors.CHANNEL_DISABLED, capitals=wish.channel.upper())
    if wish.channel is VerifyChannel.EMAIL and not wish.service.email_integration.on:
        raise Refused(errors.INVALID_CONFIGURATION)
    return wish


def check_sends(world: World, wish: SendWish) -> SendWish:
    """A code goes out so many times; after too many wrong ones it goes out no more."""
    live = wish.live
    if live is None:
        return wish
    exhausted = live.status is VerificationStatus.MAX_ATTEMPTS_REACHED
    if exhausted or len(live.sends) >= wish.service.max_sends:
        raise Refused(errors.MAX_SENDS)
    return wish


def check_landline(world: World, wish: SendWish) -> SendWish:
    """A service that looks numbers up may leave landlines out."""
    service = wish.service
    if (
        wish.channel is VerifyChannel.SMS
        and service.lookup_enabled
        and service.skip_sms_to_landlines
        and line_type_of(world, wish.to, service.account_sid) is NumberType.LANDLINE
    ):
        raise Refused(errors.LANDLINE)
    return wish


def check_language(world: World, wish: SendWish) -> SendWish:
    """There are words for the code in the language that was asked for. A template that lacks them
    has others (decided, where Twilio's pages differ)."""
    if wish.template is None and wish.language not in locales.LOCALES:
        raise Refused(errors.TRANSLATION_NOT_FOUND)
    return wish


CHECKS: tuple[Check, ...] = (
    check_features,
    choose_template,
    check_language,
    check_switched_on,
    by_auto.choose,
    check_whatsapp,
    check_email,
    check_spoken,
    check_rate_limits,
    check_sends,
    check_geo_permissions,
    check_fraud,
    check_landline,
)
"""The questions in their order."""


def check_all(world: World, wish: SendWish) -> SendWish:
    """What is to be sent, once nothing stands in its way.

    Raises:
        Refused: something does.
    """
    for check in CHECKS:
        wish = check(world, wish)
    return wish
