"""Sending a text by request: who may send what to whom, and in which words Twilio says no.

The rules of this file (https://www.twilio.com/docs/messaging/api/message-resource):

- Which check wins: recipient missing, sender missing, content, then the sender, the recipient, and
  what they are to each other.
- Numbers in refusals lose their last four digits where Twilio hides them.
- With a messaging service the request succeeds even when the recipient opted out; the text fails.
"""

import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from twilio_emulator.core.accounts.accounts import Accounts
from twilio_emulator.core.accounts.debugger_alerts import LogLevel, RaiseAlert
from twilio_emulator.core.carrier import delivery
from twilio_emulator.core.carrier.outcomes import BODY_LIMIT
from twilio_emulator.core.content import template_texts
from twilio_emulator.core.content.rendered import Rendered
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import command, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.sids import stable_sid
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging import test_credentials
from twilio_emulator.core.messaging.sender_checks import (
    check_alone,
    check_pair,
    check_pool,
    check_trial,
    read_recipient,
    read_sender,
)
from twilio_emulator.core.senders import refusals
from twilio_emulator.core.senders.addresses import (
    Channel,
    channel_of,
    is_sender_name,
    kept,
    spelled,
)
from twilio_emulator.core.senders.messaging_services import LONGEST_VALIDITY
from twilio_emulator.core.senders.resources import MessagingService, MessagingServices, PhoneNumbers
from twilio_emulator.core.senders.twiml_apps import Applications
from twilio_emulator.core.simulation.settings import settings
from twilio_emulator.core.texts import segments, short_links
from twilio_emulator.core.texts.media import Enclosure
from twilio_emulator.core.texts.text import Direction, Text, TextStatus

MEDIA_LIMIT = 10
SOONEST = timedelta(seconds=900)
LATEST = timedelta(days=35)

TRIAL = "Sent from your Twilio trial account - "
"""What a trial account's texts begin with."""

_PRICE = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")


