"""`make bench`: the emulator beside bare Starlette, in one run, with the same settings.

The bare route reads the body and gives the answer that the emulator gives, always the same.

Only ratios are comparable between machines. The servers are measured in turns, window by window,
so that whatever else the machine does falls on all of them; a ratio is the median of those within
a turn. `python -m tests.bench --noise` measures the bare route against itself: the ratio it prints
is what a difference must exceed to mean something.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench import (
    callbacks,
    capture,
    console,
    crowd,
    fanout,
    finding,
    million,
    pauses,
    restart,
    sharing,
    signing_in,
    story,
)
from tests.bench.servers import Server, encode
from tests.bench.turns import (
    Effort,
    Rates,
    Shot,
    Side,
    alternate,
    cpu_rows,
    rate_rows,
    ratio,
    table,
)
from tests.bench.work import CREATES, FETCH, FEW, LISTS, MANY, World, new_world
from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.server.app import Server as Emulator
from twilio_emulator.settings import Settings

ROOT = Path(__file__).parents[2]
CONNECTIONS = (1, 16)
HELP_BUDGET = 0.15  # seconds
FIRST_ANSWER_BUDGET = 0.5  # seconds
ACCOUNT_BUDGET = 0.001  # seconds
CONSOLE_BUDGET = 1.0  # seconds
MESSAGE_SHOWN_BUDGET = 0.1  # seconds after the control API answered
FRAME_BUDGET = 0.035  # seconds: of 60 frames a second one may be left out, not two
STORY_BUDGET = 3000  # steps per second
MANY_BUDGET = 0.1  # how much slower it may be with many messages stored


def emulator(*options: str) -> Server:
    """An emulator as it comes, silent about each request."""
    return Server("-m", "twilio_emulator", "serve", "--port", "PORT", *options)


@contextmanager
def bare(samples: Iterable[dict[str, Any]], loop: str = "auto") -> Iterator[Server]:
    """The bare routes, one for each of these answers."""
    with tempfile.TemporaryDirectory() as folder:
        answers = Path(folder) / "answers.json"
        answers.write_text(json.dumps(list(samples)))
        with Server("-m", "tests.bench.bare", "PORT", str(answers), loop) as server:
            server.connect()
            yield server


def always(world: World) -> Side:
    """Windows that all hit the same world."""
    return lambda name: Shot(server=world.server, requests=world.encoded(name))


def renewed(server: Server) -> Side:
    """Windows that each have a nearly new world, deleted afterwards."""

    def prepare(name: str) -> Shot:
        world = new_world(server, FEW)
        return Shot(server=server, requests=world.encoded(name), tidy=world.leave)

    return prepare


def constant(server: Server, world: World, samples: dict[str, dict[str, Any]]) -> Side:
    """The world's requests to the bare route: the same but for the path."""

    def prepare(name: str) -> Shot:
        method, _, form = world.requests(name)[0]
        path = f"/{list(samples).index(name)}"
        return Shot(server=server, requests=[encode(server, method, path, form, world.credentials)])

    return prepare


def single(server: Server) -> Side:
    """The bare route alone, with a small request."""
    request = encode(server, "POST", "/0", {"Body": "Hello"}, ("AC", "secret"))
    return lambda name: Shot(server=server, requests=[request])


def seconds_of(command: list[str], times: int) -> float:
    """The median time of a command, in seconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - start)
    return median(taken)


def first_answer(server: Callable[[], Server], path: str, times: int) -> float:
    """The median time from a server's start to its first answer, in seconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        with server() as started:
            started.connect()
            started.ask("GET", path)
            taken.append(time.perf_counter() - start)
    return median(taken)


def new_account() -> float:
    """The median time that it takes to make an account, in seconds, without a request for it."""
    server = Emulator(Settings(), lambda: b"")
    taken = []
    for _ in range(200):
        start = time.perf_counter()
        server.worlds.open(OpenAccount())
        taken.append(time.perf_counter() - start)
    return median(taken)


