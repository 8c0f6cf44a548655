"""A Sync service of an account, asked by REST and changed by clients."""

from typing import Any

from tests.conformance.inside import Inside, Said
from twilio_emulator.core.kernel.world import Origin, Source

SYNC = "https://sync.twilio.com/v1"
ENDPOINT = f"twi1-{'0' * 32}"


class SyncDesk:
    """The default service of an account, or a new one if something is said of it."""

    def __init__(self, inside: Inside, **settings: str) -> None:
        self.inside = inside
        self.url = f"{SYNC}/Services/default"
        if settings:
            self.url = str(inside.made(f"{SYNC}/Services", settings)["url"])
        self.sid = str(inside.seen(self.url)["sid"])

    def ask(self, method: str, path: str = "", if_match: str | None = None, **form: str) -> Said:
        """A request below the service."""
        url = path if path.startswith("https") else f"{self.url}{path}"
        headers = {} if if_match is None else {"If-Match": if_match}
        said = {"query": form} if method == "GET" else {"form": form}
        return self.inside.ask(method, url, headers=headers, **(said if form else {}))  # type: ignore[arg-type]

    def post(self, path: str = "", if_match: str | None = None, **form: str) -> Any:
        """What is made or changed."""
        answer = self.ask("POST", path, if_match, **form)
        assert answer.status in (200, 201), answer.body
        return answer.body

    def get(self, path: str = "", **query: str) -> Any:
        """What is there."""
        answer = self.ask("GET", path, **query)
        assert answer.status == 200, answer.body
        return answer.body

    def delete(self, path: str) -> None:
        """Have something be no more."""
        assert self.ask("DELETE", path).status == 204

    def code(self, method: str, path: str = "", if_match: str | None = None, **form: str) -> Any:
        """With which status and code something is refused."""
        answer = self.ask(method, path, if_match, **form)
        return answer.status, answer.code

    def client(self, command: Any, identity: str = "alice", **said: Any) -> Any:
        """A command as a client of this service would have it performed."""
        origin = Origin(source=Source.SDK, identity=identity, endpoint=ENDPOINT)
        account = self.inside.account_sid
        return self.inside.perform(command(account=account, service=self.sid, **said), origin)

    def told(self) -> list[dict[str, str]]:
        """What webhooks have said by now."""
        self.inside.settle()
        return [each.form for each in self.inside.app.received]
