"""Emulator and AsyncEmulator: a server of its own, or an account on a running one, for a test or a
script."""

import json
import os
import threading
from collections.abc import Coroutine, Generator, Mapping
from contextlib import AsyncExitStack, ExitStack
from copy import copy
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from twilio_emulator.core.senders.refusals import NEVER_LEFT
from twilio_emulator.handle.authenticator import AsyncAuthenticator, Authenticator
from twilio_emulator.handle.awaiting import (
    Awaiting,
    Blocking,
    Calls,
    Synchronous,
    at_once,
    synchronous,
)
from twilio_emulator.handle.calling import CannotCall
from twilio_emulator.handle.clock import AccountClock, AsyncAccountClock
from twilio_emulator.handle.handset import AsyncHandset, Handset
from twilio_emulator.handle.held_account import SECRETS, HeldAccount, with_secrets
from twilio_emulator.handle.journal import AsyncJournal, Entry, Journal
from twilio_emulator.handle.mailbox import AsyncMailbox, Mailbox
from twilio_emulator.handle.orchestrator import AsyncOrchestrator, Orchestrator
from twilio_emulator.handle.since import Since
from twilio_emulator.handle.sync import AsyncSharedService, SharedService
from twilio_emulator.handle.verify import AsyncVerify, Verify
from twilio_emulator.redirection.folder import written
from twilio_emulator.redirection.variables import Settled, changes, credentials, settled
from twilio_emulator.settings import Settings

if TYPE_CHECKING:
    from twilio_emulator.server.serving import Serving

__tracebackhide__ = True


class DidNotHold(AssertionError):
    """A scenario did not go as it expects.

    Attributes:
        report: what happened.
    """

    def __init__(self, report: dict[str, Any]) -> None:
        self.report = report
        failure = report["failure"]
        lines = [f"{failure['place']}: {failure['step']}", f"expected {failure['expected']}"]
        if failure["nearest"]:
            lines.append(f"nearest {failure['nearest']}")
        super().__init__("\n  ".join(lines))


