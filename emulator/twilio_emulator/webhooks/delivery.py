"""Sends the webhooks of one account, and asks those that may object.

The rules of this file:

- Hearing of an event puts requests into queues and nothing else: who caused it does not wait.
- What is about one conversation, or one text, arrives at an URL in order. A receiver that hangs
  holds up that queue alone; when it hangs with all that it gets at once, what it gets next.
- Every decision, exchange and verdict is in the gate's log.
- What an answer changes, it changes by a command through the gate.
- What fails here by our own fault is in our log, and raises an alert where it is known whom it was
  for. It neither fails the request that caused it nor forbids anything.
"""

import itertools
import logging
import uuid
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from functools import partial
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import parse_qsl

from twilio_emulator.core.accounts.accounts import Accounts
from twilio_emulator.core.accounts.debugger_alerts import LogLevel, RaiseAlert
from twilio_emulator.core.carrier.caller_id_verification import ValidationEnded
from twilio_emulator.core.conversations.scoped_webhooks import MessagesReplayed
from twilio_emulator.core.conversations.webhook_configurations import WebhookConfigurations
from twilio_emulator.core.kernel.refusals import WEBHOOK_CANCELLED, Refused
from twilio_emulator.core.kernel.world import Command, Happened, Origin
from twilio_emulator.core.messaging.inbound import TextCaptured, TextReceived, TextTurnedAway
from twilio_emulator.core.simulation.settings import settings
from twilio_emulator.core.texts.text import Text, TextStatusChanged
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.webhooks.conversations import post_events, pre_events
from twilio_emulator.webhooks.conversations.pre_event_answers import Verdict, judge
from twilio_emulator.webhooks.decisions import Outcome
from twilio_emulator.webhooks.hints import Hints
from twilio_emulator.webhooks.http import failures, signatures
from twilio_emulator.webhooks.http.client import NO_FAULT, Call, Caller
from twilio_emulator.webhooks.http.connection_overrides import read_overrides
from twilio_emulator.webhooks.http.exchange import Answer, Exchange, Product, Request, shown
from twilio_emulator.webhooks.http.queues import Job, Queues
from twilio_emulator.webhooks.messaging import caller_id_validation, inbound, status_callbacks
from twilio_emulator.webhooks.messaging.inbound import PublicUrl
from twilio_emulator.webhooks.messaging.reply_rates import ReplyRates
from twilio_emulator.webhooks.messaging.reply_session import ReplySession
from twilio_emulator.webhooks.messaging.status_callbacks import LAST

log = logging.getLogger("twilio_emulator")

COOKIES_KEPT = timedelta(hours=4)

JARS_KEPT = 10_000
"""Phones whose cookies are kept, of those that wrote last."""

Hear = Callable[[Any, Happened], None]


