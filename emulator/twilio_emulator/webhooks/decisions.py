"""What a setting decided about a webhook: whether it fires, and why; and what came of asking."""

from dataclasses import dataclass

from twilio_emulator.webhooks.http.exchange import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether something fires a webhook, as the log keeps it.

    Attributes:
        event: such as `onMessageAdded`.
        subject: sid of the conversation or the message.
        setting: which setting decided.
        url: what it names.
        sent: whether a request follows.
        because: why, in words.
    """

    event: str
    subject: str
    setting: str
    url: str | None
    sent: bool
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of asking a webhook, as the log keeps it."""

    event: str
    subject: str
    outcome: str


Outcome = tuple[Decision, Request | None]
"""A decision, and the request that follows when it was to send one."""

AS_SET = "the setting asks for it"

NOT_ENABLED = "the request did not say X-Twilio-Webhook-Enabled: true"
NO_KEYWORD = "the body holds no keyword"
