"""Very much in one account beside very little: what everything costs with a million messages.

Both accounts are put there by commands (`stored.py`) and kept in a state file. What is asked is
answered with as much by both, so a time that is longer grows with what is stored.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

from tests.bench.servers import Server, encode
from tests.bench.stored import BEGAN, DAYS, IN_ONE, NUMBER, phone
from tests.bench.turns import Effort, Rates, Shot, Side, alternate, ratio, table
from tests.bench.work import Request
from twilio_emulator.core.kernel.records import write_instant

MILLION, LITTLE = 1_000_000, 2_000
FLAT = 1.1
"""How much longer what is created, fetched or on a first page may take where there is a million."""

PATIENCE = 1800.0  # seconds until all is there

SAID = "/v1/Conversations/room7/Messages"
CREATES: dict[str, tuple[str, dict[str, str]]] = {
    "create a message": (SAID, {"Author": "ann", "Body": "Is the kettle still broken?"}),
    "create a conversation": ("/v1/Conversations", {"FriendlyName": "About the kettle"}),
    "send a text": ("{texts}", {"To": phone(7), "From": NUMBER, "Body": "Your code is 424242"}),
}
FETCHES = {
    "fetch a conversation": "/v1/Conversations/room7",
    "fetch a participant": "/v1/Conversations/room7/Participants/guest7",
    "fetch a text": "{text}",
}
FIRST = {
    "first page of conversations": "/v1/Conversations?PageSize=50",
    "first page of messages": f"{SAID}?PageSize={IN_ONE}",
    "first page of users": "/v1/Users?PageSize=50",
    "first page of texts": "{texts}?PageSize=50",
}
FILTERS = {
    "texts To": "{texts}?PageSize=50&To={to}",
    "texts From": "{texts}?PageSize=50&From={from}",
    "texts DateSent>": "{texts}?PageSize=50&DateSent%3E={soon}",
    "texts DateSent>, none": "{texts}?PageSize=50&DateSent%3E=2027-01-01",
    "texts DateSent<, none": "{texts}?PageSize=50&DateSent%3C=2025-01-01",
    "conversations StartDate, none": "/v1/Conversations?PageSize=50&StartDate=2027-01-01",
    "conversations EndDate, none": "/v1/Conversations?PageSize=50&EndDate=2025-01-01",
    "conversations State=closed": "/v1/Conversations?PageSize=50&State=closed",
    "conversations of an identity": "/v1/ParticipantConversations?Identity=guest7",
}
CONSOLE = {
    "console: messages": "{control}/messages?limit=50&{account}",
    "console: messages to a phone": "{control}/messages?limit=50&to={to}&{account}",
    "console: conversations": "{control}/conversations?limit=50&{account}",
    "console: handsets": "{control}/handsets?limit=50&{account}",
    "console: one handset": "{control}/handsets/{to}/messages?limit=20&{account}",
    "console: the journal": "{control}/journal?newest=50&{account}",
}
SEARCH = "{control}/messages?limit=50&contains=nowhere&{account}"
PAGES = {
    "texts": "{texts}?PageSize=1000",
    "conversations": "/v1/Conversations?PageSize=100",
    "users": "/v1/Users?PageSize=100",
}


class Stored:
    """A server with an account that holds so many messages, from `with` to its end."""

    def __init__(self, folder: Path, messages: int) -> None:
        self.state = folder / f"state-{messages}"
        self._told = folder / f"{messages}.json"
        self.server = Server(
            "-m", "tests.bench.stored", "PORT", str(messages), str(self._told), str(self.state)
        )

    def __enter__(self) -> "Stored":
        self.server.__enter__()
        try:
            self._come_to_be()
        except BaseException:
            self.server.__exit__(*sys.exc_info())
            raise
        return self

    def _come_to_be(self) -> None:
        limit = time.monotonic() + PATIENCE
        while not self._told.exists():
            if self.server.process.poll() is not None or time.monotonic() > limit:
                raise ConnectionError("the account did not come to be")
            time.sleep(0.1)
        self.server.connect()
        told = json.loads(self._told.read_text())
        self.held: dict[str, dict[str, float]] = told["held"]
        self.login: tuple[str, str] = told["account_sid"], told["auth_token"]
        self._words = {
            "texts": f"/2010-04-01/Accounts/{self.login[0]}/Messages.json",
            "to": quote(phone(7)),
            "from": quote(NUMBER),
            "soon": quote(write_instant(BEGAN + timedelta(days=DAYS - 1))[:10]),
            "control": "/_emulator/v1",
            "account": f"account={self.login[0]}",
        }
        texts = self.ask("{texts}?PageSize=1&To={to}")["messages"]
        self._words["text"] = texts[0]["uri"]

    def __exit__(self, *how: Any) -> None:
        self.server.__exit__(*how)

    def ask(self, path: str) -> Any:
        """What is answered to a GET."""
        return self.server.ask("GET", self.path(path), None, self.login)[0]

    def path(self, path: str) -> str:
        """A path with this account's names."""
        return path.format_map(self._words)

    def side(self) -> Side:
        """Windows that ask it."""

        def prepare(name: str) -> Shot:
            created = CREATES.get(name)
            if created is not None:
                request: Request = ("POST", self.path(created[0]), created[1])
            else:
                request = ("GET", self.path(ASKED[name]), None)
            return Shot(server=self.server, requests=[encode(self.server, *request, self.login)])

        return prepare

    def pages(self, path: str) -> Iterator[float]:
        """How long each page takes of a list, from the first to the last."""
        following: str | None = self.path(path)
        while following:
            start = time.perf_counter()
            page, _ = self.server.ask("GET", following, None, self.login)
            yield time.perf_counter() - start
            following = page.get("next_page_uri") or page.get("meta", {}).get("next_page_url")
            if following and "://" in following:
                following = f"/v1/{following.partition('/v1/')[2]}"


