"""The requests that are measured, and the world they are sent to."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from tests.bench.load import fill
from tests.bench.servers import Server, encode

FEW = 100  # messages in a conversation that is nearly new
MANY = 100_000

Request = tuple[str, str, dict[str, str] | None]

CREATES = ("create a message", "create a conversation", "send a text")
FETCH = "fetch a message"
LISTS = ("list 50, oldest first", "list 50, newest first")


@dataclass(frozen=True, kw_only=True)
class World:
    """An account of an emulator, with one conversation in which much or little was said."""

    server: Server
    account_sid: str
    credentials: tuple[str, str]
    number: str
    conversation: str
    messages: tuple[str, ...]

    def requests(self, name: str) -> list[Request]:
        """What to send, over and over, to measure `name`."""
        said = f"/v1/Conversations/{self.conversation}/Messages"
        match name:
            case "create a message":
                return [("POST", said, {"Author": "ann", "Body": "Is the kettle still broken?"})]
            case "create a conversation":
                return [("POST", "/v1/Conversations", {"FriendlyName": "About the kettle"})]
            case "send a text":
                text = {"To": "+12025550199", "From": self.number, "Body": "Your code is 424242"}
                return [("POST", f"/2010-04-01/Accounts/{self.account_sid}/Messages.json", text)]
            case "fetch a message":
                return [("GET", f"{said}/{sid}", None) for sid in self.messages]
            case "list 50, oldest first":
                return [("GET", f"{said}?PageSize=50", None)]
            case "list 50, newest first":
                return [("GET", f"{said}?PageSize=50&Order=desc", None)]
            case _:
                raise KeyError(name)

    def encoded(self, name: str) -> list[bytes]:
        """The same as bytes."""
        return [
            encode(self.server, method, path, form, self.credentials)
            for method, path, form in self.requests(name)
        ]

    def sample(self, name: str) -> dict[str, Any]:
        """What the emulator answers to it."""
        method, path, form = self.requests(name)[0]
        answer: dict[str, Any] = self.server.ask(method, path, form, self.credentials)[0]
        return answer

    def pages(self) -> Iterator[str]:
        """The addresses of the conversation's pages of 100 messages, each asked for in turn."""
        path: str | None = f"/v1/Conversations/{self.conversation}/Messages?PageSize=100"
        while path:
            yield path
            page, _ = self.server.ask("GET", path, None, self.credentials)
            following = page["meta"]["next_page_url"]
            path = following and "/v1/" + following.partition("/v1/")[2]

    def leave(self) -> None:
        """Delete the account and all that it holds."""
        self.server.ask("DELETE", f"/_emulator/v1/accounts/{self.account_sid}")


def new_world(server: Server, messages: int) -> World:
    """A fresh account with one conversation of so many `messages`."""
    account, _ = server.ask("POST", "/_emulator/v1/accounts", {})
    credentials = (account["account_sid"], account["auth_token"])
    conversation, _ = server.ask("POST", "/v1/Conversations", {"FriendlyName": "A"}, credentials)
    path = f"/v1/Conversations/{conversation['sid']}/Messages"
    form = {"Author": "bob", "Body": "It never was. You have to press harder."}
    fill(server.port, repeat(encode(server, "POST", path, form, credentials), messages))
    page, _ = server.ask("GET", f"{path}?PageSize={FEW}", None, credentials)
    return World(
        server=server,
        account_sid=account["account_sid"],
        credentials=credentials,
        number=account["numbers"][0],
        conversation=conversation["sid"],
        messages=tuple(message["sid"] for message in page["messages"]),
    )
