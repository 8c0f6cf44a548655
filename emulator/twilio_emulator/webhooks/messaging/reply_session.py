"""An inbound text's way to the app and back: the request, the TwiML, the replies, the fallback.

The rules of this file (https://www.twilio.com/docs/messaging/twiml):

- Verbs are performed from top to bottom. `<Redirect>` goes on with another document and does not
  come back; so does an `action` whose answer is TwiML with a verb in it.
- When a document cannot be had or read, the fallback URL is asked, once, with what went wrong. When
  that fails too, there is no reply.
- Whatever goes wrong becomes an alert. A `<Message>` that cannot be sent is left out.
- A session asks for 50 documents at most, and sends 10 replies.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import urljoin

from twilio_emulator.core.accounts.debugger_alerts import LogLevel
from twilio_emulator.core.kernel.world import LOUD
from twilio_emulator.core.messaging.inbound import ReplyToText, TwimlReply
from twilio_emulator.core.senders.addresses import (
    Channel,
    bare,
    channel_of,
    is_sender_name,
    on_channel,
)
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.texts.media import Enclosure
from twilio_emulator.core.texts.text import Text
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.webhooks.http import signatures
from twilio_emulator.webhooks.http.exchange import Request, WebhookResponse
from twilio_emulator.webhooks.messaging import status_callbacks, twiml
from twilio_emulator.webhooks.messaging.twiml import (
    MessageVerb,
    RedirectVerb,
    TwimlDocument,
    TwimlError,
)

DOCUMENTS = 50
REPLIES = 10
MEDIA = 10
LONGEST_BODY = 1600

INVALID_TO = 14101
INVALID_FROM = 14102
INVALID_BODY = 14103
INVALID_METHOD = 14104
INVALID_STATUS_CALLBACK = 14105
TOO_MANY_DOCUMENTS = 14106
TOO_FAST = 14107
FROM_NOT_CAPABLE = 14108
TOO_MANY_REPLIES = 14109

Call = Callable[[Request], Awaitable[WebhookResponse]]
Alarm = Callable[[int, str, LogLevel, Request, WebhookResponse | None], None]
"""Raises an alert: Twilio's code, what is wrong, how bad, what was asked and answered."""


