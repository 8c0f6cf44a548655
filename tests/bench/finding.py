"""Lists and lookups in an account that holds little, and in one that holds a lot."""

from collections.abc import Iterator

from tests.bench.load import fill
from tests.bench.servers import Server, encode
from tests.bench.turns import Effort, Rates, Shot, Side, alternate
from tests.bench.work import Request

SLOWER = 1.2
"""How much longer it may take where there is a lot."""

FIRST = 50
"""Of so many of them the lookups are, so that both accounts are asked the same."""

PATHS = {
    "first page of conversations": "/v1/Conversations?PageSize=50",
    "first page of messages": "/v1/Conversations/room0/Messages?PageSize=50",
    "first page of participants": "/v1/Conversations/room0/Participants?PageSize=50",
    "first page of users": "/v1/Users?PageSize=50",
    "conversation by unique name": "/v1/Conversations/room{n}",
    "participant by identity": "/v1/Conversations/room{even}/Participants/guest{even}",
    "user by identity": "/v1/Users/guest{even}",
    "conversations of an identity": "/v1/ParticipantConversations?Identity=guest{even}",
    "conversations of an address": "/v1/ParticipantConversations?Address=%2B1202{odd}",
}


def _number(n: int) -> str:
    return str(2_000_000 + n)


class Place:
    """An account of a server with so many conversations, participants, users and messages.

    Every other conversation has a chat participant, the others have one with a phone; the first
    has all messages, and a page of participants.
    """

    def __init__(self, server: Server, size: int) -> None:
        self.server = server
        account, _ = server.ask("POST", "/_emulator/v1/accounts", {})
        self._credentials = (account["account_sid"], account["auth_token"])
        rooms = (("POST", "/v1/Conversations", {"UniqueName": f"room{n}"}) for n in range(size))
        guests = (_guest(n, account["numbers"][0]) for n in range(size))
        page = (
            ("POST", "/v1/Conversations/room0/Participants", {"Identity": f"extra{n}"})
            for n in range(60)
        )
        said = {"Author": "ann", "Body": "It never was. You have to press harder."}
        messages = (("POST", "/v1/Conversations/room0/Messages", said) for _ in range(size))
        for requests in (rooms, guests, page, messages):
            fill(server.port, self._encoded(requests))

    def side(self) -> Side:
        """Windows that ask it."""

        def prepare(name: str) -> Shot:
            paths = [
                PATHS[name].format(n=n, even=n // 2 * 2, odd=_number(n // 2 * 2 + 1))
                for n in range(FIRST)
            ]
            requests: list[Request] = [("GET", path, None) for path in paths]
            return Shot(server=self.server, requests=list(self._encoded(requests)))

        return prepare

    def _encoded(self, requests: Iterator[Request] | list[Request]) -> Iterator[bytes]:
        return (encode(self.server, *request, self._credentials) for request in requests)


def _guest(n: int, proxy_address: str) -> Request:
    path = f"/v1/Conversations/room{n}/Participants"
    if n % 2 == 0:
        return "POST", path, {"Identity": f"guest{n}"}
    address = {"MessagingBinding.Address": f"+1202{_number(n)}"}
    return "POST", path, address | {"MessagingBinding.ProxyAddress": proxy_address}


def compare(few: Place, many: Place, effort: Effort) -> dict[str, dict[str, Rates]]:
    """The rates of each list and lookup, in both."""
    sides = {"few": few.side(), "many": many.side()}
    return {name: alternate(sides, name, 1, effort) for name in PATHS}