class AsyncEmulator(HeldAccount):
    """An emulator for as long as the `async with` block lasts, in a loop of asyncio.

    It has what `Emulator` has, under the same names; whatever asks the emulator is awaited.

    Without `url` it serves in a thread of this process, on any free port, and this is its default
    account. With `url` this is a fresh account on the emulator that runs there; `attach` holds one
    that is there.

    Args:
        settings: how it is served.
        url: of one that runs already.
        account: what the fresh account has other than others, as in `POST /accounts`.

    Raises:
        CannotServe, CannotCall: on entering, with one line that says why.
    """

    clock: AsyncAccountClock
    verify: AsyncVerify
    sync: AsyncSharedService
    orchestrator: AsyncOrchestrator
    journal: AsyncJournal

    _kind: type[Calls] = Awaiting

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        url: str | None = None,
        account: Mapping[str, object] | None = None,
    ) -> None:
        self._settings = settings or Settings(port=0)
        self._given_url = url
        self._given_account = account or {}
        self._open = AsyncExitStack()
        self._attaches = False
        self._given_sid: str | None = None
        self._made: list[str] | None = None  # faults, in an account that is not ours

    @classmethod
    def attach(cls, url: str | None = None, account_sid: str | None = None) -> Self:
        """An account that a running stack uses: with `async with`, or without by `await`.

        What went on before is noise: waits, inboxes, the journal and the webhooks begin here, and
        after `reset` anew. At the end of the `async with` block the faults of this handle are taken
        away, and the clock runs again as it did; the rest of what was done stays done.

        Args:
            url: of the emulator, such as `http://localhost:8008`; `TWILIO_EMULATOR_URL` of the
                environment unless given.
            account_sid: of the account; the default one unless given.

        Raises:
            CannotCall: when it begins: there is no emulator, or no such account; the text is one
                line.
        """
        emulator = cls(url=os.environ.get("TWILIO_EMULATOR_URL", "") if url is None else url)
        emulator._attaches, emulator._given_sid = True, account_sid
        return emulator

    @classmethod
    def of(cls, emulator: "Emulator") -> "AsyncEmulator":
        """The account of the other handle, for both; it lasts as long as that has it."""
        shared = copy(emulator._asynchronous)
        shared._call(Awaiting)
        return shared

    def __await__(self) -> Generator[Any, Any, Self]:
        if not self._attaches:
            raise TypeError("an emulator begins with `async with`; only attach(...) is awaited")
        return self._attached().__await__()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opening:
            if self._attaches:
                await self._attached()
                opening.push_async_callback(self._leave)
            elif self._given_url is None:
                url = await self._served(opening)
                told = (await self._kind(url).get("/accounts"))["accounts"][0]
                kept = {name: told[name] or getattr(self._settings, name) for name in SECRETS}
                self._take(url, {**told, **kept})
            else:
                url = self._given_url.rstrip("/")
                calls = self._kind(url)
                account = await calls.call("POST", "/accounts", self._given_account)
                path = f"/accounts/{account['account_sid']}"
                opening.push_async_callback(calls.call, "DELETE", path)
                self._take(url, account)
            self._open.push_async_callback(opening.pop_all().aclose)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._open.aclose()

    async def _served(self, opening: AsyncExitStack) -> str:
        """The address of an emulator of its own."""
        until = ExitStack()
        begins: list[Serving] = []
        is_given_up = threading.Event()

        def serve() -> str:
            from twilio_emulator.server.serving import Serving

            begins.append(serving := Serving(self._settings, os.environ))
            if is_given_up.is_set():
                serving.give_up()
            return until.enter_context(serving).local_url

        def give_up() -> None:
            is_given_up.set()
            for serving in begins:
                serving.give_up()

        opening.push_async_callback(self._kind.apart, until.close)
        return await self._kind.apart(serve, give_up)

    async def _attached(self) -> Self:
        """The same, when it has found its account."""
        if self._made is not None:
            return self
        url = str(self._given_url).rstrip("/")
        if not url:
            raise CannotCall(
                "expected an URL such as http://localhost:8008, or TWILIO_EMULATOR_URL"
            )
        accounts = (await self._kind(url).get("/accounts"))["accounts"]
        found = [each for each in accounts if self._given_sid in (None, each["account_sid"])]
        if not found:
            known = ", ".join(each["account_sid"] for each in accounts)
            raise CannotCall(f"{url} has no account {self._given_sid}: it has {known}")
        self._take(url, with_secrets(found[0], os.environ))
        self._mode = (await self._calls.get("/clock"))["mode"]
        await self.mark()
        self._made = []
        return self

    async def _leave(self) -> None:
        """Take away what would disturb the stack that goes on."""
        there = {each["id"] for each in (await self._calls.get("/faults"))["faults"]}
        for fault in self._made or ():
            if fault in there:
                await self._calls.call("DELETE", f"/faults/{fault}")
        self._made = []
        if (await self._calls.get("/clock"))["mode"] != self._mode:
            await self._calls.call("POST", "/clock", {"mode": self._mode})

    def _take(self, url: str, account: Mapping[str, Any]) -> None:
        self._know(url, account, self._open)
        self._since = Since()
        self._call(self._kind)

    def _call(self, kind: type[Calls]) -> None:
        """Ask the emulator by calls of a kind."""
        self._kind = kind
        self._calls = kind(self.url, self.account_sid)
        self.clock = AsyncAccountClock(self._calls)
        self.verify = AsyncVerify(self._calls, self.verify_service_sid)
        self.sync = AsyncSharedService(self._calls, self.sync_service_sid, self._since, {})
        self.orchestrator = AsyncOrchestrator(
            self._calls, self.conversation_configuration_id, self.memory_store_id
        )
        self.journal = AsyncJournal(self._calls, self._since)
        self._mailboxes: dict[str, AsyncMailbox] = {}

    async def mark(self) -> None:
        """Count from here on: the journal, the webhooks and the inboxes of handsets begin anew."""
        place = await self._calls.get("/mark")
        self._since.move(place["seq"], place["message"])

    async def reset(self) -> None:
        """Make the account what it was when it was opened, or after the scenarios of the start.

        Raises:
            CannotCall: what it was is not known, since the emulator's state file does not say it.
        """
        await self._calls.call("POST", "/reset")
        self._since.resets += 1
        if self._made is not None:
            self._made.clear()  # they are gone, and others may have their ids
        await self.mark()

    async def token(
        self,
        identity: str,
        *,
        service_sid: str | None = None,
        sync: bool | str | None = None,
        ttl: int | None = None,
    ) -> str:
        """An access token for a client SDK, which lives for `ttl` seconds of the clock.

        Args:
            service_sid: the conversation service that it opens; the default one unless given.
            sync: True to have it open the default Sync service too, or the sid of another.

        Raises:
            CannotCall: the account has no such service.
        """
        wish = {"identity": identity, "service_sid": service_sid, "sync": sync, "ttl": ttl}
        given = {name: value for name, value in wish.items() if value is not None}
        token: str = (await self._calls.call("POST", "/tokens", given))["token"]
        return token

    def handset(self, address: str, **settings: object) -> AsyncHandset:
        """The phone with this number, made when there is none:
        `await emulator.handset("+1...", label="Ann")`."""
        return AsyncHandset(self._calls, address, self.number, self._since, settings)

    def mailbox(self, address: str) -> AsyncMailbox:
        """The mailbox with this e-mail address, always the same one: a wait returns what no earlier
        one did."""
        name = address.strip().lower()
        if name not in self._mailboxes:
            self._mailboxes[name] = AsyncMailbox(self._calls, address, self._since)
        return self._mailboxes[name]

    def authenticator(self, identity: str, service: str | None = None) -> AsyncAuthenticator:
        """The authenticator app and the device of an entity of Verify, in the account's first
        service unless one is named."""
        return AsyncAuthenticator(self._calls, identity, service)

    async def lookup(
        self, /, number: str, *, line_type: str | None = None, **said: object
    ) -> dict[str, Any]:
        """What Lookup says of a number, once it says this too:
        `await emulator.lookup("+1...", line_type="landline", error={"sim_swap": 60606})`.

        Args:
            line_type: what sort of line it is.
            said: packages with some of their keys, or None to take one back; `valid`,
                `validation_errors` and `error`, as `PUT /lookups/{number}` has them. What belongs
                to the phone itself, such as `sim_swapped`, is a setting of its handset.

        Raises:
            CannotCall: no answer of Lookup's is like that.
        """
        path = f"/lookups/{quote(number, safe=IN_PATHS)}"
        if line_type is not None:
            said["line_type_intelligence"] = {"type": line_type}
        told: dict[str, Any]
        if said:
            told = await self._calls.call("PUT", path, said)
        else:
            told = await self._calls.get(path)
        return told

    @property
    def webhooks(self) -> Coroutine[Any, Any, list[Entry]]:
        """Every webhook that was sent, with what came back."""
        return self.journal.of("webhook")

    async def fail(
        self,
        code: int,
        *,
        http: int | None = None,
        times: int | None = None,
        to: str | None = None,
        from_: str | None = None,
        channel: str | None = None,
        body: str | None = None,
        service: str | None = None,
    ) -> None:
        """Let texts go wrong with one of Twilio's error codes.

        Args:
            http: the status with which the request to send it is refused; None lets the text be
                taken on and fail later.
            times: how often; always unless given.
            to: for these only, as for all that follow. A pattern may end in `*`, or begin with
                `regex:`.
        """
        match = {"to": to, "from": from_, "channel": channel, "body": body, "service": service}
        if http is not None:
            do: dict[str, object] = {"api_error": {"status": http, "code": code}}
        else:
            status = "failed" if code in NEVER_LEFT else "undelivered"
            do = {"final": {"status": status, "error_code": code}}
        wish = {"match": match, "do": do, "times": times}
        made = await self._calls.call("POST", "/faults", wish)
        if self._made is not None:
            self._made.append(made["id"])

    async def play(self, path: str | Path) -> dict[str, Any]:
        """Play a scenario here: a file, or the name of one in the shipped library.

        Returns:
            the report.

        Raises:
            CannotCall: the file is wrong; the text says where.
            DidNotHold: an expectation failed.
        """
        from twilio_emulator.play.library import find

        file = find(path) if isinstance(path, str) else path
        content = await self._calls.apart(file.read_bytes)
        answer = await self._calls.fetch("/scenarios", "POST", content, {"name": str(file)})
        report: dict[str, Any] = json.loads(answer)
        if not report["held"]:
            raise DidNotHold(report)
        return report

    async def call(self, method: str, path: str, body: object = None, /, **query: object) -> Any:
        """A call of the control API about this account, for what has no method here:
        `await emulator.call("PATCH", f"/numbers/{emulator.number}", {"sms_url": url})`.

        Args:
            path: behind `/_emulator/v1`.
            body: what becomes JSON.
            query: what stands behind the `?`, but for None.

        Returns:
            the answer, read from JSON; None when there is nothing in it.

        Raises:
            CannotCall: it is refused; the text says why.
        """
        return await self._calls.call(method.upper(), quote(path, safe=IN_PATHS), body, query)

    async def redirection(self, directory: Path) -> Settled:
        """Variables that redirect a program here, None for those to be unset.

        Args:
            directory: for the files that they name, which make it trust us.

        Raises:
            CannotWrite: there is no writing there.
        """
        authority = await self._calls.fetch("/ca.pem")
        write = partial(written, directory, self.url, authority, os.environ)
        folder = await self._calls.apart(write)
        names = credentials(self._account, os.environ)
        return settled(changes(self.url, folder.as_posix(), names), os.environ)


