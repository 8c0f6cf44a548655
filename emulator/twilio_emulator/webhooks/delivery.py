"""Sends the webhooks of one account, and asks those that may object.

The rules of this file:

- It knows no product. What the webhooks of a product hear of and are asked about says its
  `listener.py`, which `products.py` names; what all share is here.
- Hearing of an event puts requests into queues and nothing else: who caused it does not wait.
- What is about one conversation, or one text, arrives at an URL in order. A receiver that hangs
  holds up that queue alone; when it hangs with all that it gets at once, what it gets next.
- Every decision, exchange and verdict is in the gate's log.
- What an answer changes, it changes by a command through the gate.
- Tokens are numbered when something is heard, not when it is sent: how fast receivers answer does
  not decide which call has which.
- What fails here by our own fault is in our log, and raises an alert where it is known whom it was
  for. It neither fails the request that caused it nor forbids anything.
"""

import itertools
import logging
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from twilio_emulator.core.accounts.accounts import Accounts
from twilio_emulator.core.accounts.debugger_alerts import LogLevel, RaiseAlert
from twilio_emulator.core.kernel.refusals import WEBHOOK_CANCELLED, Refused
from twilio_emulator.core.kernel.world import Command, Happened, Listener, Origin, World
from twilio_emulator.core.simulation.settings import settings
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.webhooks.decisions import Decision, Outcome, Verdict
from twilio_emulator.webhooks.hints import Hints
from twilio_emulator.webhooks.http import failures, signatures
from twilio_emulator.webhooks.http.client import Caller, WebhookCall
from twilio_emulator.webhooks.http.connection_overrides import read_overrides
from twilio_emulator.webhooks.http.exchange import Exchange, Request, WebhookResponse, shown
from twilio_emulator.webhooks.http.manner import Manner
from twilio_emulator.webhooks.http.names import ReceiverNames
from twilio_emulator.webhooks.http.queues import Job, Queues

log = logging.getLogger("twilio_emulator")

PublicUrl = Callable[[str, str], str]
"""From a host of Twilio's, such as `api.twilio.com`, and the URL of a webhook to how the app behind
that reaches it."""

Hear = Callable[[Any, Any, Happened], None]
"""Puts the requests that follow from an event, the second argument, into queues; the first is what
the product's `begin` has made for the account."""

Question = Callable[[World, Any, Origin], Outcome | None]
"""Whether a webhook is asked about a command, the second argument; None where no URL could be."""

