"""Texts through a messaging service, each with its status callbacks to a receiver nearby: whether
all come once and in order, how fast, and beside it the same callbacks posted by nobody but us."""

import time
from dataclasses import dataclass
from itertools import repeat

from tests.bench.load import fill
from tests.bench.receiver import STATUSES
from tests.bench.servers import Server, encode

PATIENCE = 30.0  # seconds without a callback until those that lack are lost


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """What came of it.

    Attributes:
        lost: callbacks that did not come.
        twice: callbacks that came more than once.
        disordered: callbacks that came before their turn.
        seconds: from the first request to the last callback.
        create_seconds: from the first request to the last answer.
        bytes_per_message: memory that the emulator took, where that is known.
        peak_bytes: the most that it had.
        bare_seconds: how long it takes to post as many callbacks.
    """

    messages: int
    lost: int
    twice: int
    disordered: int
    seconds: float
    create_seconds: float
    bytes_per_message: float | None
    bare_seconds: float

    @property
    def callbacks(self) -> int:
        return self.messages * len(STATUSES)


def measure(emulator: Server, receiver: Server, messages: int) -> Delivered:
    """Send so many texts from one account."""
    account, _ = emulator.ask("POST", "/_emulator/v1/accounts", {})
    sid, service = account["account_sid"], account["messaging_service_sid"]
    credentials = (sid, account["auth_token"])
    form = {
        "To": "+12025550199",
        "MessagingServiceSid": service,
        "Body": "Your code is 424242",
        "StatusCallback": f"http://127.0.0.1:{receiver.port}/status",
    }
    path = f"/2010-04-01/Accounts/{sid}/Messages.json"
    receiver.ask("DELETE", "/tally")
    before, start = emulator.memory(), time.perf_counter()
    fill(emulator.port, repeat(encode(emulator, "POST", path, form, credentials), messages))
    created = time.perf_counter()
    tally, ended = _wait(receiver, messages * len(STATUSES))
    after = emulator.memory()
    emulator.ask("DELETE", f"/_emulator/v1/accounts/{sid}")
    return Delivered(
        messages=messages,
        lost=messages * len(STATUSES) - tally["received"] + tally["twice"],
        twice=tally["twice"],
        disordered=tally["disordered"],
        seconds=ended - start,
        create_seconds=created - start,
        bytes_per_message=None if before is None or after is None else (after - before) / messages,
        bare_seconds=_post(receiver, sid, service, messages),
    )


def _wait(receiver: Server, callbacks: int) -> tuple[dict[str, int], float]:
    """What the receiver has got once it has all, or no more comes; and when that was."""
    tally: dict[str, int] = {"received": -1}
    changed = time.perf_counter()
    while time.perf_counter() - changed < PATIENCE:
        now, _ = receiver.ask("GET", "/tally")
        if now["received"] != tally["received"]:
            tally, changed = now, time.perf_counter()
        if tally["received"] - tally["twice"] >= callbacks:
            break
        time.sleep(0.1)
    return tally, changed


def _post(receiver: Server, account: str, service: str, messages: int) -> float:
    """Post callbacks like those, on connections that are kept; answers how long it takes."""
    requests = [
        encode(
            receiver,
            "POST",
            "/status",
            {
                "SmsSid": "SM" + "0" * 32,
                "SmsStatus": status.decode(),
                "MessageStatus": status.decode(),
                "To": "+12025550199",
                "MessagingServiceSid": service,
                "MessageSid": "SM" + "0" * 32,
                "AccountSid": account,
                "From": "+12025550100",
                "ApiVersion": "2010-04-01",
            },
            None,
        )
        for status in STATUSES
    ]
    start = time.perf_counter()
    fill(receiver.port, (each for _ in range(messages) for each in requests))
    return time.perf_counter() - start
