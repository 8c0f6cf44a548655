"""Emulator: a server of its own, or an account on a running one, for a test or a script."""

import json
import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from twilio_emulator.core.senders.refusals import NEVER_LEFT
from twilio_emulator.handle.calling import Calling, CannotCall, segment
from twilio_emulator.handle.clock import AccountClock
from twilio_emulator.handle.handset import Handset
from twilio_emulator.handle.journal import Entry, Journal
from twilio_emulator.handle.rest import make_client
from twilio_emulator.handle.since import Since
from twilio_emulator.redirection.folder import written
from twilio_emulator.redirection.variables import Settled, changes, credentials, settled
from twilio_emulator.settings import Settings

if TYPE_CHECKING:
    from twilio.rest import Client

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


class Emulator:
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

    url: str
    account_sid: str
    auth_token: str
    api_key: str
    api_secret: str
    oauth_client_id: str
    oauth_client_secret: str
    number: str
    whatsapp_number: str
    conversation_service_sid: str
    messaging_service_sid: str
    clock: AccountClock
    journal: Journal

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
        self._open = ExitStack()
        self._attached = False

    @classmethod
    def attach(cls, url: str, account_sid: str | None = None) -> Self:
        """An account that a running stack uses, with or without `with`.

        What went on before is noise: waits, inboxes, the journal and the webhooks begin here, and
        after `reset` anew. At the end of the `with` block the faults of this handle are taken away,
        and the clock runs again as it did; the rest of what was done stays done.

        Args:
            url: of the emulator, such as `http://localhost:8008`.
            account_sid: of the account; the default one unless given.

        Raises:
            CannotCall: there is no emulator, or no such account; the text is one line.
        """
        emulator = cls(url=url)
        emulator._attach(account_sid)
        return emulator

    def _attach(self, account_sid: str | None) -> None:
        assert self._given_url is not None
        self.url = self._given_url.rstrip("/")
        accounts = Calling(self.url).get("/accounts")["accounts"]
        found = [each for each in accounts if account_sid in (None, each["account_sid"])]
        if not found:
            known = ", ".join(each["account_sid"] for each in accounts)
            raise CannotCall(f"{self.url} has no account {account_sid}: it has {known}")
        self._take(_with_secrets(found[0], os.environ))
        self._attached = True
        self._made: list[str] = []
        self._mode = self._calling.get("/clock")["mode"]
        self.mark()

    def mark(self) -> None:
        """Count from here on: the journal, the webhooks and the inboxes of handsets begin anew."""
        self._since.here()

    def reset(self) -> None:
        """Make the account what it was when it was opened, or after the scenarios of the start.

        Raises:
            CannotCall: what it was is not known, since a restart of the emulator has kept it.
        """
        self._calling.call("POST", "/reset")
        self.mark()

    def _leave(self) -> None:
        """Take away what would disturb the stack that goes on."""
        there = {each["id"] for each in self._calling.get("/faults")["faults"]}
        for fault in self._made:
            if fault in there:
                self._calling.call("DELETE", f"/faults/{fault}")
        self._made.clear()
        if self._calling.get("/clock")["mode"] != self._mode:
            self._calling.call("POST", "/clock", {"mode": self._mode})

    def __enter__(self) -> Self:
        if self._attached:
            self._open.callback(self._leave)
            return self
        with ExitStack() as opening:
            if self._given_url is None:
                from twilio_emulator.server.serving import Serving

                serving = opening.enter_context(Serving(self._settings, os.environ))
                self.url = serving.local_url
                calling = Calling(self.url)
                settings = self._settings
                told = calling.get("/accounts")["accounts"][0]
                account = {name: told[name] or getattr(settings, name) for name in SECRETS} | {
                    name: value for name, value in told.items() if name not in SECRETS
                }
            else:
                self.url = self._given_url.rstrip("/")
                calling = Calling(self.url)
                account = calling.call("POST", "/accounts", self._given_account)
                path = f"/accounts/{account['account_sid']}"
                opening.callback(calling.call, "DELETE", path)
            self._take(account)
            self._open = opening.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.close()

    def _take(self, account: Mapping[str, Any]) -> None:
        self._account = account
        self.account_sid = account["account_sid"]
        self.auth_token = account["auth_token"]
        self.api_key = account["api_key"]
        self.api_secret = account["api_secret"]
        self.oauth_client_id = account["oauth_client_id"]
        self.oauth_client_secret = account["oauth_client_secret"]
        self.conversation_service_sid = account["conversation_service_sid"]
        self.messaging_service_sid = account["messaging_service_sid"]
        numbers = account["numbers"]
        self.number = next(number for number in numbers if number.startswith("+"))
        self.whatsapp_number = next(n for n in numbers if n.startswith("whatsapp:"))
        self._calling = Calling(self.url, self.account_sid)
        self._since = Since(self._calling)
        self.clock = AccountClock(self._calling)
        self.journal = Journal(self._calling, self._since)

    def client(self) -> "Client":
        """Twilio's own `twilio.rest.Client`, for all products, pointed here."""
        if not self.auth_token:
            raise CannotCall(
                f"the auth token of {self.account_sid} came to the emulator from outside, which "
                "tells it to nobody: set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"
            )
        client = make_client(self.url, self.account_sid, self.auth_token)
        self._open.callback(client.http_client.session.close)
        return client

    def token(
        self, identity: str, *, service_sid: str | None = None, ttl: int | None = None
    ) -> str:
        """An access token for a client SDK, which lives for `ttl` seconds of the clock."""
        wish = {"identity": identity, "service_sid": service_sid, "ttl": ttl}
        given = {name: value for name, value in wish.items() if value is not None}
        token: str = self._calling.call("POST", "/tokens", given)["token"]
        return token

    def handset(self, address: str, **settings: object) -> Handset:
        """The phone with this number, made when there is none: `handset("+1...", label="Ann")`."""
        path = f"/handsets/{segment(address)}"
        shown = self._calling.call("PUT", path, settings)
        return Handset(self._calling, shown["address"], self.number, self._since)

    @property
    def webhooks(self) -> list[Entry]:
        """Every webhook that was sent, with what came back."""
        return self.journal.of("webhook")

    def fail(
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
        made = self._calling.call("POST", "/faults", {"match": match, "do": do, "times": times})
        if self._attached:
            self._made.append(made["id"])

    def play(self, path: str | Path) -> dict[str, Any]:
        """Play a scenario here: a file, or the name of one in the shipped library.

        Returns:
            the report.

        Raises:
            CannotCall: the file is wrong; the text says where.
            DidNotHold: an expectation failed.
        """
        from twilio_emulator.play.library import find

        file = find(path) if isinstance(path, str) else path
        report: dict[str, Any] = json.loads(
            self._calling.fetch("/scenarios", "POST", file.read_bytes(), {"name": str(file)})
        )
        if not report["held"]:
            raise DidNotHold(report)
        return report

    def redirection(self, directory: Path) -> Settled:
        """Variables that redirect a program here, None for those to be unset.

        Args:
            directory: for the files that they name, which make it trust us.

        Raises:
            CannotWrite: there is no writing there.
        """
        folder = written(directory, self.url, self._calling.fetch("/ca.pem"), os.environ)
        names = credentials(self._account, os.environ)
        return settled(changes(self.url, folder.as_posix(), names), os.environ)


SECRETS = ("auth_token", "api_secret", "oauth_client_secret")
"""What an emulator does not tell of its default account when it came from outside."""

VARIABLES = {"auth_token": "TWILIO_AUTH_TOKEN", "api_secret": "TWILIO_API_SECRET"}
"""Where it may have come from."""


def _with_secrets(account: Mapping[str, Any], environment: Mapping[str, str]) -> Mapping[str, Any]:
    """An account with the secrets that its emulator does not tell and the environment knows."""
    known = {name: account[name] or "" for name in SECRETS}
    if environment.get("TWILIO_ACCOUNT_SID") == account["account_sid"]:
        for name, variable in VARIABLES.items():
            known[name] = known[name] or environment.get(variable, "")
    return {**account, **known}
