"""What the webhooks of Verify hear of: factors that come, are proved and go, and what answers
challenges."""

from functools import partial

from twilio_emulator.core.accounts.debugger_alerts import LogLevel
from twilio_emulator.core.kernel.world import Happened
from twilio_emulator.webhooks.delivery import ProductWebhooks, Webhooks
from twilio_emulator.webhooks.http.exchange import Request
from twilio_emulator.webhooks.verify import factor_events
from twilio_emulator.webhooks.verify.factor_events import NAMES, Event
from twilio_emulator.webhooks.verify.manner import VERIFY

FAILED, FAILED_WORDS = 60330, "Failed to invoke the webhook"
"""https://www.twilio.com/docs/api/errors/60330"""

ANSWER = 200
"""What has to be answered (https://www.twilio.com/docs/verify/api/webhooks)."""


def _happened(webhooks: Webhooks, event: Event, _: Happened) -> None:
    for outcome in factor_events.fired(webhooks.world, event, webhooks.tokens()):
        request = webhooks.decide(outcome)
        if request is not None:
            token = next(webhooks.tokens())
            webhooks.put(request, partial(_deliver, webhooks, request, token))


async def _deliver(webhooks: Webhooks, request: Request, token: str) -> None:
    answer = await webhooks.call(request, token)
    if answer.status != ANSWER:
        webhooks.alarm(FAILED, FAILED_WORDS, LogLevel.ERROR, request, answer)


WEBHOOKS = ProductWebhooks(
    manner=VERIFY,
    begin=lambda webhooks: webhooks,
    hears=dict.fromkeys(NAMES, _happened),
)
