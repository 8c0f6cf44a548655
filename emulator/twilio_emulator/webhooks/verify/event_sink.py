"""Sends what a Verify service tells of its verifications to the account's sink.

The rules of this file (https://www.twilio.com/docs/events/webhook-quickstart):

- What is posted is a JSON array with the event in it. Decided: it is not signed, and tried once
  more where no connection comes about; Event Streams tries for hours.
"""

import json

from twilio_emulator.core.kernel.world import Happened
from twilio_emulator.core.verify import event_stream
from twilio_emulator.core.verify.event_stream import VerifyEventEmitted
from twilio_emulator.webhooks.decisions import AS_SET, Decision
from twilio_emulator.webhooks.delivery import ProductWebhooks, Webhooks
from twilio_emulator.webhooks.http.connection_overrides import USUAL
from twilio_emulator.webhooks.http.exchange import Request
from twilio_emulator.webhooks.http.manner import Manner

EVENT_SINK = Manner(
    product="verify-events",
    patience=USUAL,
    limit=lambda settings: settings.webhook_timeout,
    overrides=False,
    redirects=False,
    content_type="application/json",
    signs=False,
)


def _emitted(webhooks: Webhooks, emitted: VerifyEventEmitted, _: Happened) -> None:
    it, url = emitted.event, event_stream.sink(webhooks.world)
    if url is None:
        return
    envelope = it.envelope()
    name = str(envelope["type"])
    decision = Decision(
        event=name,
        subject=it.verification_sid,
        setting="event sink",
        url=url,
        sent=True,
        because=AS_SET,
    )
    request = Request(
        event=name,
        subject=it.verification_sid,
        account_sid=it.account_sid,
        manner=EVENT_SINK,
        url=url,
        document=json.dumps([envelope], ensure_ascii=False),
    )
    webhooks.send((decision, request))


WEBHOOKS = ProductWebhooks(
    manner=EVENT_SINK,
    begin=lambda webhooks: webhooks,
    hears={VerifyEventEmitted: _emitted},
)
