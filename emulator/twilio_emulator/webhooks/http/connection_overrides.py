"""How long a webhook is waited for and how often it is tried, by default and as its URL says.

Behind `#` an URL may say other values than Twilio's own, as in
`https://example.com/sms#rc=2&rp=5xx`; webhooks of conversations know no such overrides
(https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides).
"""

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from twilio_emulator.webhooks.http.failures import Failure

OVERRIDE_INVALID = 11240
RETRY_POLICY_INVALID = 11243

POLICIES = frozenset({"4xx", "5xx", "ct", "rt", "all"})
SHORTEST = 100  # milliseconds, of every time limit
MOST_RETRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """What a call may take, in the machine's seconds, and after what it is tried again.

    `ct` in `retry_after` stands for a connection that failed, `rt` for an answer that did not come.
    """

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    retry_after: frozenset[str] = frozenset({"ct"})

    def tries_again(self, status: int | None, failure: Failure | None) -> bool:
        """Whether another try follows what a try came to."""
        if failure is None:
            return False
        if "all" in self.retry_after:
            return True
        if status is not None:
            return f"{status // 100}xx" in self.retry_after
        return {"connect": "ct", "read": "rt"}.get(failure.kind) in self.retry_after

    def within(self, seconds: float) -> "Patience":
        """The same, but never longer than `seconds`."""
        return replace(
            self,
            connect=min(self.connect, seconds),
            read=min(self.read, seconds),
            total=min(self.total, seconds),
        )


USUAL = Patience()


def read_overrides(url: str) -> tuple[Patience, tuple[int, ...]]:
    """The patience that the fragment of `url` asks for, and Twilio's errors for what it got wrong.

    A value that cannot be is left at its default; other keys are somebody else's.
    """
    fragment = url.partition("#")[2]
    if not fragment:
        return USUAL, ()
    asked = dict(parse_qsl(fragment))
    wrong: list[int] = []

    def whole(key: str, default: int, lowest: int, highest: int) -> int:
        text = asked.get(key)
        if text is None:
            return default
        if text.isascii() and text.isdigit() and len(text) <= 6 and lowest <= int(text) <= highest:
            return int(text)
        wrong.append(OVERRIDE_INVALID)
        return default

    retry_after = USUAL.retry_after
    if "rp" in asked:
        policies = frozenset(policy.strip().lower() for policy in asked["rp"].split(","))
        if policies <= POLICIES:
            retry_after = policies
        else:
            wrong.append(RETRY_POLICY_INVALID)
    patience = Patience(
        connect=whole("ct", 5_000, SHORTEST, 10_000) / 1000,
        read=whole("rt", 15_000, SHORTEST, 15_000) / 1000,
        total=whole("tt", 15_000, SHORTEST, 15_000) / 1000,
        retries=whole("rc", 1, 0, MOST_RETRIES),
        retry_after=retry_after,
    )
    return patience, tuple(wrong)
