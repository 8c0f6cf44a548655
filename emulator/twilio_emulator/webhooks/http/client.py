"""Makes the HTTP calls of webhooks: limits, retries, redirects, passwords, cookies.

The rules of this file:

- Every exchange is told to `note`, with what was sent, what came back, and one line about it.
- Limits are the machine's seconds. A clock that is moved on uses them up too: `Call.advance`.
- Tries of one call share its idempotency token: a receiver can tell them from another call.
- How often a call is tried, and whether it follows redirects, is the manner of its product.
- A password in an URL is sent only when 401 asks for it, and never to whom that URL redirects.
"""

import asyncio
import base64
import logging
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from http.cookiejar import CookieJar
from urllib.parse import urljoin

from twilio_emulator.core.kernel.keeping import cut_off
from twilio_emulator.core.simulation.resources import Fault
from twilio_emulator.runtime import shortage
from twilio_emulator.settings import Settings
from twilio_emulator.webhooks.http import connection_overrides, failures, signatures
from twilio_emulator.webhooks.http.connection_overrides import Patience
from twilio_emulator.webhooks.http.exchange import (
    HEAD_READ,
    BrokenAnswer,
    Came,
    Exchange,
    LongHead,
    NotAnUrl,
    Request,
    Signed,
    WebhookResponse,
    shown,
    write,
)
from twilio_emulator.webhooks.http.plain import PlainHttp
from twilio_emulator.webhooks.http.secure import SecureHttp
from twilio_emulator.webhooks.http.signatures import Parameters, Parts

log = logging.getLogger("twilio_emulator")

NO_FAULT = Fault()
REDIRECTS = 10

Note = Callable[[Exchange], None]

Find = Callable[[Parts], "Send | None"]
"""Who is reached otherwise than over the network: what sends to it, or None."""

Send = Callable[[Parts, Signed, Parameters, Callable[[], None]], Awaitable[Came]]
"""Sends what is signed, with all its headers; calls the last when there is a connection."""

Rewrite = Callable[[str], str]
"""Where to connect for an URL. What is signed, and the `Host`, stay those of the URL itself."""


class Caller:
    """Makes the calls of all accounts, through one HTTP client.

    Args:
        settings: how long webhooks may take, and how much of an answer is told of.
        tls: which certificates are trusted; those that the system trusts, unless given.
    """

    def __init__(
        self, settings: Settings | None = None, *, tls: ssl.SSLContext | None = None
    ) -> None:
        self._settings = settings or Settings()
        self._noted = self._settings.kept.bodies
        self._plain = PlainHttp()
        self._secure = SecureHttp(tls)

    def call(
        self,
        request: Request,
        auth_token: str,
        note: Note,
        *,
        idempotency_token: str,
        cookies: CookieJar | None = None,
        rewrite: Rewrite | None = None,
        find: Find | None = None,
    ) -> "WebhookCall":
        """A call of `request`, to be made with `answer()`.

        Args:
            auth_token: signs it.
            note: told of every exchange.
            idempotency_token: an UUID.
            cookies: sent along, and kept.
            rewrite: where to connect instead, for receivers behind a public name.
            find: who is reached otherwise than over the network.
        """
        manner = request.manner
        patience = manner.patience
        if manner.overrides:
            patience, _ = connection_overrides.read_overrides(request.url)
        patience = patience.within(manner.limit(self._settings))
        if not request.url.startswith("http:"):
            self._secure.prepare()  # first: the time that it takes is not the receiver's

        async def send(
            parts: Parts, signed: Signed, headers: Parameters, begun: Callable[[], None]
        ) -> Came:
            to = (find and find(parts)) or self.send
            return await to(parts, signed, headers, begun)

        return WebhookCall(
            send,
            rewrite,
            request,
            auth_token,
            idempotency_token,
            patience,
            note,
            cookies,
            self._noted,
        )

    async def close(self) -> None:
        """Close the connections."""
        self._plain.close()
        await self._secure.close()

    async def send(
        self, parts: Parts, signed: Signed, headers: Parameters, begun: Callable[[], None]
    ) -> Came:
        """Send what is signed over the network, as `PlainHttp.send` or `SecureHttp.send` does.

        Where no descriptor is to be had, nothing was sent yet: it waits for one.
        """
        http = self._plain if parts.scheme.lower() == "http" else self._secure
        while True:
            try:
                return await http.send(signed.method, parts, headers, signed.body, begun)
            except (OSError, BrokenAnswer) as error:
                if not shortage.is_one(error):
                    raise
            shortage.say()
            await asyncio.sleep(shortage.PAUSE)


