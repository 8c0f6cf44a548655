"""The Twilsock protocol: frames in, events out, no I/O.

The rules of this file:

- `receive` takes one WebSocket message and gives, in order, frames to send (bytes) and events that
  somebody has to deal with. Methods of the connection give the frames that answer them.
- A connection is new, initialising, open or closed. What a client may ask in which state stands in
  `_WHEN`; replies, closes and garbage may come in any.
- The client acknowledges everything it gets; nothing waits for that, and nothing is sent again.
- Frames that many connections get are made by functions of this module, not by a connection, so
  that the same bytes do for all.

Written after `@twilio/conversations` 3.0.1 (`twilsock` 1.0.2) and the sources and test fixtures of
twilio-sync-sdk in Kotlin, which show what the real service sends.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

import msgspec

from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.sdk.twilsock.continuation import Continuation
from twilio_emulator.sdk.twilsock.tunnel import TunnelRequest, tunnelled
from twilio_emulator.wire.access_tokens import GrantKind
from twilio_emulator.wire.twilsock_frames import JSON, OK, Frame, Malformed, encode, parse

WARNING = timedelta(minutes=3)
"""How long before a token's end the client is told of it
(https://www.twilio.com/docs/chat/access-token-lifecycle)."""

CAPABILITIES = frozenset({"account_descriptor", "client_update"})
"""What we confirm. `telemetry.v1` would bring telemetry, `offline_storage` stale sids."""


class ConnectionState(Enum):
    """Where a connection stands."""

    NEW = auto()
    INITIALISING = auto()
    OPEN = auto()
    CLOSED = auto()


_WHEN = {
    "init": ConnectionState.NEW,
    "update": ConnectionState.OPEN,
    "message": ConnectionState.OPEN,
}
"""The state that a method of the client needs; all others are good in any."""

_ACKNOWLEDGED = frozenset({"ping", "put_notification_ctx", "delete_notification_ctx"})
_UNANSWERED = frozenset({"reply", "telemetry.v1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What Twilsock says about a frame or a connection."""

    code: int
    status: str
    description: str
    error_code: int | None = None

    def said(self) -> dict[str, object]:
        """As it stands in a header."""
        said: dict[str, object] = {
            "code": self.code,
            "status": self.status,
            "description": self.description,
        }
        if self.error_code is not None:
            said["errorCode"] = self.error_code
        return said


NOT_INITIALISED = Status(code=401, status="UNAUTHORIZED", description="The connection has no init")
ALREADY_INITIALISED = Status(
    code=400, status="BAD_REQUEST", description="The connection is initialised already"
)
NOT_ACCEPTABLE = Status(
    code=406,
    status="NOT_ACCEPTABLE_MESSAGE",
    description="Not acceptable message",
    error_code=51214,
)
"""What came is no frame."""
TOKEN_EXPIRED = Status(
    code=410, status="TOKEN_EXPIRED", description="Token expired", error_code=51207
)
"""The token has ended while its client was connected; an init that is late gets 20104."""
TOO_MANY_REQUESTS = Status(
    code=429, status="TOO_MANY_REQUESTS", description="Too many requests", error_code=51202
)
OTHER_IDENTITY = Status(
    code=401,
    status="UNAUTHORIZED",
    description="Can't update token, new token was issued for other identity/instance/product.",
    error_code=51215,
)
"""The new token is for another identity or service than the connection."""


def unauthorized(refused: Refused) -> Status:
    """The status of an init or an update whose token is refused."""
    return Status(
        code=401, status="UNAUTHORIZED", description=refused.message, error_code=refused.code
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDescriptor:
    """Whose connection it is, and the service of each product that it is for
    (`AccountDescriptor.kt`)."""

    account_sid: str
    services: Mapping[GrantKind, str]
    identity: str

    def said(self) -> dict[str, object]:
        """As it stands in a header."""
        return {
            "account_sid": self.account_sid,
            "instance_sids": dict(self.services),
            "identity": self.identity,
        }


class InitRegistration(msgspec.Struct, frozen=True):
    """Which notifications a client wants; it says so with its init."""

    type: str
    product: str
    message_types: list[str] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class InitWanted:
    """A client has come. Answer with `accept_init` or `refuse_init`.

    Attributes:
        metadata: what it says of itself, without what is neither a text nor a number.
    """

    id: str
    token: str
    continuation_token: str | None
    capabilities: Sequence[str]
    registrations: Sequence[InitRegistration]
    metadata: Mapping[str, object]

    @property
    def product(self) -> GrantKind | None:
        """What the client is for; None when it does not say, as those before Sync 2 do not."""
        said = {each.product for each in self.registrations}
        return next((kind for kind in GrantKind if kind in said), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenUpdateWanted:
    """A client has a newer token. Answer with `accept_update` or `refuse_update`."""

    id: str
    token: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The client has said goodbye; no answer is awaited."""


@dataclass(frozen=True, slots=True)
class Garbage:
    """What came is no frame. Answer with `close`."""

    reason: str


Event = InitWanted | TokenUpdateWanted | TunnelRequest | Closed | Garbage


class _Init(msgspec.Struct):
    token: str | None = None
    continuation_token: str | None = None
    capabilities: list[str] | None = None
    registrations: list[InitRegistration] | None = None
    metadata: dict[str, object] | None = None


class _Update(msgspec.Struct):
    token: str | None = None


_init = msgspec.json.Decoder(_Init)
_update = msgspec.json.Decoder(_Update)


class TwilsockConnection:
    """One client's connection.

    Args:
        warning: how long before the token's end the client is told of it.
    """

    def __init__(self, warning: timedelta = WARNING) -> None:
        self.state = ConnectionState.NEW
        self.warning_due: datetime | None = None
        """When to call `token_about_to_expire`, on the world's clock."""
        self.expiry_due: datetime | None = None
        """When to call `token_expired`, on the world's clock."""
        self._warning = warning
        self._wants_updates = False
        self._sent = 0

    def receive(self, message: bytes | str) -> list[bytes | Event]:
        """What follows from one WebSocket message. It never raises."""
        if self.state is ConnectionState.CLOSED:
            return []
        try:
            frame = parse(message)
        except Malformed as malformed:
            return [Garbage(str(malformed))]
        needed = _WHEN.get(frame.method)
        if needed is not None and self.state is not needed:
            early = self.state is not ConnectionState.OPEN
            return [_reply(frame.id, NOT_INITIALISED if early else ALREADY_INITIALISED)]
        try:
            return self._received(frame)
        except Malformed as malformed:
            return [_reply(frame.id, _bad_request(str(malformed)))]

    def _received(self, frame: Frame) -> list[bytes | Event]:
        match frame.method:
            case "message":
                return [tunnelled(frame)]
            case "init":
                wanted = _init_wanted(frame)
                self.state = ConnectionState.INITIALISING
                return [wanted]
            case "update":
                return [TokenUpdateWanted(id=frame.id, token=frame.header_as(_update).token or "")]
            case "close":
                self.state = ConnectionState.CLOSED
                return [Closed()]
            case method if method in _UNANSWERED:
                return []
            case method if method in _ACKNOWLEDGED:
                return [encode({"method": "reply", "id": frame.id, "status": OK})]
            case method:
                return [_reply(frame.id, _bad_request(f"There is no method {method}"))]

    def accept_init(
        self,
        wanted: InitWanted,
        account: AccountDescriptor,
        continuation: Continuation,
        now: datetime,
        life: float,
    ) -> bytes:
        """The reply that opens the connection.

        Args:
            account: whose connection it is, which is told to clients that ask for it.
            continuation: the token that the client is to come back with.
            now: the world's time.
            life: seconds that the access token is still good for.
        """
        self.state = ConnectionState.OPEN
        confirmed = [name for name in wanted.capabilities if name in CAPABILITIES]
        self._wants_updates = "client_update" in confirmed
        self._live(now, life)
        header: dict[str, object] = {
            "method": "reply",
            "id": wanted.id,
            "status": OK,
            "capabilities": confirmed,
            "continuation_token": continuation.token,
            "continuation_token_status": continuation.status(),
            "init_registrations": [
                {
                    "notification_ctx_id": "",
                    "type": registration.type,
                    "product": registration.product,
                    "message_types": registration.message_types,
                }
                for registration in wanted.registrations
            ],
        }
        if "account_descriptor" in confirmed:
            header["account_descriptor"] = account.said()
        return encode(header)

    def refuse_init(
        self, wanted: InitWanted, status: Status, backoff: timedelta | None = None
    ) -> bytes:
        """The reply that lets a client not in. The connection is over; it may come again.

        Args:
            backoff: how long the client shall wait before it comes again.
        """
        self.state = ConnectionState.CLOSED
        return _reply(wanted.id, status, backoff)

    def accept_update(self, wanted: TokenUpdateWanted, now: datetime, life: float) -> bytes:
        """The reply to a good new token, which replaces the one before.

        Args:
            now: the world's time.
            life: seconds that the new token is still good for.
        """
        self._live(now, life)
        return encode({"method": "reply", "id": wanted.id, "status": OK})

    def refuse_update(
        self, wanted: TokenUpdateWanted, status: Status, backoff: timedelta | None = None
    ) -> bytes:
        """The reply to a new token that is no good. The client then closes the connection."""
        return _reply(wanted.id, status, backoff)

    def token_about_to_expire(self) -> bytes:
        """Tell the client that its token is in its last minutes."""
        self.warning_due = None
        left = int(self._warning.total_seconds() * 1000)
        return encode(
            {
                "method": "client_update",
                "id": self._next_id(),
                "client_update_type": "token_about_to_expire",
                "client_update_message": (
                    f"Your token is about to expire. Time left: less than {left} ms"
                ),
            }
        )

    def token_expired(self) -> bytes:
        """Close the connection, since its token has reached its end."""
        return self.close(TOKEN_EXPIRED)

    def close(self, status: Status, backoff: timedelta | None = None) -> bytes:
        """Close the connection and say why. Most clients come again after three seconds.

        Args:
            backoff: how long the client shall wait before it comes again.
        """
        self.state = ConnectionState.CLOSED
        self.warning_due = self.expiry_due = None
        header: dict[str, object] = {"method": "close", "id": self._next_id()}
        return _with_backoff(header | {"status": status.said()}, backoff)

    def ping(self) -> bytes:
        """A sign of life: the Kotlin client leaves a connection that is silent for 45 seconds."""
        return encode({"method": "ping", "id": self._next_id()})

    def _live(self, now: datetime, life: float) -> None:
        self.expiry_due = now + timedelta(seconds=life)
        # A token that is younger than the warning is warned of at once.
        self.warning_due = (
            max(now, self.expiry_due - self._warning) if self._wants_updates else None
        )

    def _next_id(self) -> str:
        self._sent += 1
        return f"TM{self._sent:032x}"


def notification(message_type: str, payload: bytes, serial: int) -> bytes:
    """The frame that tells clients of something; the same bytes do for all of them.

    Args:
        message_type: what the payload is, such as `twilio.sync.event`.
        payload: JSON, not empty.
        serial: differs for every notification that a client gets.
    """
    return encode(
        {
            "method": "notification",
            # Apart from the ids of a connection's own frames, which count from 1.
            "id": f"TMf{serial:031x}",
            "payload_type": JSON,
            "message_type": message_type,
            "notification_ctx_id": "",
        },
        payload,
    )


def _init_wanted(frame: Frame) -> InitWanted:
    said = frame.header_as(_init)
    return InitWanted(
        id=frame.id,
        token=said.token or "",
        continuation_token=said.continuation_token,
        capabilities=said.capabilities or (),
        registrations=said.registrations or (),
        metadata={
            name: value
            for name, value in (said.metadata or {}).items()
            if isinstance(value, str | int | float | None)
        },
    )


def _bad_request(description: str) -> Status:
    return Status(code=400, status="BAD_REQUEST", description=description)


def _reply(id: str, status: Status, backoff: timedelta | None = None) -> bytes:
    return _with_backoff({"method": "reply", "id": id, "status": status.said()}, backoff)


def _with_backoff(header: dict[str, object], backoff: timedelta | None) -> bytes:
    if backoff is None:
        return encode(header)
    wait = int(backoff.total_seconds() * 1000)
    policy = msgspec.json.encode({"backoff_policy": {"reconnect_min_ms": wait}})
    return encode(header | {"payload_type": JSON}, policy)
