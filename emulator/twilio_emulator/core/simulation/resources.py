"""What the wing keeps: faults, and what they are for."""

from datetime import datetime

from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.kernel.tables import Table


@record
class ApiError:
    """An answer of the API in place of the proper one."""

    status: int
    code: int
    message: str | None = None


@record
class Final:
    """How a text ends: a status, and Twilio's error code when it is a bad one."""

    status: str
    error_code: int | None = None


@record
class Delay:
    """Milliseconds more before a text leaves a status, which is called its stage."""

    stage: str
    ms: int


@record
class RefusedInit:
    """A client SDK is not let in: a status of Twilsock, and Twilio's error code.

    After 401 and 403 a client stays away until it has another token. After others it comes again,
    in `reconnect_min_ms` milliseconds at the earliest.
    """

    status: int
    code: int | None = None
    message: str | None = None
    reconnect_min_ms: int | None = None


@record
class SocketFault:
    """What goes wrong with a client SDK's connection.

    Attributes:
        refuse: it is not let in.
        drop_after: requests that are answered before the connection breaks; 0 breaks at the first.
        delay_ms: by how many milliseconds of the machine each answer is late.
        throttle: the first so many requests to Conversations, or to Sync, are refused with 429.
    """

    refuse: RefusedInit | None = None
    drop_after: int | None = None
    delay_ms: int = 0
    throttle: int = 0


@record
class Fault:
    """What a rule does. Those about callbacks and webhooks are for the code that sends them.

    `segment_loss` is the number of the part that an SMS of several parts arrives without.
    """

    api_error: ApiError | None = None
    final: Final | None = None
    delay: Delay | None = None
    hold: bool = False
    drop_callback: bool = False
    duplicate_callback: bool = False
    reorder_callbacks: bool = False
    corrupt_signature: bool = False
    webhook_timeout: bool = False
    segment_loss: int | None = None
    socket: SocketFault | None = None


@record
class Match:
    """Which texts or connections a rule is for; what is not given matches all."""

    to: str | None = None
    sender: str | None = None
    channel: str | None = None
    body: str | None = None
    service: str | None = None
    direction: str | None = None
    identity: str | None = None


EVERYTHING = Match()


@record
class FaultRule:
    """A fault (FR) and what it is for; `times` is how often it will still happen, None always."""

    sid: str
    match: Match
    do: Fault
    times: int | None = None
    date_created: datetime
    serial: int


class FaultRules(Table[FaultRule]):
    """Rules, in the order in which they are tried."""

    def __init__(self) -> None:
        self.in_order: Ordered[FaultRule] = Ordered(lambda _: "", lambda rule: rule.serial)
        super().__init__(FaultRule, self.in_order)