class WebhookCall:
    """One call, from its first try to its last answer."""

    def __init__(
        self,
        send: Send,
        rewrite: Rewrite | None,
        request: Request,
        auth_token: str,
        idempotency_token: str,
        patience: Patience,
        note: Note,
        cookies: CookieJar | None,
        noted: int,
    ) -> None:
        self._send_to = send
        self._noted = noted
        self._rewrite = rewrite
        self._request = request
        self._fault = request.fault or NO_FAULT
        self._auth_token = f"not {auth_token}" if self._fault.corrupt_signature else auth_token
        self._patience = patience
        self._note = note
        self._cookies = cookies
        self._idempotency_token = idempotency_token
        self._attempt = 1
        self._loop = asyncio.get_running_loop()
        self._end = self._loop.time() + patience.total
        self._timeout: asyncio.Timeout | None = None

    async def answer(self) -> WebhookResponse:
        """The last answer; every way to fail is one."""
        while True:
            answer = await self._try()
            over = self._attempt > self._patience.retries or self._loop.time() >= self._end
            if over or not self._patience.tries_again(answer.status, answer.failure):
                return answer
            self._attempt += 1

    @property
    def left(self) -> float:
        """Seconds that what is under way still has."""
        end = self._timeout.when() if self._timeout is not None else None
        return (self._end if end is None else end) - self._loop.time()

    def advance(self, seconds: float) -> None:
        """Virtual time has passed."""
        self._end -= seconds
        if self._timeout is not None:
            self._reschedule((self._timeout.when() or 0.0) - seconds)

    async def _try(self) -> WebhookResponse:
        """One try, with the redirects that it is led through."""
        request = self._request
        for _ in range(REDIRECTS + 1):
            answer = await self._exchange(request)
            if answer.status == 401:
                answer = await self._log_in(request, answer)
            if answer.status is None or not 300 <= answer.status < 400:
                return answer
            if not request.manner.redirects:
                return answer
            location = answer.header("location")
            if not location:
                words = f"answered {answer.status} without a Location"
                return replace(answer, failure=failures.bad_redirect(words))
            request = _redirected(request, answer.status, urljoin(answer.url, location))
        words = f"more than {REDIRECTS} redirects"
        return replace(answer, failure=failures.bad_redirect(words, failures.TOO_MANY_REDIRECTS))

    async def _log_in(self, request: Request, answer: WebhookResponse) -> WebhookResponse:
        """The answer to the URL's password, where it has one and Basic is asked for."""
        parts = signatures.split(request.url)
        challenge = answer.header("www-authenticate").lower()
        if parts is None or parts.credentials is None or not challenge.startswith("basic"):
            return answer
        pair = base64.b64encode(":".join(parts.credentials).encode()).decode()
        return await self._exchange(request, (("Authorization", f"Basic {pair}"),))

    async def _exchange(self, request: Request, further: Parameters = ()) -> WebhookResponse:
        """Send `request` once, with further headers."""
        started = time.perf_counter()
        signed = write(
            request, auth_token=self._auth_token, idempotency_token=self._idempotency_token
        )
        if signed is None:
            signed = Signed(
                method=request.method,
                url=request.url,
                resource=request.url,
                headers=(),
                body=b"",
                signed="",
            )
            answer = WebhookResponse(url=request.url, failure=failures.no_url())
            connected_to = None
        else:
            connected_to = self._connected_to(signed.url)
            target = connected_to or signed.url
            further += (*self._cookies_for(target), *_forwarded(signed.url, target))
            answer = await self._send(signed, target, further)
        self._note(
            Exchange(
                event=request.event,
                subject=request.subject,
                account_sid=request.account_sid,
                product=request.manner.product,
                attempt=self._attempt,
                method=signed.method,
                url=signed.url,
                connected_to=connected_to,
                headers=signed.headers + tuple(_without_password(header) for header in further),
                body=signed.body.decode(),
                signed=signed.signed,
                status=answer.status,
                answer_headers=answer.headers,
                answer_body=shown(answer.body, self._noted),
                milliseconds=round((time.perf_counter() - started) * 1000),
                outcome=answer.failure.words if answer.failure else f"answered {answer.status}",
                dropped=self._dropped(answer.body),
            )
        )
        return answer

    def _dropped(self, body: bytes) -> str | None:
        """That not all of a body is told of."""
        return cut_off("the end of an answer", len(body)) if len(body) > self._noted else None

    def _connected_to(self, url: str) -> str | None:
        """Where else to connect than to `url`."""
        rewritten = self._rewrite(url) if self._rewrite else url
        return None if rewritten == url else rewritten

    async def _send(self, signed: Signed, target: str, further: Parameters) -> WebhookResponse:
        """Send what is signed to `target`, within the limits."""
        if self._fault.webhook_timeout:
            return WebhookResponse(
                url=signed.resource, failure=failures.no_answer(self._patience.read)
            )
        connected = False

        def begun() -> None:
            nonlocal connected
            connected = True
            self._reschedule(self._until(self._patience.read))

        parts = signatures.split(target)
        if parts is None:
            return WebhookResponse(url=signed.resource, failure=failures.no_url())
        try:
            async with self._within(self._patience.connect):
                came = await self._send_to(parts, signed, signed.headers + further, begun)
        except TimeoutError:
            failure = (
                failures.no_answer(self._patience.read)
                if connected
                else failures.no_connection(self._patience.connect)
            )
            return WebhookResponse(url=signed.resource, failure=failure)
        except NotAnUrl:
            return WebhookResponse(url=signed.resource, failure=failures.no_url())
        except LongHead:
            return WebhookResponse(url=signed.resource, failure=failures.long_head(HEAD_READ))
        except (OSError, BrokenAnswer) as error:
            return WebhookResponse(
                url=signed.resource, failure=failures.of_exception(error, connected=connected)
            )
        except Exception:
            log.exception("%s %s could not be sent", signed.method, signed.resource)
            return WebhookResponse(url=signed.resource, failure=failures.our_fault())
        self._keep_cookies(target, came)
        return WebhookResponse(
            url=signed.resource,
            status=came.status,
            headers=came.headers,
            body=came.body,
            failure=None if 200 <= came.status < 300 else failures.bad_status(came.status),
        )

    def _keep_cookies(self, url: str, came: Came) -> None:
        if self._cookies is None or not any(
            name.lower() == "set-cookie" for name, _ in came.headers
        ):
            return
        import httpx2

        request = httpx2.Request("GET", url)
        response = httpx2.Response(came.status, headers=list(came.headers), request=request)
        httpx2.Cookies(self._cookies).extract_cookies(response)

    def _cookies_for(self, url: str) -> Parameters:
        """The header with the cookies that `url` gets."""
        if not self._cookies:
            return ()
        import httpx2

        request = httpx2.Request("GET", url)
        httpx2.Cookies(self._cookies).set_cookie_header(request)
        return tuple(("Cookie", value) for value in request.headers.get_list("cookie"))

    @asynccontextmanager
    async def _within(self, seconds: float) -> AsyncIterator[None]:
        """Raise TimeoutError after `seconds`, or sooner when the whole call ends sooner."""
        async with asyncio.timeout_at(self._until(seconds)) as timeout:
            self._timeout = timeout
            try:
                yield
            finally:
                self._timeout = None

    def _reschedule(self, when: float) -> None:
        """What is under way has until `when`, unless its time is over already."""
        if self._timeout is not None and not self._timeout.expired():
            self._timeout.reschedule(when)

    def _until(self, seconds: float) -> float:
        return min(self._loop.time() + seconds, self._end)


def _redirected(request: Request, status: int, url: str) -> Request:
    """The request that a redirect asks for: as browsers do it, only 307 and 308 keep the form."""
    if status in (307, 308):
        return replace(request, url=url)
    return replace(request, url=url, method="GET", parameters=())


def _forwarded(url: str, target: str) -> Parameters:
    """What tells an app behind another scheme which one its URL has, as proxies do."""
    scheme = url.partition(":")[0]
    return () if target.startswith(f"{scheme}:") else (("X-Forwarded-Proto", scheme),)


def _without_password(header: tuple[str, str]) -> tuple[str, str]:
    return ("Authorization", "Basic ...") if header[0] == "Authorization" else header
