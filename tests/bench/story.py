"""A long scenario, played in this process: how many steps a second.

`python -m tests.bench.story [STEPS]` prints a line of JSON: steps, seconds, processor seconds.
"""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from statistics import median

from twilio_emulator.handle.batch import rehearse
from twilio_emulator.play import library

STEPS = 10_000

BEGINNING = """
scenario: A day at the parcel desk
numbers:
  desk: +12025550101
people:
  Ann: +12025550199
  Alice: chat:alice
conversations:
  Parcel: [Ann, Alice]
story:
"""

ROUND = """
  - Ann texts: Where is my parcel? {n}
    to: desk
  - Alice gets: /parcel. {n}$/
  - Alice says: It comes tomorrow. {n}
  - Ann gets: It comes tomorrow. {n}
  - messages.create: {{from: number, to: Ann, body: Your code is {n}.}}
    as: sent
  - Ann gets: /code is {n}/
    as: text
  - Ann texts: ${{text.codes.0}}
    to: number
  - messages.fetch: {{message: sent}}
    expect: {{status: delivered}}
  - wait: 1 minute
  - Ann reads
"""
STEPS_OF_ROUND = 10


@dataclass(frozen=True, kw_only=True)
class Played:
    """One run; times in seconds, without reading the file."""

    steps: int
    seconds: float
    cpu_seconds: float


def play(steps: int) -> Played:
    """Play a scenario of so many steps. Raises AssertionError when one fails."""
    rounds = range(100_000, 100_000 + steps // STEPS_OF_ROUND)
    scenario = library.load_text(BEGINNING + "".join(ROUND.format(n=n) for n in rounds))
    used = time.process_time()
    (report,) = asyncio.run(rehearse([scenario]))
    spent = time.process_time() - used
    assert report.failure is None, "\n".join(report.failure.lines())
    return Played(steps=report.steps, seconds=report.seconds, cpu_seconds=spent)


def measure(times: int) -> tuple[float, float]:
    """Steps per second, and per second of the processor: medians of runs of their own."""
    runs = []
    for _ in range(times):
        command = [sys.executable, "-m", "tests.bench.story", str(STEPS)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        runs.append(Played(**json.loads(said)))
    by_clock = median(run.steps / run.seconds for run in runs)
    return by_clock, median(run.steps / run.cpu_seconds for run in runs)


if __name__ == "__main__":
    print(json.dumps(asdict(play(int(sys.argv[1]) if sys.argv[1:] else STEPS))))