@command
class CreateText:
    """Send a text. Fields are the parameters of `POST Messages.json`."""

    account: str
    to: str | None = None
    from_: str | None = None
    messaging_service_sid: str | None = None
    body: str | None = None
    media_url: tuple[str, ...] = ()
    content_sid: str | None = None
    content_variables: str | None = None
    status_callback: str | None = None
    application_sid: str | None = None
    schedule_type: str | None = None
    send_at: str | None = None
    validity_period: str | None = None
    smart_encoded: bool | None = None
    shorten_urls: bool | None = None
    send_as_mms: bool | None = None
    persistent_action: tuple[str, ...] = ()
    provide_feedback: bool | None = None
    content_retention: str | None = None
    address_retention: str | None = None
    max_price: str | None = None
    fallback_from: str | None = None
    attempt: str | None = None
    force_delivery: bool | None = None
    traffic_type: str | None = None
    risk_check: str | None = None
    message_intent: str | None = None
    tags: str | None = None

    def check(self, world: World) -> Text:
        """The text as it would be, but for its sid.

        Raises:
            Refused: Twilio would not send it.
        """
        return self.draft(world, magic=settings(world).magic_numbers_on_live)

    def draft(self, world: World, *, magic: bool) -> Text:
        """The same; `magic` says whether magic numbers mean something.

        Raises:
            Refused: Twilio would not send it.
        """
        if not self.to:
            raise Refused(refusals.TO_REQUIRED)
        if not self.from_ and not self.messaging_service_sid:
            raise Refused(
                refusals.FALLBACK_NEEDS_SERVICE if self.fallback_from else refusals.FROM_REQUIRED
            )
        service = self._service(world)
        content = self._content(world)
        body = self._body(world, service, content)
        self._check_options()
        sender = None
        if self.from_ and not _is_service(self.from_):
            sender = read_sender(world, self.account, self.from_, spelled(self.to), magic=magic)
        to = read_recipient(world, self.to, sender)
        if magic:
            test_credentials.refuse_recipient(to, sender or "")
        channel = channel_of(to)
        if channel is Channel.SMS and (self.enclosed(world) or self.send_as_mms):
            channel = Channel.MMS
        check_trial(world, self.account, sender, to)
        if sender is not None:
            check_pair(world, self.account, sender, to, channel)
            if service is None:
                check_alone(world, sender, to)
        if service is not None:
            check_pool(world, service, sender, channel)
        if self.fallback_from:
            self._check_fallback(world, service, sender)
        send_at = self._send_at(world, service)
        return Text(
            sid="",
            account_sid=self.account,
            messaging_service_sid=service.sid if service else None,
            direction=Direction.OUTBOUND_API,
            channel=channel,
            status=_first_status(service, send_at),
            sender=sender,
            to=to,
            body=body,
            num_segments=0,
            content_sid=self.content_sid or None,
            content=content,
            status_callback=self.status_callback
            or self._of_application(world)
            or (service.status_callback if service else None),
            validity_period=self._validity_period(service),
            send_at=send_at,
            provide_feedback=bool(self.provide_feedback),
            discard_body=self.content_retention == "discard",
            obfuscate_address=self.address_retention == "obfuscate",
            persistent_action=self.persistent_action,
            tags=self.tags or None,
            date_created=world.now,
            date_updated=world.now,
            serial=0,
        )

    def apply(self, world: World) -> Text:
        return self.send(world)

    def send(self, world: World, conversation_sid: str | None = None) -> Text:
        """Take on the text; `conversation_sid` says which conversation it comes from.

        Raises:
            Refused: Twilio would not send it.
        """
        draft = self.check(world)
        if conversation_sid is not None:
            draft = replace(draft, conversation_sid=conversation_sid)
        if self.shorten_urls:
            draft = short_links.shorten(world, draft)
        callback = self.status_callback or ""
        if "_" in callback and "_" in (urlsplit(callback).hostname or ""):
            self._warn(world, callback)
        enclosures = tuple(Enclosure(url=url) for url in self.enclosed(world))
        return delivery.take_on(world, draft, enclosures)

    def _warn(self, world: World, callback: str) -> None:
        """Twilio takes no host with an underscore; a container may well have one."""
        RaiseAlert(
            account=self.account,
            error_code=refusals.INVALID_STATUS_CALLBACK.code,
            alert_text=f"Twilio would refuse {callback}: its host has an underscore",
            resource_sid=self.account,
            log_level=LogLevel.WARNING,
            request_url=callback,
        ).apply(world)

    def enclosed(self, world: World) -> tuple[str, ...]:
        """The addresses of what goes with the text; those of a template where there is one."""
        content = self._content(world)
        return self._media() if content is None else content.media

    def _media(self) -> tuple[str, ...]:
        return tuple(url for url in self.media_url if url) if self.media_url else ()

    def _content(self, world: World) -> Rendered | None:
        """What the template shows on the recipient's channel, if one is asked for."""
        if not self.content_sid:
            if self.content_variables:
                raise Refused(refusals.CONTENT_SID_REQUIRED)
            return None
        return template_texts.render(
            world,
            self.account,
            self.content_sid,
            self.content_variables,
            channel_of(spelled(self.to or "")),
        )

    def _service(self, world: World) -> MessagingService | None:
        sid = self.messaging_service_sid
        if not sid and self.from_ and _is_service(self.from_):
            sid = self.from_
        if not sid:
            return None
        if not parameters.is_sid(sid, "MG"):
            raise Refused(refusals.INVALID_SERVICE)
        service = world[MessagingServices].get(sid)
        if service is None or service.account_sid != self.account:
            raise Refused(refusals.NO_SUCH_SERVICE)
        return service

    def _body(
        self, world: World, service: MessagingService | None, content: Rendered | None
    ) -> str:
        """The body as it is sent; there may be none when there is other content."""
        trial = TRIAL if world[Accounts][self.account].trial else ""
        if content is not None:
            return trial + (content.body or "")
        media = self._media()
        if not self.body and not media and not self.persistent_action:
            raise Refused(
                refusals.CONTENT_REQUIRED if self.body is None else refusals.BODY_REQUIRED
            )
        smart = self.smart_encoded
        if smart is None:
            smart = service is not None and service.smart_encoding
        body = trial + (segments.smart(self.body or "") if smart else self.body or "")
        if len(body) > BODY_LIMIT:
            raise Refused(refusals.BODY_TOO_LONG)
        if len(media) > MEDIA_LIMIT:
            raise Refused(refusals.TOO_MANY_MEDIA)
        if not all(parameters.is_url(url) for url in media):
            raise Refused(refusals.INVALID_MEDIA_URL)
        return body

    def _of_application(self, world: World) -> str | None:
        """Where the TwiML app that is named wants to hear of statuses."""
        app = world[Applications].get(self.application_sid)
        return app.message_status_callback if app and app.account_sid == self.account else None

    def _check_fallback(
        self, world: World, service: MessagingService | None, sender: str | None
    ) -> None:
        """RCS alone falls back, and there are no RCS senders here.

        Raises:
            Refused: in which way depends on what is wrong first.
        """
        if sender is not None or service is None:
            raise Refused(refusals.FALLBACK_WITH_FROM)
        fallback = kept(world.numbering, self.fallback_from or "")
        number = world[PhoneNumbers].at(fallback)
        owned = number is not None and number.account_sid == self.account and number.sms
        if not owned and not is_sender_name(fallback):
            raise Refused(refusals.INVALID_FALLBACK)
        raise Refused(refusals.FALLBACK_NEEDS_RCS)

    def _check_options(self) -> None:
        """Raises:
        Refused: a parameter is malformed that says nothing of sender, recipient or content.
        """
        if self.status_callback and not parameters.is_url(self.status_callback):
            raise Refused(refusals.INVALID_STATUS_CALLBACK)
        if self.max_price and not _PRICE.fullmatch(self.max_price):
            raise Refused(refusals.INVALID_MAX_PRICE)
        if self.content_retention not in (None, "", "retain", "discard"):
            raise Refused(refusals.INVALID_CONTENT_RETENTION)
        if self.address_retention not in (None, "", "retain", "obfuscate"):
            raise Refused(refusals.INVALID_ADDRESS_RETENTION)

    def _validity_period(self, service: MessagingService | None) -> int:
        if not self.validity_period:
            return service.validity_period if service else LONGEST_VALIDITY
        seconds = parameters.whole_number(self.validity_period, refusals.INVALID_VALIDITY_PERIOD)
        if not 1 <= seconds <= LONGEST_VALIDITY:
            raise Refused(refusals.INVALID_VALIDITY_PERIOD)
        return seconds

    def _send_at(self, world: World, service: MessagingService | None) -> datetime | None:
        """When the text is to leave; None is at once."""
        if not self.schedule_type and not self.send_at:
            return None
        if self.schedule_type not in (None, "", "fixed"):
            raise Refused(refusals.INVALID_SCHEDULE_TYPE)
        if not self.send_at:
            raise Refused(refusals.SEND_AT_REQUIRED)
        if service is None:
            raise Refused(refusals.SCHEDULE_NEEDS_SERVICE)
        send_at = parameters.instant(self.send_at, refusals.INVALID_SEND_AT)
        if not SOONEST <= send_at - world.now <= LATEST:
            raise Refused(refusals.SEND_AT_OUT_OF_RANGE)
        return send_at


def rehearse(world: World, wish: CreateText) -> Text:
    """What test credentials get for a request: nothing is kept, and nothing is sent.

    Raises:
        Refused: the request, as Twilio refuses it with test credentials.
    """
    if wish.to and not wish.from_:
        raise Refused(refusals.FROM_REQUIRED)
    sender = kept(world.numbering, wish.from_ or "")
    if wish.to and sender and not test_credentials.is_sender(sender):
        raise Refused(refusals.NOT_OF_TEST_ACCOUNT, number=sender)
    draft = replace(wish, messaging_service_sid=None).draft(world, magic=True)
    return replace(
        draft,
        sid=stable_sid("SM", f"{draft.to}/{draft.body}/{world.now}"),
        account_sid=world[Accounts][wish.account].test_account_sid,
        num_segments=delivery.count_segments(draft),
    )


def _is_service(text: str) -> bool:
    return parameters.is_sid(text, "MG")


def _first_status(service: MessagingService | None, send_at: datetime | None) -> TextStatus:
    if send_at is not None:
        return TextStatus.SCHEDULED
    return TextStatus.QUEUED if service is None else TextStatus.ACCEPTED