Judge = Callable[[Any, str, WebhookResponse], tuple[Command[object] | None, str]]
"""From a command, the name of what was asked and the answer to the command as it may be performed,
None when it may not, and to what happened in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How webhooks are asked about a command."""

    question: Question
    judge: Judge


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProductWebhooks:
    """What the webhooks of one product hear of, and are asked about.

    Attributes:
        manner: how they are sent.
        begin: makes what they have of an account, which is their listener's first argument.
        hears: what follows from events, by their type.
        asks: how they are asked, by the type of the command; no two products are asked about one.
    """

    manner: Manner
    begin: Callable[["Webhooks"], Any]
    hears: Mapping[type, Hear]
    asks: Mapping[type, Asking] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the accounts need of all products, made once.

    Attributes:
        heard: the events of each product.
    """

    asking: Mapping[type, Asking]
    manners: Mapping[str, Manner]
    heard: tuple[frozenset[type], ...]


@cache
def _shared(products: tuple[ProductWebhooks, ...]) -> _Shared:
    asking: dict[type, Asking] = {}
    for product in products:
        assert asking.keys().isdisjoint(product.asks)
        asking.update(product.asks)
    manners = {product.manner.product: product.manner for product in products}
    return _Shared(asking, manners, tuple(frozenset(product.hears) for product in products))


Tokens = Iterator[str]
"""The idempotency tokens of what is sent because of one thing: UUIDs, each of them new."""


class Webhooks:
    """The webhooks of one account. Hears its world, and is asked by its gate.

    Args:
        gate: the door to the account's world.
        caller: makes the calls.
        public_url: how apps reach a host of Twilio's, for links to media.
        products: what the webhooks of each product hear of and are asked about.

    Attributes:
        names: of receivers that have no address of their own.
    """

    def __init__(
        self,
        gate: Gate,
        caller: Caller,
        public_url: PublicUrl,
        products: tuple[ProductWebhooks, ...],
    ) -> None:
        self.gate = gate
        self.world = gate.world
        self.public_url = public_url
        self.hints = Hints(gate)
        self._caller = caller
        self.names = ReceiverNames(caller.send)
        self._causes = itertools.count(1)
        self._queues = Queues()
        self._calls: set[WebhookCall] = set()
        shared = _shared(products)
        self._asking, self._manners = shared.asking, shared.manners
        self._listeners: list[Listener] = []
        for product, heard in zip(products, shared.heard, strict=True):
            hear = partial(_hear, product.hears, product.begin(self))
            self._listeners.append(hear)
            self.world.listeners.append(hear, heard)
        gate.ask = self.ask

    def ask(
        self, gate: Gate, command: Command[object], origin: Origin
    ) -> Coroutine[Any, Any, Command[object]] | None:
        """What a pre-event webhook makes of a command; None when none is asked.

        Raises:
            Refused: from what is awaited, when the webhook forbids the command.
        """
        asking = self._asking.get(type(command))
        if asking is None:
            return None
        try:
            outcome = asking.question(gate.world, command, origin)
        except Exception:
            log.exception("no webhook could be asked about %s", type(command).__name__)
            return None
        request = None if outcome is None else self.decide(outcome)
        if request is None:
            return None
        return self._consult(command, request, asking.judge, self.tokens())

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
        manner = self._manners[exchange.product]
        form, document = parse_qsl(exchange.body, keep_blank_values=True), None
        if manner.content_type.startswith("application/json"):
            form, document = [], exchange.body
        request = Request(
            event=exchange.event,
            subject=exchange.subject,
            account_sid=exchange.account_sid,
            manner=manner,
            url=exchange.url,
            method=exchange.method,
            parameters=tuple(form),
            document=document,
        )
        with self._queues.going_on():
            await self.call(request, next(self.tokens()))

    async def close(self) -> None:
        """Break off what is under way, and hear no more."""
        for listener in self._listeners:
            self.world.listeners.remove(listener)
        self._listeners.clear()
        self.gate.ask = None
        await self._queues.close()

    def note(self, decision: Decision) -> None:
        """Keep a decision in the log."""
        self.gate.note("webhook-decision", decision)

    def decide(self, outcome: Outcome) -> Request | None:
        """Note a decision; the request that follows from it, if one does."""
        decision, request = outcome
        self.note(decision)
        return request

    def send(self, outcome: Outcome | None) -> bool:
        """Note a decision, and make the call that follows, whose answer says nothing.

        Returns:
            whether one follows.
        """
        request = None if outcome is None else self.decide(outcome)
        if request is None:
            return False
        self.put(request, partial(self.deliver, request, self.tokens()))
        return True

    def put(self, request: Request, job: Job) -> None:
        """Have a job done after those that are about the same, at the same URL."""
        parts = signatures.split(request.url)
        lane = parts.host if parts else None
        self._queues.put((request.subject, request.url), partial(self._try, request, job), lane)

    def tokens(self) -> Tokens:
        """The idempotency tokens for what was just heard."""
        return _drawn(self.gate, next(self._causes))

    async def deliver(self, request: Request, tokens: Tokens, times: int = 1) -> None:
        """Make a call whose answer says nothing, so many times."""
        token = next(tokens)
        for _ in range(times):
            answer = await self.call(request, token)
            if answer.failure is not None:
                failure = answer.failure
                self.alarm(failure.code, failure.words, LogLevel.ERROR, request, answer)

    async def call(
        self,
        request: Request,
        idempotency_token: str,
        cookies: CookieJar | None = None,
    ) -> WebhookResponse:
        """Make a call that `advanced` can end."""
        if request.manner.overrides:
            for code in read_overrides(request.url)[1]:
                words = "the connection overrides of the URL are wrong"
                self.alarm(code, words, LogLevel.WARNING, request, None)
        try:
            call = self._caller.call(
                request,
                self._auth_token(request),
                self._note_exchange,
                idempotency_token=idempotency_token,
                cookies=cookies,
                rewrite=self._rewritten,
                find=self.names.find,
            )
            self._calls.add(call)
            try:
                return await call.answer()
            finally:
                self._calls.discard(call)
        except Exception:
            log.exception("%s could not be sent: %s", request.event, request.url)
            return WebhookResponse(url=request.url, failure=failures.our_fault())

    def alarm(
        self,
        code: int,
        words: str,
        level: LogLevel,
        request: Request,
        answer: WebhookResponse | None,
    ) -> None:
        """Tell developers what went wrong."""
        self.gate.perform_now(
            RaiseAlert(
                account=request.account_sid,
                error_code=code,
                alert_text=words,
                log_level=level,
                resource_sid=request.subject,
                request_url=signatures.shown(request.url),
                request_method=request.method,
                request_variables=request.document or signatures.form(request.parameters),
                response_body=shown(answer.body) if answer else "",
            )
        )

    async def _try(self, request: Request, job: Job) -> None:
        """Do a job; what fails unforeseen is no receiver's doing, and must not pass in silence."""
        try:
            await job()
        except Refused:
            return  # the gate has noted it; a reply to a text that was deleted meanwhile, say
        except Exception:
            log.exception("%s could not be dealt with: %s", request.event, request.url)
            words = "not dealt with, by a fault of the emulator: its log says more"
            self.alarm(failures.RETRIEVAL, words, LogLevel.ERROR, request, None)

    async def _consult(
        self, command: Command[object], request: Request, judge: Judge, tokens: Tokens
    ) -> Command[object]:
        with self._queues.going_on():
            answer = await self.call(request, next(tokens))
        try:
            judged, words = judge(command, request.event, answer)
        except Exception:
            log.exception("the answer to %s could not be read: %s", request.event, request.url)
            judged, words = command, "unchanged: a fault of the emulator, whose log says more"
        self.gate.note(
            "webhook-verdict",
            Verdict(event=request.event, subject=request.subject, outcome=words),
        )
        if judged is None:
            raise Refused(WEBHOOK_CANCELLED)
        return judged

    def _rewritten(self, url: str) -> str:
        """Where to connect for an URL: the longest beginning that a setting names decides."""
        rewrites = settings(self.world).webhook_rewrites
        for public, local in sorted(rewrites, key=lambda pair: -len(pair[0])):
            public = public.rstrip("/")
            if url.startswith(public) and url[len(public) : len(public) + 1] in ("", "/", "?"):
                return local.rstrip("/") + url[len(public) :]
        return url

    def _auth_token(self, request: Request) -> str:
        """The primary token of the account that owns what it is about."""
        accounts = self.world[Accounts]
        owner = accounts.get(request.account_sid) or accounts[self.world.account_sid]
        return owner.auth_token

    def _note_exchange(self, exchange: Exchange) -> None:
        self.gate.note("webhook", exchange)


def _drawn(gate: Gate, cause: int) -> Tokens:
    """The tokens that belong to something that was heard, by its number in this run."""
    stream = gate.stream("webhooks", str(cause))
    while True:
        yield str(UUID(hex=stream.hex(), version=4))


def _hear(hears: Mapping[type, Hear], listener: Any, happened: Happened) -> None:
    """Tell a product's listener what happened."""
    event = happened.event
    try:
        hears[type(event)](listener, event, happened)
    except Exception:
        log.exception("no webhook could be sent of %s", type(event).__name__)
