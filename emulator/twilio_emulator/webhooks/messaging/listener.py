"""What the webhooks of messaging hear of: steps of texts, texts that come in, verified numbers.

The rules of this file:

- A phone and a number keep the app's cookies for four hours after the last text
  (https://www.twilio.com/docs/messaging/twiml).
- Every decision is noted; that nobody is told of a text is one, too.
"""

import itertools
from datetime import datetime, timedelta
from functools import partial
from http.cookiejar import CookieJar

from twilio_emulator.core.carrier.caller_id_verification import ValidationEnded
from twilio_emulator.core.kernel.world import Happened
from twilio_emulator.core.messaging.inbound import TextCaptured, TextReceived, TextTurnedAway
from twilio_emulator.core.texts.text import Text, TextStatusChanged
from twilio_emulator.webhooks.delivery import ProductWebhooks, Tokens, Webhooks
from twilio_emulator.webhooks.http.client import NO_FAULT
from twilio_emulator.webhooks.http.exchange import Request, WebhookResponse
from twilio_emulator.webhooks.http.queues import Job
from twilio_emulator.webhooks.messaging import (
    caller_id_validation,
    hints,
    inbound,
    status_callbacks,
)
from twilio_emulator.webhooks.messaging.manner import MESSAGING
from twilio_emulator.webhooks.messaging.reply_rates import ReplyRates
from twilio_emulator.webhooks.messaging.reply_session import ReplySession
from twilio_emulator.webhooks.messaging.status_callbacks import LAST

COOKIES_KEPT = timedelta(hours=4)

JARS_KEPT = 10_000
"""Phones whose cookies are kept, of those that wrote last."""


class _Listener:
    """What messaging's webhooks have of one account."""

    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks
        self._world = webhooks.world
        self._overtaken: dict[str, Job] = {}  # callbacks that a fault holds back, by text
        # By phone and number: when they last wrote, and what the app has left.
        self._cookies: dict[tuple[str, str], tuple[datetime, CookieJar]] = {}
        self._rates = ReplyRates(webhooks.world)

    def status_changed(self, event: TextStatusChanged, _: Happened) -> None:
        text, webhooks = event.text, self._webhooks
        outcome = status_callbacks.status_changed(self._world, text)
        request = None if outcome is None else webhooks.decide(outcome)
        if request is None:
            if outcome is None and text.status in LAST:
                hints.not_called_back(webhooks.hints, text)
            return
        fault = text.fault or NO_FAULT
        times = 2 if fault.duplicate_callback else 1
        job = partial(webhooks.deliver, request, webhooks.tokens(), times)
        overtaken = self._overtaken.pop(text.sid, None)
        if fault.reorder_callbacks and overtaken is None and text.status not in LAST:
            self._overtaken[text.sid] = job
            return
        webhooks.put(request, job)
        if overtaken is not None:
            webhooks.put(request, overtaken)

    def text_received(self, event: TextReceived, _: Happened) -> None:
        text = event.text
        request = self._reported(text)
        if request is not None:
            tokens = self._webhooks.tokens()
            self._webhooks.put(request, partial(self._converse, text, request, tokens))
        else:
            self._nobody_told(text)

    def text_captured(self, event: TextCaptured, _: Happened) -> None:
        self._reported(event.text)

    def text_turned_away(self, event: TextTurnedAway, _: Happened) -> None:
        self._nobody_told(event.text)

    def validation_ended(self, event: ValidationEnded, _: Happened) -> None:
        self._webhooks.send(caller_id_validation.ended(event))

    def _reported(self, text: Text) -> Request | None:
        outcome = inbound.received(self._world, text, self._webhooks.public_url)
        return None if outcome is None else self._webhooks.decide(outcome)

    def _nobody_told(self, text: Text) -> None:
        self._webhooks.note(inbound.unreported(self._world, text))
        hints.not_reported(self._webhooks.hints, text)

    async def _converse(self, text: Text, request: Request, tokens: Tokens) -> None:
        """Report a text, and do what is answered."""
        now, pair = self._world.clock.now(), (text.sender or "", text.to)
        last, cookies = self._cookies.pop(pair, (now, CookieJar()))
        if now - last > COOKIES_KEPT:
            cookies = CookieJar()

        async def call(request: Request) -> WebhookResponse:
            return await self._webhooks.call(request, next(tokens), cookies)

        session = ReplySession(
            self._webhooks.gate,
            text,
            request,
            call,
            self._webhooks.alarm,
            may_reply=self._rates.take,
        )
        await session.run()
        if len(cookies):
            self._cookies[pair] = (now, cookies)
            self._forget_cookies(now)

    def _forget_cookies(self, now: datetime) -> None:
        """Let go of what is too old, and of the oldest where there are too many."""
        for pair, (last, _) in list(itertools.islice(self._cookies.items(), 2)):
            if now - last > COOKIES_KEPT or len(self._cookies) > JARS_KEPT:
                del self._cookies[pair]


WEBHOOKS = ProductWebhooks(
    manner=MESSAGING,
    begin=_Listener,
    hears={
        TextStatusChanged: _Listener.status_changed,
        TextReceived: _Listener.text_received,
        TextCaptured: _Listener.text_captured,
        TextTurnedAway: _Listener.text_turned_away,
        ValidationEnded: _Listener.validation_ended,
    },
)