def page_times(world: World) -> tuple[float, float]:
    """The median time of a page of 100 at the beginning and at the end of a long list, in seconds.

    Each is on a connection of its own.
    """
    asked = [time.perf_counter() for _ in world.pages()]
    taken = [after - before for before, after in pairwise(asked)]
    tenth = max(1, len(taken) // 10)
    return median(taken[:tenth]), median(taken[-tenth:])


def cost_of_state(effort: Effort) -> dict[str, float]:
    """How fast an emulator that keeps everything in a file creates things, to one that does not.

    The difference is small: many short windows in turns tell it from the noise, a few long ones
    do not; and the processor's time tells it where the machine has other things to do.
    """
    effort = replace(effort, turns=4 * effort.turns, seconds=effort.seconds / 2)
    with (
        tempfile.TemporaryDirectory() as folder,
        emulator() as forgetful,
        emulator("--state", str(Path(folder) / "state")) as keeping,
    ):
        forgetful.connect()
        keeping.connect()
        sides = {"emulator": renewed(forgetful), "with --state": renewed(keeping)}
        results = {
            f"{name}, {connections}": alternate(sides, name, connections, effort)
            for name in CREATES
            for connections in CONNECTIONS
        }
    table("answers per second with everything kept in a file", rate_rows(results))
    table(
        "processor time of the server per answer, in microseconds",
        cpu_rows(results),
    )
    return {
        title: ratio(rates["with --state"], rates["emulator"]) for title, rates in results.items()
    }


def by_loop(effort: Effort) -> dict[str, float]:
    """How fast things are created on each event loop, to the bare route on the same."""
    results: dict[str, dict[str, Rates]] = {}
    loops = ("asyncio", "uvloop") if find_spec("uvloop") else ("asyncio",)
    for loop in loops:
        with emulator("--loop", loop) as server:
            server.connect()
            sample = new_world(server, FEW)
            samples = {name: sample.sample(name) for name in CREATES}
            with bare(samples.values(), loop) as reference:
                sides = {
                    "bare": constant(reference, sample, samples),
                    "emulator": renewed(server),
                }
                for name in CREATES:
                    for connections in CONNECTIONS:
                        title = f"{loop}: {name}, {connections}"
                        results[title] = alternate(sides, name, connections, effort)
    table("answers per second, by event loop", rate_rows(results))
    table("processor time of the server per answer, in microseconds", cpu_rows(results))
    return {title: ratio(rates["emulator"], rates["bare"]) for title, rates in results.items()}


def cost_of_much(effort: Effort) -> dict[str, float]:
    """How much longer lists and lookups take where a lot is stored."""
    with emulator() as one, emulator() as other:
        one.connect()
        other.connect()
        few, many = finding.Place(one, FEW), finding.Place(other, MANY)
        # Small differences, so more and shorter windows than elsewhere.
        fine = replace(effort, turns=2 * effort.turns - 1, seconds=effort.seconds / 2)
        results = finding.compare(few, many, fine)
    ratios = {name: 1 / ratio(rates["many"], rates["few"]) for name, rates in results.items()}
    table(
        f"time with {MANY} conversations, messages, participants and users, to that with {FEW}",
        [
            (name, f"{share:.2f}", "within" if share <= finding.SLOWER else "OVER")
            for name, share in ratios.items()
        ],
    )
    return ratios


def cost_of_codes(effort: Effort) -> dict[str, float]:
    """How fast codes are sent and checked, and numbers looked up: to bare routes, and where much is
    stored to where little is."""
    with emulator() as one, emulator() as other:
        one.connect()
        other.connect()
        few, many = signing_in.SignIn(one, FEW), signing_in.SignIn(other, MANY)
        with bare(few.samples()) as reference:
            rates = signing_in.beside_bare(few, reference, effort)
        stored = signing_in.few_and_many(few, many, effort)
    table("codes and look-ups per second, beside bare routes", rate_rows(rates))
    table("processor time of the server per answer, in microseconds", cpu_rows(rates))
    ratios = {name: 1 / ratio(rates["many"], rates["few"]) for name, rates in stored.items()}
    table(
        f"time with {MANY} verifications, to that with {FEW}",
        [
            (name, f"{share:.2f}", "within" if share <= finding.SLOWER else "OVER")
            for name, share in ratios.items()
        ],
    )
    to_bare = {name: ratio(it["emulator"], it["bare"]) for name, it in rates.items()}
    return {**to_bare, **{f"{name}, many to few": share for name, share in ratios.items()}}


def cost_of_sharing(effort: Effort) -> dict[str, float]:
    """How fast a document of Sync is set and fetched, beside bare routes."""
    with emulator() as server:
        server.connect()
        shared = sharing.Shared(server)
        with bare(shared.samples()) as reference:
            rates = sharing.beside_bare(shared, reference, effort)
    table("documents of Sync per second, beside bare routes", rate_rows(rates))
    table("processor time of the server per answer, in microseconds", cpu_rows(rates))
    shares = {name: ratio(it["emulator"], it["bare"]) for name, it in rates.items()}
    table(
        "documents of Sync beside bare routes",
        [
            (name, f"{share:.2f}", "within" if share >= sharing.SHARE else "UNDER")
            for name, share in shares.items()
        ],
    )
    return shares


def cost_of_console() -> dict[str, float] | None:
    """What the console loads, and how soon it shows what has happened; None without a browser."""
    with emulator() as server:
        server.connect()
        measured = console.measure(server)
    if measured is None:
        print("\nthe console: no Chromium here, or no playwright")
        return None
    table(
        "the console in a browser",
        [
            ("loaded at first", f"{measured.bytes / 1000:.0f} kB"),
            ("first phone shown", verdict(measured.first_seconds, CONSOLE_BUDGET)),
            ("message shown", verdict(measured.shown_seconds, MESSAGE_SHOWN_BUDGET)),
            ("body of 1 MB shown", verdict(measured.megabyte_seconds, CONSOLE_BUDGET)),
            (f"frame, scrolling {console.LONG}", f"{measured.frame_seconds * 1000:.1f} ms"),
            ("of 20, the slowest", verdict(measured.slow_frame_seconds, FRAME_BUDGET)),
        ],
    )
    return asdict(measured)


def pace_of_story() -> dict[str, float]:
    """How fast a long scenario is played in one process."""
    by_clock, by_processor = story.measure(3)
    word = "within" if by_clock >= STORY_BUDGET else "UNDER"
    table(
        f"a scenario of {story.STEPS} steps, in process",
        [
            ("steps per second", f"{by_clock:.0f}, {word} {STORY_BUDGET}"),
            ("per second of the processor", f"{by_processor:.0f}"),
        ],
    )
    return {"steps_per_second": by_clock, "steps_per_cpu_second": by_processor}


def verdict(figure: float, budget: float) -> str:
    """What to print of a figure that has a budget, both in seconds."""
    word = "within" if figure <= budget else "OVER"
    return f"{figure * 1000:.0f} ms, {word} {budget * 1000:.0f} ms"


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "processors": os.cpu_count(),
        "loop": "uvloop" if find_spec("uvloop") else "asyncio",
    }


