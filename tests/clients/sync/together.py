"""Two pages with Twilio's SDK for Sync, and a back end, that all write at once to an emulator which
is cut off, killed and started again, and whose clock jumps.

What has to hold in the end, however it went:

- Both pages and REST have the same in every object.
- What a page was told in events, beginning with what it opened, is what there is.
- Both pages were told of the writes to one thing in the same order.
- A count that was acknowledged is in the sum.
"""

import asyncio
import json
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.clients.sync.killed import PATIENCE, Lost, Pages, ServedProcess, opened

ROUND = 500
"""Operations after which all that has to hold is looked at."""

KEYS = ("apple", "pear", "a/b c", "ключ", "__proto__x")
EXPECTED = {
    20404,
    54100,
    54103,
    54151,
    54155,
    54201,
    54205,
    54208,
    54300,
    54301,
}
"""Codes of what may be refused: others were first, or have removed what is written to."""

DISTURBANCES = ("cut", "jump", "restart")
CUTS = frozenset({"cut", "restart"})
OFTEN = 0.03
"""Of the turns, in which the line is cut or the clock jumps besides."""

RACED = "Cannot read properties of null"
"""What the SDK says of an item whose removal it hears of while it asks for it: its own fault."""

DOCUMENTS = ("document cart", "document draft", "document tally")
PLACES = (*DOCUMENTS, "map prices", "list orders")


@dataclass
class Told:
    """How it went.

    Attributes:
        counted: acknowledged counts.
        doubtful: stamps of writes that were under way when the line was cut: the SDK may have
            written them twice.
        done: how often each kind of thing was done.
    """

    counted: int = 0
    doubtful: set[str] = field(default_factory=set)
    done: dict[str, int] = field(default_factory=dict)

    def note(self, what: str) -> None:
        """Something was done once more."""
        self.done[what] = self.done.get(what, 0) + 1