class ReplySession:
    """What follows from one inbound text.

    Args:
        gate: performs the replies.
        text: what came in.
        request: how it is reported.
        call: makes a request, with the cookies of this pair of phone and number.
        alarm: raises an alert.
        may_reply: whether the phone may get another reply now.
    """

    def __init__(
        self,
        gate: Gate,
        text: Text,
        request: Request,
        call: Call,
        alarm: Alarm,
        *,
        may_reply: Callable[[Text], bool] = lambda _: True,
    ) -> None:
        self._may_reply = may_reply
        self._gate = gate
        self._text = text
        self._request = request
        self._fallback = request.fallback
        self._call = call
        self._alarm = alarm
        self._documents = 0
        self._replies = 0

    async def run(self) -> None:
        """Ask, and do what is answered."""
        document = await self._fetch(self._request)
        while document is not None:
            document = await self._perform(document)

    async def _fetch(self, request: Request) -> TwimlDocument | None:
        """The document that a request is answered with, or the fallback's; None for neither."""
        if not self._may_ask(request):
            return None
        answer = await self._call(request)
        try:
            document = twiml.read(answer)
        except TwimlError as error:
            self._alarm(error.code, str(error), LogLevel.ERROR, request, answer)
            return await self._fall_back(error.code, request.url)
        said = twiml.understood(self._text.sid, document)
        self._gate.note("webhook-reply", said)
        for code, words in document.warnings:
            self._alarm(code, words, LogLevel.WARNING, request, answer)
        return document

    def _may_ask(self, request: Request) -> bool:
        """Whether there may be another document; the first that may not is warned of."""
        self._documents += 1
        if self._documents == DOCUMENTS + 1:
            self._warn(TOO_MANY_DOCUMENTS, f"more than {DOCUMENTS} documents", request)
        return self._documents <= DOCUMENTS

    async def _fall_back(self, code: int, url: str) -> TwimlDocument | None:
        """What the fallback URL says, when it was not asked before."""
        fallback, self._fallback = self._fallback, None
        if fallback is None:
            return None
        failed = (("ErrorCode", str(code)), ("ErrorUrl", signatures.shown(url)))
        return await self._fetch(
            replace(
                self._request,
                url=fallback[0],
                method=fallback[1],
                parameters=self._request.parameters + failed,
            )
        )

    async def _perform(self, document: TwimlDocument) -> TwimlDocument | None:
        """Perform verbs; the document to go on with, when one of them leads to another."""
        for verb in document.verbs:
            if isinstance(verb, RedirectVerb):
                return await self._fetch(self._to(document, verb.url, verb.method))
            following = await self._reply(document, verb)
            if following is not None:
                return following
        return None

    async def _reply(self, document: TwimlDocument, verb: MessageVerb) -> TwimlDocument | None:
        """Send a reply; the document of its `action`, when that goes on."""
        self._replies += 1
        if self._replies == REPLIES + 1:
            self._warn(TOO_MANY_REPLIES, f"more than {REPLIES} replies", self._request)
        if self._replies > REPLIES:
            return None
        if not self._may_reply(self._text):
            self._warn(TOO_FAST, "too many replies in a short time", self._request)
            return None
        sent: Text | None = None
        try:
            command = ReplyToText(text=self._text.sid, messages=(self._read(document, verb),))
        except TwimlError as error:
            self._warn(error.code, str(error), self._request)
        else:
            (sent,) = await self._gate.perform(command, LOUD)
        if verb.action is None:
            return None
        return await self._follow(self._to(document, verb.action, verb.method), sent)

    async def _follow(self, action: Request, sent: Text | None) -> TwimlDocument | None:
        """Tell an `action` what became of its reply; the document it answers with, if it says more.

        That answer may be anything, since the same URL gets status callbacks too.
        """
        if not self._may_ask(action):
            return None
        if sent is None:
            said = dict(action.parameters) | {"MessageStatus": "invalid", "SmsStatus": "invalid"}
            request = replace(action, parameters=tuple(said.items()))
        else:
            request = status_callbacks.request(self._gate.world, sent, action.url, action.method)
        answer = await self._call(replace(request, event="action"))
        if answer.failure is not None:
            failure = answer.failure
            self._alarm(failure.code, failure.words, LogLevel.WARNING, request, answer)
            return None
        if not twiml.is_xml(answer):
            return None
        try:
            document = twiml.read(answer)
        except TwimlError:
            return None
        return document if document.verbs else None

    def _read(self, document: TwimlDocument, verb: MessageVerb) -> TwimlReply:
        """What a `<Message>` sends.

        Raises:
            TwimlError: it cannot be sent.
        """
        sender = self._sender(verb.sender)
        to = self._recipient(verb.to, sender)
        if not verb.body and not verb.media:
            raise TwimlError(INVALID_BODY, "a <Message> holds neither body nor media")
        if len(verb.body) > LONGEST_BODY:
            raise TwimlError(INVALID_BODY, f"a body is longer than {LONGEST_BODY}")
        if len(verb.media) > MEDIA:
            raise TwimlError(INVALID_BODY, f"a <Message> holds more than {MEDIA} media")
        own, other = verb.action, verb.status_callback
        if verb.media and channel_of(to) is Channel.SMS:
            own, other = other, own
        return TwimlReply(
            body=verb.body,
            media=tuple(Enclosure(url=urljoin(document.url, url)) for url in verb.media),
            to=to,
            sender=sender,
            status_callback=self._callback(document, own or other),
            status_callback_method=self._method(verb.method),
        )

    def _sender(self, given: str | None) -> str:
        """The number that a reply comes from.

        Raises:
            TwimlError: it is not the account's, or for calls alone.
        """
        if given is None:
            return self._text.to
        if is_sender_name(given):
            return given
        address = on_channel(channel_of(self._text.to), bare(given))
        number = self._gate.world[PhoneNumbers].at(address)
        if number is None or number.account_sid != self._text.account_sid:
            raise TwimlError(INVALID_FROM, f"from is no number of the account: {given}")
        if not number.sms:
            raise TwimlError(FROM_NOT_CAPABLE, f"from takes no part in texts: {given}")
        return address

    def _recipient(self, given: str | None, sender: str) -> str:
        """The number that a reply goes to; a national one is of the country of `sender`.

        Raises:
            TwimlError: it is no number.
        """
        own = self._text.sender or ""
        if given is None:
            return own
        numbering = self._gate.world.numbering
        country = numbering.country(bare(sender)) if bare(sender).startswith("+") else None
        number = numbering.normal(bare(given), country)
        if number is None:
            raise TwimlError(INVALID_TO, f"to is no number: {given}")
        return on_channel(channel_of(own), number)

    def _callback(self, document: TwimlDocument, given: str | None) -> str | None:
        if not given:
            return None
        url = urljoin(document.url, given)
        parts = signatures.split(url)
        if parts is None or parts.scheme.lower() not in ("http", "https"):
            self._warn(INVALID_STATUS_CALLBACK, f"not an URL: {given}", self._request)
            return None
        return url

    def _method(self, given: str | None) -> str:
        if given is None:
            return "POST"
        if given.upper() in ("GET", "POST"):
            return given.upper()
        self._warn(INVALID_METHOD, f"method is GET or POST, not {given}", self._request)
        return "POST"

    def _to(self, document: TwimlDocument, url: str, method: str | None) -> Request:
        """The request of the text, to an URL that a document names."""
        return replace(self._request, url=urljoin(document.url, url), method=self._method(method))

    def _warn(self, code: int, words: str, request: Request) -> None:
        self._alarm(code, words, LogLevel.WARNING, request, None)