def noise(effort: Effort) -> None:
    """The bare route against itself."""
    with bare([{"sid": "0" * 34}]) as one, bare([{"sid": "0" * 34}]) as other:
        sides = {"bare": single(one), "again": single(other)}
        results = {f"answer, {n}": alternate(sides, "answer", n, effort) for n in CONNECTIONS}
    table("the bare route against itself", rate_rows(results))


def bench(effort: Effort) -> dict[str, object]:
    """Measure everything, print it as it comes, and return it."""
    script = str(Path(sysconfig.get_path("scripts")) / "twilio-emulator")
    figures: dict[str, object] = {"machine": machine()}

    show_help = seconds_of([script, "--help"], 10)
    started = first_answer(emulator, "/_emulator/v1/health", 5)
    figures["help_seconds"], figures["first_answer_seconds"] = show_help, started
    figures["account_seconds"] = account = new_account()
    table(
        "starting",
        [
            ("--help", verdict(show_help, HELP_BUDGET)),
            ("first answer", verdict(started, FIRST_ANSWER_BUDGET)),
            ("a new account", f"{account * 1000:.2f} ms, budget {ACCOUNT_BUDGET * 1000:.0f} ms"),
            ("python alone", f"{seconds_of([sys.executable, '-c', ''], 10) * 1000:.0f} ms"),
        ],
    )

    with ExitStack() as stack:
        fresh, stored = stack.enter_context(emulator()), stack.enter_context(emulator())
        for server in (fresh, stored):
            server.connect()
        sample = new_world(fresh, FEW)
        samples = {name: sample.sample(name) for name in (*CREATES, FETCH, *LISTS)}
        reference = stack.enter_context(bare(samples.values()))

        before, start = stored.memory(), time.perf_counter()
        many = new_world(stored, MANY)
        loading, after = time.perf_counter() - start, stored.memory()
        figures["load_seconds"] = loading
        print(f"\n{MANY} messages stored in {loading:.0f} s", end="")
        if before is not None and after is not None:
            figures["bytes_per_message"] = (after - before) / MANY
            print(f", {(after - before) / MANY:.0f} bytes of memory each", end="")
        print(flush=True)

        first, last = page_times(many)
        figures["page_seconds"] = {"first_tenth": first, "last_tenth": last}

        sides = {
            "bare": constant(reference, sample, samples),
            "emulator": renewed(fresh),
            f"with {MANY}": always(many),
        }
        results: dict[str, dict[str, Rates]] = {}
        # Reading first: what the creating leaves behind would be in its way.
        for name in (FETCH, *LISTS, *CREATES):
            for connections in CONNECTIONS:
                title = f"{name}, {connections}"
                print(f"  {title} ...", file=sys.stderr, flush=True)
                results[title] = alternate(sides, name, connections, effort)
        figures["pauses"] = pauses.measure(
            (
                (f"{name}, {side}", shot.server, shot.requests[0])
                for name in CREATES
                for side, prepare in sides.items()
                for shot in (prepare(name),)
            ),
            pauses.TIMES,
        )
        figures["holds_ms"] = pauses.holds({"emulator": fresh, f"with {MANY}": stored})
    table("answers per second, by connections", rate_rows(results))

    full, empty = f"with {MANY}", "emulator"
    ratios = {title: ratio(rates[full], rates[empty]) for title, rates in results.items()}
    table(
        f"with {MANY} messages stored, to {FEW}",
        [
            (title, f"{share:.2f}", "within" if share >= 1 - MANY_BUDGET else "OVER")
            for title, share in ratios.items()
        ],
    )
    table(
        "processor time of the server per answer, in microseconds",
        cpu_rows(results),
    )
    print(f"\na page of 100 of {MANY}: {first * 1000:.1f} ms at first, {last * 1000:.1f} at last")
    figures["rates"] = {
        title: {side: asdict(rate) for side, rate in rates.items()}
        for title, rates in results.items()
    }
    figures["to_bare"] = {
        title: {side: ratio(rates[side], rates["bare"]) for side in (empty, full)}
        for title, rates in results.items()
    }
    figures["many_to_few"] = ratios
    figures["by_loop"] = by_loop(effort)
    figures["much_to_little"] = cost_of_much(effort)
    figures["codes"] = cost_of_codes(effort)
    figures["sync"] = cost_of_sharing(effort)
    figures["capture"] = asdict(capture.measure())
    figures["story"] = pace_of_story()
    figures["state_to_none"] = cost_of_state(effort)
    figures["console"] = cost_of_console()
    figures["fanout"] = fanout.measure(effort.fanouts)
    figures["sync fanout"] = sharing.fan_out(effort.fanouts)
    figures["callbacks"] = callbacks.measure(MANY)
    figures["state"] = restart.measure(MANY)
    figures["crowd"] = crowd.measure()
    figures["million"] = million.measure(million.MILLION, effort)
    return figures


