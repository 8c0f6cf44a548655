"""Texts through a messaging service, each with its status callbacks to a receiver nearby: whether
all come once and in order, and how fast; beside it as many like them, posted by the load client."""

import sys
import time
from dataclasses import asdict, dataclass
from itertools import chain, repeat

from tests.bench.load import fill
from tests.bench.receiver import STATUSES
from tests.bench.servers import Server, encode
from tests.bench.turns import table

PATIENCE = 30.0  # seconds without a callback until those that lack are lost


@dataclass(frozen=True, kw_only=True)
class Called:
    """What came of it.

    Attributes:
        lost: callbacks that did not come.
        twice: callbacks that came more than once.
        disordered: callbacks that came before their turn.
        create_seconds: from the first request to the last answer.
        seconds: from the first request to the last callback.
        bare_seconds: how long it takes to post as many callbacks.
        bytes_per_message: memory that the emulator took, where that is known.
    """

    messages: int
    lost: int
    twice: int
    disordered: int
    create_seconds: float
    seconds: float
    bare_seconds: float
    bytes_per_message: float | None

    @property
    def per_second(self) -> float:
        """Callbacks in a second, with the texts that they are about created meanwhile."""
        return self.messages * len(STATUSES) / self.seconds

    @property
    def bare_per_second(self) -> float:
        """Callbacks in a second that the load client posts."""
        return self.messages * len(STATUSES) / self.bare_seconds


def measure(messages: int) -> dict[str, object]:
    """Send so many texts, print what came of it, and return it."""
    print(f"  status callbacks of {messages} texts ...", file=sys.stderr, flush=True)
    with (
        Server("-m", "twilio_emulator", "serve", "--port", "PORT") as emulator,
        Server("-m", "tests.bench.receiver", "PORT") as receiver,
    ):
        emulator.connect()
        receiver.connect()
        called = call(emulator, receiver, messages)
    memory = called.bytes_per_message
    share = called.per_second / called.bare_per_second
    table(
        f"status callbacks of {messages} texts through a messaging service",
        [
            ("lost", _none(called.lost)),
            ("twice", _none(called.twice)),
            ("out of order", _none(called.disordered)),
            ("texts created/s", f"{messages / called.create_seconds:.0f}"),
            ("callbacks/s meanwhile", f"{called.per_second:.0f}"),
            ("posted bare/s", f"{called.bare_per_second:.0f}"),
            ("emulator/bare", f"{share:.2f}"),
            ("bytes of memory for a text", "?" if memory is None else f"{memory:.0f}"),
        ],
    )
    return asdict(called) | {"per_second": called.per_second, "to_bare": share}


def call(emulator: Server, receiver: Server, messages: int) -> Called:
    """Send so many texts from an account of their own."""
    account, _ = emulator.ask("POST", "/_emulator/v1/accounts", {})
    sid, service = account["account_sid"], account["messaging_service_sid"]
    form = {
        "To": "+12025550199",
        "MessagingServiceSid": service,
        "Body": "Your code is 424242",
        "StatusCallback": f"http://127.0.0.1:{receiver.port}/status",
    }
    path = f"/2010-04-01/Accounts/{sid}/Messages.json"
    request = encode(emulator, "POST", path, form, (sid, account["auth_token"]))
    before, start = emulator.memory(), time.perf_counter()
    fill(emulator.port, repeat(request, messages))
    created = time.perf_counter()
    tally, ended = _wait(receiver, messages * len(STATUSES))
    after = emulator.memory()
    return Called(
        messages=messages,
        lost=messages * len(STATUSES) - tally["received"] + tally["twice"],
        twice=tally["twice"],
        disordered=tally["disordered"],
        create_seconds=created - start,
        seconds=ended - start,
        bare_seconds=_post(receiver, sid, service, messages),
        bytes_per_message=None if before is None or after is None else (after - before) / messages,
    )


def _wait(receiver: Server, callbacks: int) -> tuple[dict[str, int], float]:
    """What the receiver has got once it has all, or no more comes; and when that was."""
    tally: dict[str, int] = {"received": 0, "twice": 0, "disordered": 0}
    changed = time.perf_counter()
    while time.perf_counter() - changed < PATIENCE:
        now, _ = receiver.ask("GET", "/tally")
        if now["received"] != tally["received"]:
            tally, changed = now, time.perf_counter()
        if tally["received"] - tally["twice"] >= callbacks:
            break
        time.sleep(0.05)
    return tally, changed


def _post(receiver: Server, account: str, service: str, messages: int) -> float:
    """Post callbacks like those, on connections that are kept; answers how long it takes."""
    said = {
        "To": "+12025550199",
        "MessagingServiceSid": service,
        "MessageSid": "SM" + "0" * 32,
        "AccountSid": account,
        "From": "+12025550100",
        "ApiVersion": "2010-04-01",
    }
    requests = [
        encode(
            receiver,
            "POST",
            "/status",
            {
                "SmsSid": said["MessageSid"],
                "SmsStatus": status.decode(),
                "MessageStatus": status.decode(),
                **said,
            },
            None,
        )
        for status in STATUSES
    ]
    start = time.perf_counter()
    fill(receiver.port, chain.from_iterable(repeat(requests, messages)))
    return time.perf_counter() - start


def _none(count: int) -> str:
    return "none" if count == 0 else f"{count}, NOT NONE"