class Together:
    """Pages and a back end at work.

    Args:
        seed: of what they do.
    """

    def __init__(self, served: ServedProcess, pages: Pages, seed: int) -> None:
        self.served = served
        self.pages = pages
        self.told = Told()
        self._dice = random.Random(seed)
        self._stamps = 0
        self._under_way: set[str] = set()

    async def begin(self) -> None:
        """Have both pages open everything."""
        for place in (*PLACES, "stream pointers"):
            kind, _, name = place.partition(" ")
            for page in (0, 1):
                answer = await self.pages.ask("open", page=page, kind=kind, name=name)
                assert "refused" not in answer, answer

    async def work(self, operations: int) -> None:
        """So many operations, some at a time; meanwhile the line is cut, the clock jumps, and the
        emulator is killed and comes back, each once at least."""
        left = operations
        sure = {operations * at // 4: what for at, what in enumerate(DISTURBANCES, 1)}
        while left > 0:
            some = min(left, self._dice.randint(1, 12))
            due = [what for place, what in sure.items() if left - some < place <= left]
            left -= some
            doing = [asyncio.ensure_future(self._one()) for _ in range(some)]
            if self._dice.random() < OFTEN:
                due.append(self._dice.choice(DISTURBANCES[:2]))
            for what in due:
                await self._disturb(what)
            await asyncio.gather(*doing)

    async def _disturb(self, what: str) -> None:
        self.told.note(what)
        if what == "jump":
            by = {"advance": self._dice.choice((0.5, 5, 20))}
            await self.served.ask("POST", "/_emulator/v1/clock", by)
            return
        self.told.doubtful |= self._under_way
        if what == "cut":
            await self.served.ask("DELETE", "/_emulator/v1/connections")
        else:
            await self.served.kill()
            await self.served.start()

    async def _one(self) -> None:
        self._stamps += 1
        stamp = f"s{self._stamps}"
        self._under_way.add(stamp)
        try:
            if self._dice.random() < 0.35:
                await self._back_end(stamp)
            else:
                await self._page(stamp)
        finally:
            self._under_way.discard(stamp)

    async def _page(self, stamp: str) -> None:
        dice = self._dice
        key, index = dice.choice(KEYS), dice.randint(0, 30)
        data = {"stamp": stamp, f"k{dice.randint(0, 3)}": dice.choice((1, 2.5, None, "ü", [1], {}))}
        ttl = dice.choice((None, None, 5, 60))
        lives = {} if ttl is None else {"ttl": ttl}
        cart, prices = dice.choice(("cart", "draft")), "prices"
        by = {"count": 1, "stamp": stamp}
        what, kind, name, said = dice.choice(
            (
                ("set", "document", cart, {"data": data}),
                ("update", "document", cart, {"data": data}),
                ("count", "document", "tally", {"by": by}),
                ("map set", "map", prices, {"key": key, "data": data, **lives}),
                ("map update", "map", prices, {"key": key, "data": data}),
                ("map count", "map", prices, {"key": key, "by": by}),
                ("map remove", "map", prices, {"key": key}),
                ("push", "list", "orders", {"data": data, **lives}),
                ("list set", "list", "orders", {"key": index, "data": data, **lives}),
                ("list count", "list", "orders", {"key": index, "by": by}),
                ("list remove", "list", "orders", {"key": index}),
                ("publish", "stream", "pointers", {"data": data}),
            )
        )
        if dice.random() < 0.01:
            what, kind, name, said = "remove", "document", "draft", {}
        self.told.note(what)
        answer = await self.pages.ask(what, page=dice.randint(0, 1), kind=kind, name=name, **said)
        refused = answer.get("refused")
        if refused is None:
            self.told.counted += name == "tally"
        else:
            is_cut = not refused["code"] and not CUTS.isdisjoint(self.told.done)
            is_raced = refused["message"].startswith(RACED)
            expected = refused["code"] in EXPECTED or is_raced or is_cut
            assert expected, (what, name, said, refused)

    async def _back_end(self, stamp: str) -> None:
        with suppress(Lost):
            await self._request(stamp)

    async def _request(self, stamp: str) -> None:
        dice = self._dice
        key, index = quote(dice.choice(KEYS), safe=""), dice.randint(0, 30)
        data = json.dumps({"stamp": stamp, "by": "rest"})
        what = dice.randint(0, 7)
        self.told.note("request")
        match what:
            case 0:
                await self._expect(self.served.ask("POST", "Documents/cart", {"Data": data}))
            case 1:
                await self._count(stamp)
            case 2:
                await self._expect(
                    self.served.ask("POST", f"Maps/prices/Items/{key}", {"Data": data})
                )
            case 3:
                form = {"Key": dice.choice(KEYS), "Data": data, "ItemTtl": dice.choice((0, 10))}
                await self._expect(self.served.ask("POST", "Maps/prices/Items", form))
            case 4:
                await self._expect(self.served.ask("DELETE", f"Maps/prices/Items/{key}"))
            case 5:
                await self._expect(self.served.ask("POST", "Lists/orders/Items", {"Data": data}))
            case 6:
                await self._expect(self.served.ask("DELETE", f"Lists/orders/Items/{index}"))
            case _:
                await self._expect(
                    self.served.ask("POST", "Streams/pointers/Messages", {"Data": data})
                )

    async def _count(self, stamp: str) -> None:
        """Count one more, as a back end does that does not lose what others count."""
        status, held = await self.served.ask("GET", "Documents/tally")
        if status != 200:
            return
        more = {**held["data"], "count": held["data"].get("count", 0) + 1, "stamp": stamp}
        form = {"Data": json.dumps(more)}
        status, answer = await self.served.ask(
            "POST", "Documents/tally", form, If_Match=held["revision"]
        )
        self.told.counted += status == 200
        assert status == 200 or answer["code"] == 54103, answer

    async def _expect(self, asking: Any) -> None:
        status, answer = await asking
        assert status < 300 or answer["code"] in EXPECTED, answer

    async def settled(self) -> None:
        """See that in the end all is as it has to be.

        Raises:
            AssertionError: it is not, and does not become so.
        """
        difference: str | None = "nothing was looked at"
        until = time.monotonic() + PATIENCE
        while difference is not None:
            assert time.monotonic() < until, difference
            for place in DOCUMENTS:
                for page in (0, 1):
                    kind, _, name = place.partition(" ")
                    await self.pages.ask("open", page=page, kind=kind, name=name)
            there = {place: await self._there(place) for place in PLACES}
            seen = await self.pages.ask("look")
            difference = self._difference(there, seen["pages"]) if "pages" in seen else str(seen)
        self._check_order(*(each["stamps"] for each in seen["pages"]))
        tally = there["document tally"].get("count", 0)
        assert tally >= self.told.counted, (tally, self.told.counted)

    def _difference(self, there: dict[str, Any], pages: list[dict[str, Any]]) -> str | None:
        for number, page in enumerate(pages):
            for place, held in there.items():
                for what in ("told", "state"):
                    if page[what].get(place) != held:
                        return f"page {number} {what} {place}: {page[what].get(place)}, not {held}"
        return None

    def _check_order(self, one: dict[str, list[str]], other: dict[str, list[str]]) -> None:
        for place in one.keys() & other.keys():
            both = (set(one[place]) & set(other[place])) - self.told.doubtful
            first, second = (
                [stamp for stamp in each[place] if stamp in both] for each in (one, other)
            )
            assert first == second, place
            assert len(first) == len(both), f"{place}: told twice of one write"

    async def _there(self, place: str) -> Any:
        """What REST says there is."""
        kind, _, name = place.partition(" ")
        if kind == "document":
            _, shown = await self.served.ask("GET", f"Documents/{name}")
            return shown["data"]
        there, by = {}, "key" if kind == "map" else "index"
        path: str | None = f"{kind.capitalize()}s/{name}/Items?PageSize=100"
        while path is not None:
            _, page = await self.served.ask("GET", path)
            there |= {str(item[by]): item["data"] for item in page["items"]}
            following = page["meta"]["next_page_url"]
            path = following and following.partition("/Services/default/")[2]
        return there


async def play_together(
    node: str,
    state: Path,
    operations: int,
    seed: int,
    *,
    versions: tuple[str, str] = ("4.0.1", "3.4.0"),
    goes_on: Callable[[int], bool] = lambda done: True,
) -> Told:
    """Have them work in rounds, and see after each that all has come to what it has to be.

    Args:
        state: where the emulator keeps its accounts.
        seed: of what they do.
        goes_on: whether there is time for more, when so many operations are done.

    Returns:
        how it went.

    Raises:
        AssertionError: something that has to hold does not.
    """
    served = ServedProcess(state)
    await served.start()
    try:
        async with opened(node, served.url, versions) as pages:
            together = Together(served, pages, seed)
            await together.begin()
            for done in range(0, operations, ROUND):
                if not goes_on(done):
                    break
                await together.work(min(ROUND, operations - done))
                await together.settled()
            return together.told
    finally:
        await served.kill()
