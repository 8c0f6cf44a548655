"""What is kept of a voice call on a phone, and what happens to one."""

from datetime import datetime
from enum import StrEnum

from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import event, record
from twilio_emulator.core.kernel.tables import Table

TIMES = 2
"""Decided: how often a call says what it has to say."""

CODE = "{{code}}"


class CallStatus(StrEnum):
    """How far a call is (https://www.twilio.com/docs/voice/api/call-resource)."""

    QUEUED = "queued"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"


LIVE = frozenset({CallStatus.QUEUED, CallStatus.RINGING, CallStatus.IN_PROGRESS})


class Asks(StrEnum):
    """What a call wants to be pressed before it goes on: nothing, any key, or its code."""

    NOTHING = "nothing"
    ANY_KEY = "any_key"
    CODE = "code"


@record
class PhoneCall:
    """A call to a phone (CA).

    Attributes:
        caller: who calls, as the phone shows it.
        asks: what is to be pressed before `words` are said.
        greeting: what is said first when something is asked for.
        words: what the call is for, with `{{code}}` for the code.
        one_time_code: the code that is spoken, or that is to be typed in.
        language: of the words, as a tag.
        send_digits: what the caller presses when somebody answers.
        about: sid of what it is for, where that is not the call's own.
        rings_for: milliseconds until the phone answers by itself; the carrier's delay unless given.
        pressed: what was pressed on the phone.
        satisfied: whether what was asked for has been pressed.
        error_code: Twilio's, of a call that failed.
        seq: where it stands among all that phones show; another with each change.
    """

    sid: str
    handset: str
    caller: str
    asks: Asks = Asks.NOTHING
    greeting: str = ""
    words: str
    one_time_code: str | None = None
    language: str | None = None
    send_digits: str | None = None
    rings_for: int | None = None
    about: str | None = None
    status: CallStatus = CallStatus.QUEUED
    pressed: str = ""
    satisfied: bool = False
    error_code: int | None = None
    date_created: datetime
    date_answered: datetime | None = None
    date_ended: datetime | None = None
    seq: int

    @property
    def spoken(self) -> tuple[str, ...]:
        """What has been said, sentence by sentence."""
        if self.date_answered is None:
            return ()
        first = (self.greeting,) if self.asks is not Asks.NOTHING else ()
        if not self.is_told:
            return first
        said = self.words.replace(CODE, ", ".join(self.one_time_code or ""))
        return first + (said,) * TIMES

    @property
    def is_told(self) -> bool:
        """Whether the phone has heard what the call is for."""
        return self.date_answered is not None and (self.asks is Asks.NOTHING or self.satisfied)

    @property
    def codes(self) -> tuple[str, ...]:
        """The code that was spoken, undivided."""
        if self.one_time_code is None or not self.is_told or CODE not in self.words:
            return ()
        return (self.one_time_code,)


class PhoneCalls(Table[PhoneCall]):
    """Calls by their newest change: of one phone, of all."""

    refers = (("handset", "handsets"),)

    def __init__(self) -> None:
        self.by_handset: Ordered[PhoneCall] = Ordered(lambda it: it.handset, lambda it: it.seq)
        self.in_order: Ordered[PhoneCall] = Ordered(lambda _: "", lambda it: it.seq)
        super().__init__(PhoneCall, self.by_handset, self.in_order)


@event
class HandsetRang:
    """A phone rings."""

    call: PhoneCall


@event
class CallAnswered:
    """Somebody answered a call."""

    call: PhoneCall


@event
class DigitsPressed:
    """Somebody pressed digits in a call."""

    call: PhoneCall


@event
class CallEnded:
    """A call is over."""

    call: PhoneCall


@event
class CallsCleared:
    """Calls were deleted on a phone."""

    handset: str
