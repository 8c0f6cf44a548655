"""A server with an account that holds very much, put there by commands and not by requests.

    python -m tests.bench.stored PORT MESSAGES FILE [STATE]

writes what there is into FILE as JSON once all is there, and then serves it until it is ended:
`MESSAGES` messages in conversations of `IN_ONE` each, half of whose participants chat and half have
a phone; a phone for every hundredth message, each of which has got `TEXTS` texts; a user for every
conversation.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from twilio_emulator.core.accounts.accounts import Accounts, OpenAccount
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.participants import AddParticipant
from twilio_emulator.core.conversations.resources import AccountConfigurations
from twilio_emulator.core.kernel.world import Command
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.server.serving import Serving
from twilio_emulator.settings import Settings

IN_ONE = 20
TEXTS = 10
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAYS = 30
NUMBER = "+12025550100"


def phone(number: int) -> str:
    """The address of a handset."""
    return f"+1202{2_000_000 + number}"


def rooms(service: str, messages: int) -> Iterator[Command[object]]:
    """Conversations, each with somebody in it, and the handsets."""
    handsets = messages // 100
    for number in range(handsets):
        yield UpsertHandset(address=phone(number))
    for number in range(messages // IN_ONE):
        name = f"room{number}"
        yield AddConversation(service=service, unique_name=name, friendly_name=f"Room {number}")
        yield AddParticipant(service=service, conversation=name, identity=f"guest{number}")


def said(service: str, messages: int) -> Iterator[Command[object]]:
    """What is said in them, a message in each in turn."""
    for index in range(IN_ONE):
        for number in range(messages // IN_ONE):
            yield PostMessage(
                service=service,
                conversation=f"room{number}",
                author=f"guest{number}",
                body=f"It never was. You have to press harder, {index}.",
            )


def texts(account: str, messages: int) -> Iterator[Command[object]]:
    """What is on the handsets, a text on each in turn."""
    for index in range(TEXTS):
        for number in range(messages // 100):
            yield CreateText(
                account=account, to=phone(number), from_=NUMBER, body=f"Your code is {index:06}"
            )


def memory() -> int:
    """The memory of this process in bytes; 0 where /proc does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def fill(hosted: Hosted, messages: int) -> dict[str, object]:
    """Put all into an account, in `DAYS` days of its time.

    Returns:
        of each kind how many there are, and what one takes: bytes of memory, and microseconds of
        the processor.
    """
    world = hosted.world
    service = world[AccountConfigurations][world.account_sid].default_chat_service_sid
    handsets = messages // 100
    stages = {
        "conversation": (rooms(service, messages), messages // IN_ONE),
        "message": (said(service, messages), messages),
        "text": (texts(world.account_sid, messages), handsets * TEXTS),
    }
    commands = handsets + messages // IN_ONE * 2 + messages + handsets * TEXTS
    step = timedelta(days=DAYS) / commands
    figures: dict[str, object] = {}
    instants = (BEGAN + step * number for number in count())
    gc.disable()  # nothing that is put there can go
    for name, (wishes, how_many) in stages.items():
        before, start = memory(), time.process_time()
        for wish in wishes:
            world.clock.set(next(instants))
            hosted.gate.perform_now(wish)
        seconds = time.process_time() - start
        figures[name] = {
            "count": how_many,
            "bytes": (memory() - before) / how_many,
            "us": seconds / how_many * 1e6,
        }
        print(f"{name}: {figures[name]}", file=sys.stderr, flush=True)
    world.clock.set(BEGAN + timedelta(days=DAYS, hours=1))
    world.catch_up(world.clock.now())
    gc.enable()
    gc.freeze()
    hosted.pace.set_rate(1)
    return figures


def main() -> None:
    """Fill, tell, serve."""
    port, messages, told, *state = sys.argv[1:]
    settings = Settings(port=int(port), state=Path(state[0]) if state else None)
    serving = Serving(settings, os.environ)
    opening = OpenAccount()
    hosted = serving.server.worlds.open(opening, clock="frozen", now=BEGAN)
    figures = fill(hosted, int(messages))
    account = hosted.world[Accounts][hosted.world.account_sid]
    told_as = {"account_sid": account.sid, "auth_token": account.auth_token, "held": figures}
    Path(told).write_text(json.dumps(told_as))
    serving.run(lambda: None)


if __name__ == "__main__":
    main()