class Webhooks:
    """The webhooks of one account. Hears its world, and is asked by its gate.

    Args:
        gate: the door to the account's world.
        caller: makes the calls.
        public_url: how apps reach a host of Twilio's, for links to media.
    """

    def __init__(
        self,
        gate: Gate,
        caller: Caller,
        public_url: PublicUrl,
    ) -> None:
        self._gate = gate
        self._world = gate.world
        self._caller = caller
        self._public_url = public_url
        self._queues = Queues()
        self._calls: set[Call] = set()
        self._overtaken: dict[str, Job] = {}  # callbacks that a fault holds back, by text
        # By phone and number: when they last wrote, and what the app has left.
        self._cookies: dict[tuple[str, str], tuple[datetime, CookieJar]] = {}
        self._rates = ReplyRates(gate.world)
        self._hints = Hints(gate)
        self._hearing: dict[type, Hear] = {
            **dict.fromkeys(post_events.POST_EVENTS, self._post_event),
            MessagesReplayed: self._messages_replayed,
            TextStatusChanged: self._status_changed,
            TextReceived: self._text_received,
            TextCaptured: self._text_captured,
            TextTurnedAway: self._text_turned_away,
            ValidationEnded: self._validation_ended,
        }
        gate.ask = self.ask
        gate.world.listeners.append(self._hear, self._hearing)

    def ask(
        self, gate: Gate, command: Command[object], origin: Origin
    ) -> Coroutine[Any, Any, Command[object]] | None:
        """What a pre-event webhook makes of a command; None when none is asked.

        Raises:
            Refused: from what is awaited, when the webhook forbids the command.
        """
        try:
            outcome = pre_events.question(gate.world, command, origin)
        except Exception:
            log.exception("no webhook could be asked about %s", type(command).__name__)
            return None
        request = None if outcome is None else self._decided(outcome)
        return None if request is None else self._consult(command, request)

    @property
    def busy(self) -> bool:
        """Whether a webhook waits or is under way."""
        return self._queues.busy

    async def settled(self) -> None:
        """Wait until no webhook waits or is under way."""
        await self._queues.settled()

    def advanced(self, seconds: float) -> None:
        """Virtual time has passed: calls whose limit it exceeds end."""
        for call in self._calls:
            call.advance(seconds)

    def limit(self) -> float | None:
        """Seconds until the first call under way has waited enough; None when there is none."""
        return min((call.left for call in self._calls), default=None)

    async def replay(self, exchange: Exchange) -> None:
        """Make a call once more, signed anew. What is answered changes nothing."""
        form = parse_qsl(exchange.body, keep_blank_values=True)
        request = Request(
            event=exchange.event,
            subject=exchange.subject,
            account_sid=exchange.account_sid,
            product=exchange.product,
            url=exchange.url,
            method=exchange.method,
            parameters=tuple(form),
        )
        with self._queues.going_on():
            await self._call(request)

    async def close(self) -> None:
        """Break off what is under way, and hear no more."""
        self._world.listeners.remove(self._hear)
        self._gate.ask = None
        await self._queues.close()
        self._hearing.clear()

    def _hear(self, happened: Happened) -> None:
        try:
            self._hearing[type(happened.event)](happened.event, happened)
        except Exception:
            log.exception("no webhook could be sent of %s", type(happened.event).__name__)

    def _post_event(self, event: object, happened: Happened) -> None:
        outcomes = post_events.fired(self._world, happened)
        self._deliver_all(outcomes)
        if not any(request for _, request in outcomes) and (
            outcomes or len(self._world[WebhookConfigurations])
        ):
            self._hints.nothing_sent(event, [decision for decision, _ in outcomes])

    def _messages_replayed(self, event: MessagesReplayed, happened: Happened) -> None:
        self._deliver_all(post_events.replayed(event, happened))

    def _deliver_all(self, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            request = self._decided(outcome)
            if request is not None:
                self._put(request, partial(self._deliver, request))

    def _status_changed(self, event: TextStatusChanged, _: Happened) -> None:
        text = event.text
        outcome = status_callbacks.status_changed(self._world, text)
        request = None if outcome is None else self._decided(outcome)
        if request is None:
            if outcome is None and text.status in LAST:
                self._hints.not_called_back(text)
            return
        fault = text.fault or NO_FAULT
        times = 2 if fault.duplicate_callback else 1
        job = partial(self._deliver, request, times)
        overtaken = self._overtaken.pop(text.sid, None)
        if fault.reorder_callbacks and overtaken is None and text.status not in LAST:
            self._overtaken[text.sid] = job
            return
        self._put(request, job)
        if overtaken is not None:
            self._put(request, overtaken)

    def _text_received(self, event: TextReceived, _: Happened) -> None:
        text = event.text
        request = self._reported(text)
        if request is not None:
            self._put(request, partial(self._converse, text, request))
        else:
            self._nobody_told(text)

    def _text_captured(self, event: TextCaptured, _: Happened) -> None:
        request = self._reported(event.text)
        if request is not None:
            self._put(request, partial(self._deliver, request))
        else:
            self._hints.captured(event.text)

    def _text_turned_away(self, event: TextTurnedAway, _: Happened) -> None:
        self._nobody_told(event.text)

    def _validation_ended(self, event: ValidationEnded, _: Happened) -> None:
        outcome = caller_id_validation.ended(event)
        request = None if outcome is None else self._decided(outcome)
        if request is not None:
            self._put(request, partial(self._deliver, request))

    def _reported(self, text: Text) -> Request | None:
        outcome = inbound.received(self._world, text, self._public_url)
        return None if outcome is None else self._decided(outcome)

    def _nobody_told(self, text: Text) -> None:
        self._log("webhook-decision", inbound.unreported(self._world, text))
        self._hints.not_reported(text)

    def _decided(self, outcome: Outcome) -> Request | None:
        decision, request = outcome
        self._log("webhook-decision", decision)
        return request

    def _put(self, request: Request, job: Job) -> None:
        parts = signatures.split(request.url)
        lane = parts.host if parts else None
        self._queues.put((request.subject, request.url), partial(self._try, request, job), lane)

    async def _try(self, request: Request, job: Job) -> None:
        """Do a job; what fails unforeseen is no receiver's doing, and must not pass in silence."""
        try:
            await job()
        except Refused:
            return  # the gate has noted it; a reply to a text that was deleted meanwhile, say
        except Exception:
            log.exception("%s could not be dealt with: %s", request.event, request.url)
            words = "not dealt with, by a fault of the emulator: its log says more"
            self._alarm(failures.RETRIEVAL, words, LogLevel.ERROR, request, None)

    async def _deliver(self, request: Request, times: int = 1) -> None:
        """Make a call whose answer says nothing."""
        token = str(uuid.uuid4())
        for _ in range(times):
            answer = await self._call(request, token)
            if answer.failure is not None:
                failure = answer.failure
                self._alarm(failure.code, failure.words, LogLevel.ERROR, request, answer)

    async def _converse(self, text: Text, request: Request) -> None:
        """Report a text, and do what is answered."""
        now, pair = self._world.clock.now(), (text.sender or "", text.to)
        last, cookies = self._cookies.pop(pair, (now, CookieJar()))
        if now - last > COOKIES_KEPT:
            cookies = CookieJar()
        session = ReplySession(
            self._gate,
            text,
            request,
            partial(self._call, cookies=cookies),
            self._alarm,
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

    async def _consult(self, command: Command[object], request: Request) -> Command[object]:
        with self._queues.going_on():
            answer = await self._call(request)
        try:
            judged, words = judge(command, request.event, answer)
        except Exception:
            log.exception("the answer to %s could not be read: %s", request.event, request.url)
            judged, words = command, "unchanged: a fault of the emulator, whose log says more"
        self._log(
            "webhook-verdict",
            Verdict(event=request.event, subject=request.subject, outcome=words),
        )
        if judged is None:
            raise Refused(WEBHOOK_CANCELLED)
        return judged

    async def _call(
        self,
        request: Request,
        idempotency_token: str | None = None,
        cookies: CookieJar | None = None,
    ) -> Answer:
        """Make a call that `advanced` can end."""
        if request.product is Product.MESSAGING:
            for code in read_overrides(request.url)[1]:
                words = "the connection overrides of the URL are wrong"
                self._alarm(code, words, LogLevel.WARNING, request, None)
        try:
            call = self._caller.call(
                request,
                self._auth_token(request),
                self._note,
                idempotency_token=idempotency_token,
                cookies=cookies,
                rewrite=self._rewritten,
            )
            self._calls.add(call)
            try:
                return await call.answer()
            finally:
                self._calls.discard(call)
        except Exception:
            log.exception("%s could not be sent: %s", request.event, request.url)
            return Answer(url=request.url, failure=failures.our_fault())

    def _rewritten(self, url: str) -> str:
        """Where to connect for an URL: the longest beginning that a setting names decides."""
        rewrites = settings(self._world).webhook_rewrites
        for public, local in sorted(rewrites, key=lambda pair: -len(pair[0])):
            public = public.rstrip("/")
            if url.startswith(public) and url[len(public) : len(public) + 1] in ("", "/", "?"):
                return local.rstrip("/") + url[len(public) :]
        return url

    def _auth_token(self, request: Request) -> str:
        """The primary token of the account that owns what it is about."""
        accounts = self._world[Accounts]
        owner = accounts.get(request.account_sid) or accounts[self._world.account_sid]
        return owner.auth_token

    def _note(self, exchange: Exchange) -> None:
        self._log("webhook", exchange)

    def _alarm(
        self, code: int, words: str, level: LogLevel, request: Request, answer: Answer | None
    ) -> None:
        """Tell developers what went wrong."""
        self._gate.perform_now(
            RaiseAlert(
                account=request.account_sid,
                error_code=code,
                alert_text=words,
                log_level=level,
                resource_sid=request.subject,
                request_url=signatures.shown(request.url),
                request_method=request.method,
                request_variables=signatures.form(request.parameters),
                response_body=shown(answer.body) if answer else "",
            )
        )

    def _log(self, kind: str, content: object) -> None:
        self._gate.log.add(self._world.clock.now(), kind, content)
