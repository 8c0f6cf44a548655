"""Authenticate, decode, perform, answer; every error in Twilio's form.

The rules of this file:

- It is plain ASGI: the request is read by hand, since this is the path that every call takes.
- Which check wins: whether there is such an operation, then authentication, then what the
  operation says. Who asks for what we have not got is not told that a secret is wrong.
- A refusal of the core becomes Twilio's four keys here and nowhere else; anything unforeseen
  becomes 20500 and a traceback in our own log, never in an answer.
- What is not emulated is Twilio's 404, and a line in our own log. It is in an account's log only
  when it came with credentials: a browser whose traffic comes here asks `assets.twilio.com` for
  fonts.
"""

import logging
import re
from collections.abc import Iterable
from functools import partial
from urllib.parse import unquote

import msgspec

from twilio_emulator.core.accounts.accounts import Accounts
from twilio_emulator.core.kernel.refusals import (
    AUTHENTICATE,
    NOT_FOUND,
    SERVER_ERROR,
    TEST_CREDENTIALS,
    Refused,
    Said,
)
from twilio_emulator.wire import bearer_tokens, requests
from twilio_emulator.wire.calls import Answer, Call
from twilio_emulator.wire.credentials import (
    CHALLENGE,
    FindLogin,
    KnownLogins,
    ReadToken,
    is_challenged,
)
from twilio_emulator.wire.errors import error
from twilio_emulator.wire.immediate import Begun, Later, Scope, Send, WholeAnswer, whole_answer
from twilio_emulator.wire.logins import FindGate, Login
from twilio_emulator.wire.operations import LARGEST_BODY, Api, Operation
from twilio_emulator.wire.request_log import RequestLog
from twilio_emulator.wire.requests import Asked, Receive
from twilio_emulator.wire.twilio_hosts import Site

log = logging.getLogger("twilio_emulator")

_VERSION = re.compile(r"v\d+")
"""How the paths of an API begin; only its first and oldest begins with a date."""

encode = msgspec.json.Encoder().encode
_JSON = b"application/json"
_JSON_LINES = (
    b"content-type: application/json\r\n"
    b"twilio-request-id: %b\r\n"
    b"twilio-concurrent-requests: 1\r\n"
    b"x-home-region: us1\r\n"
)
WITH_BODY = frozenset(("POST", "PUT", "PATCH"))
"""Methods whose requests say something in their body."""

ROUTES_KEPT = 4096
"""Paths whose operations are remembered; most are asked for again and again."""

Response = tuple[int, bytes, bytes, str, tuple[tuple[bytes, bytes], ...]]
"""An answer as it goes over the wire: status, content type, content, the sid of the request, and
headers besides the usual ones. Every call makes one, and a plain tuple costs least."""


