"""Servers measured in turns, window by window, so that what else the machine does falls on all."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median

from tests.bench.load import measure
from tests.bench.servers import Server


@dataclass(frozen=True, kw_only=True)
class Shot:
    """What one window sends to whom, and what is to be tidied afterwards."""

    server: Server
    requests: list[bytes]
    tidy: Callable[[], None] = lambda: None


Side = Callable[[str], Shot]
"""One of the measured: makes ready for a window of the kind of request that is named."""


@dataclass
class Rates:
    """One server's windows for one kind of request."""

    per_second: list[float] = field(default_factory=list)
    cpu_microseconds: list[float] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How long to measure: turns of windows, and turns of the fan-out to clients of the socket."""

    turns: int
    warm: float
    seconds: float
    fanouts: int


def alternate(
    sides: dict[str, Side], name: str, connections: int, effort: Effort
) -> dict[str, Rates]:
    """Windows of all sides in turns: A B C, A B C, ..."""
    rates = {side: Rates() for side in sides}
    for _ in range(effort.turns):
        for side, prepare in sides.items():
            shot = prepare(name)
            port, requests = shot.server.port, shot.requests
            used = shot.server.cpu_seconds()
            window = measure(port, requests, connections, warm=effort.warm, seconds=effort.seconds)
            spent = shot.server.cpu_seconds()
            rates[side].per_second.append(window.rate)
            if used is not None and spent is not None and window.rate:
                # The clock of processors is coarse: take the warm-up with it, at the same rate.
                answers = window.rate * (effort.warm + effort.seconds)
                rates[side].cpu_microseconds.append((spent - used) / answers * 1e6)
            shot.tidy()
    return rates


def ratio(rates: Rates, to: Rates) -> float:
    """The median over the turns of one side's rate to the other's."""
    return median(a / b for a, b in zip(rates.per_second, to.per_second, strict=True))


def table(title: str, rows: Iterable[tuple[str, ...]]) -> None:
    """Print rows with their columns aligned; the first row names them."""
    print(f"\n{title}")
    lines = list(rows)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        first, *others = (
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        print("  " + "  ".join([first, *others]))


def rate_rows(results: dict[str, dict[str, Rates]]) -> Iterator[tuple[str, ...]]:
    """One row for each kind of request; the first side is what the others are compared with."""
    sides = list(next(iter(results.values())))
    yield "", *(f"{side}/s" for side in sides), *(f"{side}/{sides[0]}" for side in sides[1:])
    for name, rates in results.items():
        speeds = (f"{median(rates[side].per_second):.0f}" for side in sides)
        yield name, *speeds, *(f"{ratio(rates[side], rates[sides[0]]):.2f}" for side in sides[1:])


def cpu_rows(results: dict[str, dict[str, Rates]]) -> Iterator[tuple[str, ...]]:
    """One row for each kind of request, with what each side's processor spent on an answer."""
    yield "", *next(iter(results.values()))
    for name, rates in results.items():
        spent = (f"{median(each.cpu_microseconds or [0]):.0f}" for each in rates.values())
        yield name, *spent
