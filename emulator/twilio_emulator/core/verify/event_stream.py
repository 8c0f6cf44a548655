"""The event stream: what a service tells of its verifications, as CloudEvents.

The rules of this file (https://www.twilio.com/docs/verify/verification):

- A service tells when `verify_event_subscription_enabled` says so: of every send, and of the end of
  a verification. One whose checks are used up has had its end, and tells no other (decided).
- Event Streams, which carries this at Twilio, is a product of its own. Here the events are kept,
  the newest of them, and sent to one URL if there is one.
- An event says how everything was when it happened. What does not apply is left out.
- Twilio's clock has microseconds; ours has milliseconds, which are written as such.
"""

import hashlib
import json
from datetime import datetime

from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.parameters import is_url
from twilio_emulator.core.kernel.records import command, event, record, write_instant
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.refusals import INVALID_SETTING
from twilio_emulator.core.verify.resources import (
    Attempt,
    CodeCheck,
    Verification,
    VerificationApproved,
    VerificationCanceled,
    VerificationExhausted,
    VerificationExpired,
    VerificationSent,
    VerificationStatus,
    VerifyAttempts,
    VerifyServices,
)

KEPT = 1000
"""How many events are kept: the newest."""

TYPE = "com.twilio.accountsecurity.verify.verification."

SCHEMA = "https://events-schemas.twilio.com/AccountSecurity.VerifyEventStreamEvent/3"

WRONG = "FAILED"
"""Decided: what a check of a wrong code is called. Twilio's examples have right ones alone."""

THE_SINK = "event-sink"


@record
class StreamEvent:
    """One event of the stream, under its id.

    Attributes:
        type: behind `com.twilio.accountsecurity.verify.verification.`.
        data: JSON.
    """

    sid: str
    account_sid: str
    service_sid: str
    verification_sid: str
    type: str
    time: datetime
    data: str
    serial: int

    def envelope(self) -> dict[str, object]:
        """The CloudEvent as it is sent."""
        path = f"/v1/Accounts/{self.account_sid}/Services/{self.service_sid}"
        return {
            "specversion": "1.0",
            "type": f"{TYPE}{self.type}",
            "source": f"{path}/Verifications/{self.verification_sid}",
            "id": self.sid,
            "dataschema": SCHEMA,
            "datacontenttype": "application/json",
            "time": write_instant(self.time),
            "data": json.loads(self.data),
        }


class StreamEvents(Table[StreamEvent]):
    """Events, in the order in which things happened."""

    def __init__(self) -> None:
        self.by_account: Ordered[StreamEvent] = Ordered(
            lambda it: it.account_sid, lambda it: it.serial
        )
        super().__init__(StreamEvent, self.by_account)


@record
class EventSink:
    """Where events are sent."""

    url: str

    @property
    def sid(self) -> str:
        return THE_SINK


class EventSinks(Table[EventSink]):
    """The one sink, if there is one."""

    def __init__(self) -> None:
        super().__init__(EventSink)


@event
class VerifyEventEmitted:
    """Something was told to the event stream."""

    event: StreamEvent


@event
class EventSinkChanged:
    """Events are sent elsewhere; nowhere when None."""

    url: str | None


@command
class SetEventSink:
    """Have events sent to an URL, or to none.

    Raises:
        Refused: 20001 that is none.
    """

    url: str | None = None

    def apply(self, world: World) -> str | None:
        if self.url and not is_url(self.url):
            raise Refused(INVALID_SETTING, name="url", choices="URLs", value=self.url)
        if self.url:
            world[EventSinks].put(EventSink(url=self.url))
        else:
            world[EventSinks].clear()
        world.tell(EventSinkChanged(url=self.url or None))
        return self.url or None


def sink(world: World) -> str | None:
    """Where events are sent."""
    found = world[EventSinks].get(THE_SINK)
    return None if found is None else found.url


def tell_sent(world: World, event: VerificationSent) -> None:
    """A code was sent."""
    _emit(world, event.verification)


def tell_ended(
    world: World, event: VerificationApproved | VerificationCanceled | VerificationExhausted
) -> None:
    """A verification is over."""
    _emit(world, event.verification)


def tell_expired(world: World, event: VerificationExpired) -> None:
    """The time of a verification is over, and it was not over already."""
    it = event.verification
    service = world[VerifyServices].get(it.service_sid)
    if service is not None and len(it.checks) < service.max_checks:
        _emit(world, it)


def _emit(world: World, it: Verification) -> None:
    service = world[VerifyServices].get(it.service_sid)
    if service is None or not service.verify_event_subscription_enabled:
        return
    kind, serial = it.status.replace("_", "-"), world.serial()
    events = world[StreamEvents]
    emitted = events.put(
        StreamEvent(
            sid=hashlib.sha256(f"{it.sid}/{kind}/{serial}".encode()).hexdigest(),
            account_sid=it.account_sid,
            service_sid=it.service_sid,
            verification_sid=it.sid,
            type=kind,
            time=world.now,
            data=json.dumps(_data(world, it, service.friendly_name), ensure_ascii=False),
            serial=serial,
        )
    )
    if len(events) > KEPT:
        events.remove(next(iter(events)).sid)
    world.tell(VerifyEventEmitted(event=emitted))


def _data(world: World, it: Verification, friendly_name: str) -> dict[str, object]:
    """What an event says, in the order of Twilio's example."""
    sends = [world[VerifyAttempts][each.attempt_sid] for each in it.sends]
    approved = it.status is VerificationStatus.APPROVED
    said: dict[str, object] = {
        "account_sid": it.account_sid,
        "service_sid": it.service_sid,
        "verification_sid": it.sid,
        "friendly_name": friendly_name,
        "custom_code_enabled": it.custom_code,
        "custom_friendly_name": it.custom_friendly_name,
        "created_at": _instant(it.date_created),
        "verified_at": _instant(it.ended_at or it.date_updated) if approved else None,
        "to": it.to,
        "verification_status": it.status.upper(),
        "country": sends[-1].country,
        "code_length": None if it.custom_code else len(it.code),
        "send_code_attempts": _list([_send(each) for each in sends]),
        "check_attempts": _list([_check(each) for each in it.checks]),
        "expired_at": _instant(it.expires_at),
    }
    return _without_none(said)


def _send(it: Attempt) -> dict[str, object]:
    status = it.message_status or it.call_status
    said: dict[str, object] = {
        "time": _instant(it.date_created),
        "channel": it.channel.upper(),
        "attempt_sid": it.sid,
        "delivery_status": None if status is None else status.upper(),
        "error_code": None if it.error_code is None else str(it.error_code),
        "locale": it.locale,
        "tags": None if it.tags is None else json.loads(it.tags),
    }
    return _without_none(said)


def _check(it: CodeCheck) -> dict[str, object]:
    return {"time": _instant(it.time), "status": "SUCCESS" if it.valid else WRONG}


def _list(attempts: list[dict[str, object]]) -> dict[str, object]:
    """Some attempts, counted; none are not listed, as in Twilio's example."""
    counted: dict[str, object] = {"count": len(attempts)}
    return {**counted, "attempts": attempts} if attempts else counted


def _without_none(said: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in said.items() if value is not None}


def _instant(at: datetime) -> str:
    return f"{write_instant(at)[:-1]}000Z"