def main() -> None:
    """Read the command line, measure, write bench.json."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "section",
        nargs="?",
        choices=["million", "crowd", "codes", "capture", "sync"],
        help="a million messages only, or five thousand client SDKs, or codes of Verify, or what "
        "capturing texts costs, or documents of Sync",
    )
    parser.add_argument("--noise", action="store_true", help="the bare route against itself")
    parser.add_argument("--fanout", action="store_true", help="client SDKs on the socket only")
    parser.add_argument("--callbacks", action="store_true", help="status callbacks only")
    parser.add_argument(
        "--state", type=int, metavar="MESSAGES", help="a state file with so many only"
    )
    parser.add_argument("--quick", action="store_true", help="short windows: a first idea only")
    options = parser.parse_args()
    effort = Effort(turns=5, warm=0.3, seconds=1.0, fanouts=2)
    if options.quick:
        effort = Effort(turns=3, warm=0.1, seconds=0.3, fanouts=1)
    if options.noise:
        noise(effort)
        return
    if options.section == "crowd":
        crowd.measure()
        return
    if options.section == "capture":
        capture.measure()
        return
    if options.section == "sync":
        cost_of_sharing(effort)
        sharing.fan_out(effort.fanouts)
        return
    if options.section == "codes":
        cost_of_codes(effort)
        return
    if options.section == "million":
        million.measure(million.MILLION // (20 if options.quick else 1), effort)
        return
    if options.fanout:
        fanout.measure(effort.fanouts)
        return
    if options.state:
        restart.measure(options.state)
        return
    if options.callbacks:
        callbacks.measure(MANY)
        return
    written = ROOT / "bench.json"
    written.write_text(json.dumps(bench(effort), indent=2) + "\n")
    print(f"\nwritten to {written.name}")


if __name__ == "__main__":
    main()
