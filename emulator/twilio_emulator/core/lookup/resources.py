"""What the wing keeps: what somebody said of a number, and how often one may look up."""

from datetime import datetime

from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.kernel.tables import Table


@record
class DefinedAnswer:
    """What Lookup says of a number whatever else is known, by the control API.

    Attributes:
        packages: by name of a package, some of its keys; JSON.
        errors: packages that are not told, each with the code that stands there.
        valid: whether somebody can have the number; None for what the number plan says.
        validation_errors: why nobody can; None for what the number plan says.
        line_type: what `packages` says of the line.
    """

    number: str
    packages: str = "{}"
    errors: tuple[tuple[str, int], ...] = ()
    valid: bool | None = None
    validation_errors: tuple[str, ...] | None = None
    line_type: str | None = None

    @property
    def sid(self) -> str:
        return self.number


@record
class LineTypeOverride:
    """What an account says that the type of a number's line is.

    https://www.twilio.com/docs/lookup/v2-api/line-type-intelligence-override
    """

    account_sid: str
    number: str
    original_line_type: str
    overridden_line_type: str
    reason: str | None
    at: datetime

    @property
    def sid(self) -> str:
        return override_key(self.account_sid, self.number)


@record
class LookupLimit:
    """How many look-ups of a package an account may do in a time.

    Attributes:
        field: a package, or `validation`.
        bucket: its name.
        limit: look-ups.
        ttl: seconds of the window.
        began: when the window began that runs.
        used: look-ups in it.
    """

    account_sid: str
    field: str
    bucket: str
    limit: int
    ttl: int
    serial: int
    began: datetime | None = None
    used: int = 0

    @property
    def sid(self) -> str:
        return limit_key(self.account_sid, self.field, self.bucket)


def override_key(account_sid: str, number: str) -> str:
    """What an override is kept under."""
    return f"{account_sid} {number}"


def limit_key(account_sid: str, field: str, bucket: str) -> str:
    """What a limit is kept under."""
    return f"{account_sid} {field} {bucket}"


class DefinedAnswers(Table[DefinedAnswer]):
    """By number."""

    def __init__(self) -> None:
        super().__init__(DefinedAnswer)


class LineTypeOverrides(Table[LineTypeOverride]):
    """By account and number."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        super().__init__(LineTypeOverride)


class LookupLimits(Table[LookupLimit]):
    """Listed by account, oldest first."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_account: Ordered[LookupLimit] = Ordered(
            lambda limit: limit.account_sid, lambda limit: limit.serial
        )
        super().__init__(LookupLimit, self.by_account)