class Dispatch:
    """Twilio's REST APIs as one ASGI-like application.

    Args:
        find_login: knows the credentials.
        find_gate: knows whom a request without good credentials was meant for.
        apis: the products, by name and version.
        rehearsals: what of them test credentials may do.
        read_token: knows access tokens, which are good for some products.
        find_client: knows OAuth clients and their secrets.
        read_bearer: knows the bearer tokens that they got for them.

    Attributes:
        apis: the tables of operations, by product and version.
    """

    def __init__(
        self,
        find_login: FindLogin,
        find_gate: FindGate,
        apis: list[Api],
        rehearsals: Iterable[Api] = (),
        read_token: ReadToken | None = None,
        find_client: FindLogin | None = None,
        read_bearer: ReadToken | None = None,
    ) -> None:
        self._credentials = KnownLogins(
            find_login, find_gate, apis, read_token, find_client, read_bearer
        )
        self.apis = {(api.product, api.version): api for api in apis}
        self._rehearsals = {(api.product, api.version): api for api in rehearsals}
        self._largest = {product: api.largest_body for (product, _), api in self.apis.items()}
        self._routes: dict[tuple[str, str, str], _Found] = {}
        self._requests = RequestLog()

    def forget_logins(self) -> None:
        """Look credentials up anew: an account or a key has changed."""
        self._credentials.forget()

    async def answer(
        self, product: str, site: Site, path: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer one request to a Twilio host.

        Args:
            product: the first label of the host.
            site: where the request was sent.
            path: its path without what belongs to the site, still percent-encoded.
        """
        asked = Asked(
            product, site, path, scope["method"], scope["query_string"], dict(scope["headers"])
        )
        await _send(await self._respond(asked, b"", receive), scope, receive, send)

    def answer_now(self, asked: Asked, body: bytes) -> WholeAnswer | Later:
        """The answer to a request whose body is there, or what goes on with it in a task: when
        there is something to wait for, or when it is a file, whose type only the server checks."""
        responding = self._respond(asked, body)
        try:
            responding.send(None)
        except StopIteration as ended:
            status, content_type, content, request_sid, more = response = ended.value
        else:
            return partial(_go_on, Begun(responding))
        if content_type is not _JSON:
            return partial(_send, response)
        lines = _JSON_LINES % request_sid.encode()
        for header in more:
            lines += b"%b: %b\r\n" % header
        return whole_answer((status, lines, content))

    async def _respond(self, asked: Asked, body: bytes, receive: Receive | None = None) -> Response:
        """Do what is asked for, and write it down.

        Args:
            body: the body, if it is there.
            receive: what it comes from, if it is not.
        """
        login: Login | None = None
        call: Call | None = None
        try:
            found = self._find(asked)
            # By what the headers say; else, by the body, an OAuth client.
            login = self._credentials.known(asked) if found[1].client is None else None
            if receive is not None and asked.method in WITH_BODY:
                largest = self._largest.get(asked.product, LARGEST_BODY)
                body = await requests.read_body(receive, largest)
            login = login or self._credentials.client(asked, body, found[1])
            operation, call = self._call(login, asked, body, found)
            answer, said = await operation.work(call), None
            content_type, content = _written(answer)
        except Exception as why:
            answer, said = _say_why(asked, why)
            content_type, content = _written(answer)
        gate = login.gate if login else self._credentials.whose(asked)
        hints = call.hints if call else ()
        request_sid = self._requests.note(gate, asked, answer.status, said, body, content, hints)
        more = answer.headers
        if answer.status == 401 and is_challenged(asked.headers):
            more = (CHALLENGE,)
        return answer.status, content_type, content, request_sid, more

    def _call(
        self, login: Login, asked: Asked, body: bytes, found: "_Found"
    ) -> tuple[Operation, Call]:
        """What a request asks for.

        Raises:
            Refused: 20404 what its path names is not there, 20008 test credentials may not, 322402
                the OAuth client has another secret.
        """
        if not login.good:
            raise Refused(bearer_tokens.INVALID_CLIENT)
        login.gate.reached = asked.site.others
        _, site, path, _, query, headers = asked
        if login.test_account_sid is not None:
            found = self._rehearsed(asked)
        api, operation, said, _ = found
        call = Call(
            gate=login.gate,
            account_sid=login.account_sid,
            site=site,
            resource=path,
            path=_context(found, login),
            query=requests.pairs(query) if query else [],
            form=requests.pairs(body) if body and requests.is_form(headers) else [],
            headers=headers,
            body=body,
            loud=headers.get(b"x-twilio-webhook-enabled", b"").lower() == b"true",
            root=_root(api, operation, said, site),
            service_form=operation.service_form,
            identity=login.identity,
            holder=login.holder,
        )
        if login.holder is not None:
            if api.admit is None:
                raise Refused(AUTHENTICATE)
            api.admit(operation, call)
        return operation, call

    def _find(self, asked: Asked) -> "_Found":
        """What is asked for, and what its path says.

        Raises:
            Refused: 20404 it is not emulated, 20004 it has no such method.
        """
        product, _, path, method, _, _ = asked
        if method == "HEAD":
            # Whatever can be fetched answers HEAD too: the same without its body, which the server
            # leaves out.
            method = "GET"
        place = product, method, path
        found = self._routes.get(place)
        if found is None:
            segments = path[1:].split("/")
            api = self.apis.get((product, segments[0]))
            try:
                if api is None:
                    raise Refused(NOT_FOUND)
                found = _found(api, method, segments)
            except Refused as refused:
                if refused.refusal is NOT_FOUND:
                    # A page of Twilio's that a browser asks for is nothing that an app would miss.
                    is_api = product in self._largest or _VERSION.fullmatch(segments[0])
                    log.log(
                        logging.WARNING if is_api else logging.INFO,
                        "not emulated: %s %s.twilio.com%s",
                        method,
                        product,
                        path,
                    )
                raise
            if len(self._routes) == ROUTES_KEPT:
                self._routes.clear()
            self._routes[place] = found
        return found

    def _rehearsed(self, asked: Asked) -> "_Found":
        segments = asked.path[1:].split("/")
        api = self._rehearsals.get((asked.product, segments[0]))
        if api is None or not api.has(asked.method, segments):
            raise Refused(TEST_CREDENTIALS)
        return _found(api, asked.method, segments)


_Found = tuple[Api, Operation, dict[str, str], dict[str, str]]
"""The API, an operation of it, and what the path says: percent-encoded, and decoded."""


def _found(api: Api, method: str, segments: list[str]) -> _Found:
    """Raises:
    Refused: 20404 it is not emulated, 20004 it has no such method.
    """
    operation, said = api.find(method, segments)
    decoded = {name: unquote(value) for name, value in said.items()}
    return api, operation, said, decoded


def _say_why(asked: Asked, why: Exception) -> tuple[Answer, Said]:
    """The answer to a request that failed; a fault of ours is written to our own log."""
    if not isinstance(why, Refused):
        log.error("%s %s failed", asked.method, asked.path, exc_info=why)
        why = Refused(SERVER_ERROR)
    told = error(why, asked.path)
    headers = tuple((name.encode(), value.encode()) for name, value in why.headers)
    answer = Answer(why.status, told, headers=headers)
    return answer, Said(why.code, str(told["message"]), why.reason)


def _context(found: _Found, login: Login) -> dict[str, str]:
    """What the path says, decoded, with the account and the service that it stands for.

    Raises:
        Refused: 20404 the service is not the account's, or the account neither who calls nor a
            subaccount of theirs.
    """
    api, operation, _, decoded = found
    context = decoded.copy()  # what the path says is remembered
    asking = login.account_sid
    if api.find_service is not None:
        named = context["service"] if operation.service_form else None
        service = api.find_service(login.gate.world, asking, named)
        if service is None or (named is not None and login.service_sid not in (None, service)):
            raise Refused(NOT_FOUND)
        context["service"] = service
    account_sid = context.setdefault("account", asking)
    if account_sid != asking:
        if account_sid == login.test_account_sid:
            context["account"] = asking
            return context
        account = login.gate.world[Accounts].get(account_sid)
        if account is None or account.owner_account_sid != asking:
            raise Refused(NOT_FOUND)
    return context


def _root(api: Api, operation: Operation, said: dict[str, str], site: Site) -> str:
    if operation.service_form:
        return f"{site.base}/{api.version}/Services/{said['service']}"
    return f"{site.base}/{api.version}"


def _written(answer: Answer) -> tuple[bytes, bytes]:
    """The type and the bytes of an answer."""
    if isinstance(answer.body, bytes):
        return answer.content_type.encode("latin-1", "replace"), answer.body
    return _JSON, b"" if answer.body is None else encode(answer.body)


async def _go_on(begun: Begun[Response], scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request that was begun by hand."""
    await _send(await begun, scope, receive, send)


async def _send(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Send an answer; the server sees to it that a content type is nothing else."""
    status, content_type, content, request_sid, more = response
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", content_type),
                (b"content-length", b"%d" % len(content)),
                (b"twilio-request-id", request_sid.encode()),
                (b"twilio-concurrent-requests", b"1"),
                (b"x-home-region", b"us1"),
                *more,
            ],
        }
    )
    await send({"type": "http.response.body", "body": content})
