"""Codes that are sent and checked, and numbers that are looked up, beside bare routes: in an
account that is nearly new, and in one that holds a hundred thousand verifications.
"""

from collections.abc import Iterator
from itertools import chain

from tests.bench.load import fill
from tests.bench.servers import Server, encode
from tests.bench.turns import Effort, Rates, Shot, Side, alternate
from tests.bench.work import Request
from twilio_emulator.handle.calling import Calling

SHARE = 0.6
"""How fast it is to be at least, beside the bare routes."""

SENT_AND_CHECKED = "send a code and check it"
LOOKED_UP = "look a number up"
FETCHED = "fetch a verification"
ATTEMPTS = "first page of attempts"

CODE = "424242"
PEOPLE = 2_000
AT_ONCE = 250
"""Codes that are sent before the first of them is checked: many more than there are connections, so
that no check overtakes its code while connections are made."""


def _phone(n: int) -> str:
    return f"+1202{2_000_000 + n}"


class SignIn:
    """An account of a server whose Verify service sends the same code to everybody."""

    def __init__(self, server: Server, stored: int) -> None:
        self.server = server
        account, _ = server.ask("POST", "/_emulator/v1/accounts", {})
        self.account_sid = account["account_sid"]
        self._credentials = (self.account_sid, account["auth_token"])
        self._service = account["verify_service_sid"]
        self._path = f"/v2/Services/{self._service}"
        Calling(f"http://127.0.0.1:{server.port}", self.account_sid).call(
            "PUT", f"/verify/services/{self._service}", {"fixed_code": CODE, "max_sends": 1000}
        )
        fill(server.port, self.encoded(map(self._create, range(PEOPLE, PEOPLE + stored))))

    def _create(self, n: int) -> Request:
        return "POST", f"{self._path}/Verifications", {"To": _phone(n), "Channel": "sms"}

    def _check(self, n: int) -> Request:
        return "POST", f"{self._path}/VerificationCheck", {"To": _phone(n), "Code": CODE}

    def requests(self, name: str) -> list[Request]:
        """What to send, over and over, to measure `name`."""
        match name:
            case _ if name == SENT_AND_CHECKED:
                groups = (range(n, n + AT_ONCE) for n in range(0, PEOPLE, AT_ONCE))
                return [
                    *chain.from_iterable(
                        chain(map(self._create, group), map(self._check, group)) for group in groups
                    )
                ]
            case _ if name == LOOKED_UP:
                fields = "?Fields=line_type_intelligence,sim_swap"
                return [("GET", f"/v2/PhoneNumbers/{_phone(n)}{fields}", None) for n in range(50)]
            case _ if name == FETCHED:
                to = _phone(PEOPLE - 1)
                self.server.ask(*self._create(PEOPLE - 1), self._credentials)
                return [("GET", f"{self._path}/Verifications/{to}", None)]
            case _ if name == ATTEMPTS:
                return [("GET", "/v2/Attempts?PageSize=50", None)]
            case _:
                raise KeyError(name)

    def encoded(self, requests: "Iterator[Request] | list[Request]") -> Iterator[bytes]:
        """The same as bytes."""
        return (
            encode(self.server, method, path, form, self._credentials)
            for method, path, form in requests
        )

    def side(self) -> Side:
        """Windows that ask it."""
        return lambda name: Shot(
            server=self.server, requests=list(self.encoded(self.requests(name)))
        )

    def samples(self) -> list[dict[str, object]]:
        """What is answered to a code that is sent, to one that is checked, and to a look-up."""
        asked = (self._create(0), self._check(0), self.requests(LOOKED_UP)[0])
        return [self.server.ask(*each, self._credentials)[0] for each in asked]

    def bare(self, server: Server) -> Side:
        """Windows that ask the bare routes of `samples` the same, but for the path."""

        def prepare(name: str) -> Shot:
            places = {"VerificationCheck": "/1", "PhoneNumbers": "/2"}
            changed = (
                (method, next((to for part, to in places.items() if part in path), "/0"), form)
                for method, path, form in self.requests(name)
            )
            return Shot(
                server=server,
                requests=[encode(server, *each, self._credentials) for each in changed],
            )

        return prepare


def beside_bare(new: SignIn, reference: Server, effort: Effort) -> dict[str, dict[str, Rates]]:
    """The emulator and the bare routes, in turns."""
    sides = {"bare": new.bare(reference), "emulator": new.side()}
    return {
        f"{name}, {connections}": alternate(sides, name, connections, effort)
        for name in (SENT_AND_CHECKED, LOOKED_UP)
        for connections in (1, 16)
    }


def few_and_many(few: SignIn, many: SignIn, effort: Effort) -> dict[str, dict[str, Rates]]:
    """Where little is stored and where much is, in turns."""
    sides = {"few": few.side(), "many": many.side()}
    return {
        name: alternate(sides, name, 1, effort)
        for name in (SENT_AND_CHECKED, LOOKED_UP, FETCHED, ATTEMPTS)
    }