class Emulator(HeldAccount, Synchronous[AsyncEmulator]):
    """An emulator for as long as the `with` block lasts.

    Without `url` it serves in a thread of this process, on any free port, and this is its default
    account. With `url` this is a fresh account on the emulator that runs there; `attach` holds one
    that is there.

    Args:
        settings: how it is served.
        url: of one that runs already.
        account: what the fresh account has other than others, as in `POST /accounts`.

    Raises:
        CannotServe, CannotCall: on entering, with one line that says why.
    """

    clock: AccountClock
    verify: Verify
    sync: SharedService
    orchestrator: Orchestrator
    journal: Journal

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        url: str | None = None,
        account: Mapping[str, object] | None = None,
    ) -> None:
        self._hold(AsyncEmulator(settings, url=url, account=account))

    @classmethod
    def attach(cls, url: str | None = None, account_sid: str | None = None) -> Self:
        """An account that a running stack uses, with or without `with`.

        What went on before is noise: waits, inboxes, the journal and the webhooks begin here, and
        after `reset` anew. At the end of the `with` block the faults of this handle are taken away,
        and the clock runs again as it did; the rest of what was done stays done.

        Args:
            url: of the emulator, such as `http://localhost:8008`; `TWILIO_EMULATOR_URL` of the
                environment unless given.
            account_sid: of the account; the default one unless given.

        Raises:
            CannotCall: there is no emulator, or no such account; the text is one line.
        """
        emulator = cls()
        emulator._hold(AsyncEmulator.attach(url, account_sid))
        at_once(emulator._asynchronous._attached())
        emulator._learn()
        return emulator

    def __enter__(self) -> Self:
        at_once(self._asynchronous.__aenter__())
        self._learn()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        at_once(self._asynchronous.__aexit__(kind, error, traceback))

    def _hold(self, asynchronous: AsyncEmulator) -> None:
        asynchronous._kind = Blocking
        super(HeldAccount, self).__init__(asynchronous)

    def _learn(self) -> None:
        """Know what the other knows, now that it has begun."""
        it = self._asynchronous
        self._know(it.url, it._account, it._open)
        self.clock = AccountClock(it.clock)
        self.verify = Verify(it.verify)
        self.sync = SharedService(it.sync)
        self.orchestrator = Orchestrator(it.orchestrator)
        self.journal = Journal(it.journal)

    def handset(self, address: str, **settings: object) -> Handset:
        """The phone with this number, made when there is none: `handset("+1...", label="Ann")`."""
        return Handset(self._asynchronous.handset(address, **settings))

    def mailbox(self, address: str) -> Mailbox:
        """The mailbox with this e-mail address, always the same one: a wait returns what no earlier
        one did."""
        return Mailbox(self._asynchronous.mailbox(address))

    def authenticator(self, identity: str, service: str | None = None) -> Authenticator:
        """The authenticator app and the device of an entity of Verify, in the account's first
        service unless one is named."""
        return Authenticator(self._asynchronous.authenticator(identity, service))

    @property
    def webhooks(self) -> list[Entry]:
        """Every webhook that was sent, with what came back."""
        return at_once(self._asynchronous.webhooks)

    mark = synchronous(AsyncEmulator.mark)
    reset = synchronous(AsyncEmulator.reset)
    token = synchronous(AsyncEmulator.token)
    fail = synchronous(AsyncEmulator.fail)
    lookup = synchronous(AsyncEmulator.lookup)
    play = synchronous(AsyncEmulator.play)
    call = synchronous(AsyncEmulator.call)
    redirection = synchronous(AsyncEmulator.redirection)


IN_PATHS = "/:+@,;=~%"
"""What a path of a call keeps besides letters and digits; some of it may be quoted already."""