ASKED = FETCHES | FIRST | FILTERS | CONSOLE


def measure(messages: int, effort: Effort) -> dict[str, object]:
    """All figures, printed and returned."""
    fine = replace(effort, warm=0.1, seconds=effort.seconds / 2)
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        print(f"  {messages} messages are put there ...", file=sys.stderr, flush=True)
        with Stored(folder, LITTLE) as little, Stored(folder, messages) as much:
            held = much.held
            table(
                f"{messages} messages in {messages // IN_ONE} conversations, each",
                [
                    ("", "count", "bytes", "µs of processor to put there"),
                    *(
                        (f"{name}", f"{it['count']}", f"{it['bytes']:.0f}", f"{it['us']:.0f}")
                        for name, it in held.items()
                    ),
                ],
            )
            sides = {"little": little.side(), "much": much.side()}
            results: dict[str, dict[str, Rates]] = {}
            for name in (*ASKED, *CREATES):
                print(f"  {name} ...", file=sys.stderr, flush=True)
                results[name] = alternate(sides, name, 1, fine)
            ratios = {each: 1 / ratio(it["much"], it["little"]) for each, it in results.items()}
            pages = {name: _tenths(list(much.pages(path))) for name, path in PAGES.items()}
            search = _seconds(much, SEARCH)
            snapshot, size = _snapshot(much)
        state = much.state.stat().st_size if much.state.is_file() else None
        restart = _restart(much.state)
    flat = {*CREATES, *FETCHES, *FIRST}
    table(
        f"time with {messages}, to that with {LITTLE}",
        [
            ("", "/s", "longer", ""),
            *(
                (
                    name,
                    f"{median(results[name]['much'].per_second):.0f}",
                    f"{share:.2f}",
                    "" if name not in flat else "within" if share <= FLAT else "OVER",
                )
                for name, share in ratios.items()
            ),
        ],
    )
    table(
        "what takes longer",
        [
            *(
                (f"a page of {name}", f"{first * 1000:.1f} ms at first, {last * 1000:.1f} at last")
                for name, (first, last) in pages.items()
            ),
            ("a part of a search that finds nothing", f"{search * 1000:.0f} ms"),
            ("a snapshot", f"{snapshot:.1f} s, {size / 1e6:.0f} MB"),
            ("a restart", f"{restart:.1f} s, of {(state or 0) / 1e6:.0f} MB"),
        ],
    )
    return {
        "held": held,
        "rates": {n: {s: asdict(r) for s, r in it.items()} for n, it in results.items()},
        "longer": ratios,
        "pages": pages,
        "search_seconds": search,
        "snapshot_seconds": snapshot,
        "snapshot_bytes": size,
        "restart_seconds": restart,
        "state_bytes": state,
    }


def _tenths(taken: list[float]) -> tuple[float, float]:
    """The median time of the first and of the last tenth."""
    tenth = max(1, len(taken) // 10)
    return median(taken[:tenth]), median(taken[-tenth:])


def _seconds(stored: Stored, path: str) -> float:
    start = time.perf_counter()
    stored.ask(path)
    return time.perf_counter() - start


def _snapshot(stored: Stored) -> tuple[float, int]:
    """How long a snapshot takes, and how large it is."""
    start = time.perf_counter()
    path = stored.path("{control}/snapshot?{account}")
    _, size = stored.server.ask("GET", path, None, stored.login, patience=PATIENCE)
    return time.perf_counter() - start, size


def _restart(state: Path) -> float:
    """How long a server takes until it answers that finds all in a state file."""
    start = time.perf_counter()
    with Server(
        "-m", "twilio_emulator", "serve", "--port", "PORT", "--state", str(state)
    ) as server:
        server.connect(patience=PATIENCE)
        server.ask("GET", "/_emulator/v1/ready", patience=PATIENCE)
        return time.perf_counter() - start
