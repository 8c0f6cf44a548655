"""Why nothing came to a phone, as far as the account's journal knows.

The rules of this file:

- What went on before the last message that a wait returned has done its work, and explains nothing.
  Of what went on before an `expect` counts what holds still: texts under way, and hints.
- The newest comes first. A webhook that failed and was answered in another attempt is no cause.
- What is said of a setting is true now. When that was changed since, no more is said than that.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from twilio_emulator.handle import telling
from twilio_emulator.handle.awaiting import Calls
from twilio_emulator.handle.calling import CannotCall, segment

__tracebackhide__ = True

NEWEST = 1000
"""Entries that are looked at."""

KINDS = "request,command,event,webhook,webhook-decision,hint"

MOST = 4
"""Causes that are told."""

MOVING = ("accepted", "queued", "sending", "scheduled")
BAD = ("failed", "undelivered", "canceled")
INBOUND = "inbound text"
OPTED_OUT = 21610
RETRIEVAL = range(11200, 11300)
"""Alerts of webhooks that failed, which tell it themselves."""

NO_CAUSE = ("callback-of-calls", "no-sms-url")
"""Hints about something else than what comes to phones; and what a decision says of each text."""

ROUTING = ("NumberChanged", "ApplicationChanged", "MessagingServiceChanged")
"""Events of settings that say where inbound texts go."""

CONFIGURING = (
    *("ConfigureAccountWebhooks", "ConfigureServiceWebhooks"),
    *("AddScopedWebhook", "UpdateScopedWebhook", "RemoveScopedWebhook"),
    *("ChangeConversationConfiguration", "SetConversationConfiguration"),
)
"""Commands that change the webhooks of conversations, which all other hints are about."""

Entry = Mapping[str, Any]


HELD_UP = (
    "the wait held up the event loop that it was called in, so that no app in it could answer: "
    "use `await ann.await_text(...)` there, or AsyncEmulator, whose `ann.wait` is awaited"
)


async def causes(
    calls: Calls,
    address: str,
    returned: Collection[str],
    shown: Collection[str],
    *,
    since: int = 0,
    begun: int = 0,
    held_up: bool = False,
) -> list[str]:
    """What may be why nothing came, most likely first.

    Args:
        address: the phone's.
        returned: ids of messages that earlier waits returned.
        shown: ids of messages that came, and are shown besides.
        since: the entry of the journal behind which it counts.
        begun: the entry behind which the wait began, when what was over by then explains nothing.
        held_up: whether the wait held up an event loop, in which the app may run.
    """
    try:
        asked = {"newest": NEWEST, "kinds": KINDS, "after": since}
        journal = await calls.get("/journal", asked)
        clock = await calls.get("/clock")
        phone = await _phone(calls, address)
        search = _CauseSearch(address, journal, clock, phone, returned, shown, begun)
        found = list(islice(dict.fromkeys(search.causes()), MOST))
        if held_up:
            found.insert(0 if search.is_open else len(found), HELD_UP)
        return found
    except CannotCall:  # it went meanwhile, and that it did not come is still true
        return []


class _CauseSearch:
    def __init__(
        self,
        address: str,
        journal: Mapping[str, Any],
        clock: Mapping[str, Any],
        phone: Mapping[str, Any] | None,
        returned: Collection[str],
        shown: Collection[str],
        begun: int,
    ) -> None:
        self._address = address
        self._clock = clock
        self._phone = phone
        self._dropped: str | None = journal.get("note")
        self._fresh = list(_since(journal["entries"], returned))
        self._begun = begun
        self._changed: set[str] = set()  # numbers, applications and services
        self._configured = False  # the webhooks of conversations
        self._is_out: dict[str, bool] = {}  # who opted out, or in again
        self._called: set[tuple[str, str]] = set()
        self._told = {*returned, *shown}
        self._texts = set(shown)
        self.is_open = True  # whether nothing is known that would be so in any case
        self._later: list[str] = []  # what explains it only when nothing else does
        self._elsewhere: list[str] = []
        self._unanswered = False

    def causes(self) -> Iterator[str]:
        """The causes, newest first."""
        found = [each for entry in self._fresh for each in self._of(entry)]
        self.is_open = self._unanswered or not found
        yield from found or self._later
        if not (found or self._later or self._texts):
            where = ", ".join(dict.fromkeys(self._elsewhere))
            since = f", as far as is known: {self._dropped}" if self._dropped else ""
            sent = f"no text was sent to {self._address}" + (f", only to {where}" if where else "")
            yield sent + since

    def _of(self, entry: Entry) -> Iterator[str]:
        if entry["seq"] > self._begun or entry["kind"] in LASTING:
            yield from CAUSES[entry["kind"]](self, entry)

    def of_request(self, entry: Entry) -> Iterator[str]:
        if "code" in entry:
            words = telling.request(entry)
            if entry["code"] == OPTED_OUT and self._is_out.get(self._address, True):
                words += ": it has opted out, and gets texts again after it writes START"
            yield words

    def of_command(self, entry: Entry) -> Iterator[str]:
        self._configured |= entry["command"] in CONFIGURING
        yield from ()

    def of_webhook(self, entry: Entry) -> Iterator[str]:
        call = (entry["event"], entry["subject"])
        if call in self._called:
            return
        self._called.add(call)
        self._unanswered |= entry["status"] is None
        answered = entry["status"] is not None and entry["status"] < 300
        if not answered:
            yield telling.webhook(entry)
        elif entry["event"] == INBOUND and "<Message" not in entry["answer_body"]:
            self._later.append(f"{telling.webhook(entry)}, which sends nothing")

    def of_decision(self, entry: Entry) -> Iterator[str]:
        if entry["event"] == INBOUND and not entry["sent"]:
            place = entry["setting"].rpartition(" ")[2]
            if entry["url"] is None and place in self._changed:
                self._later.append(
                    f"a text came before {place} was changed, and was told to nobody"
                )
            else:
                yield entry["because"]
        elif entry["sent"] and (entry["event"], entry["subject"]) not in self._called:
            self._unanswered = True
            yield f"the webhook {entry['url']} was called and has not answered yet"

    def of_hint(self, entry: Entry) -> Iterator[str]:
        if entry["cause"] not in NO_CAUSE and not self._configured:
            yield entry["words"]

    def of_event(self, entry: Entry) -> Iterator[str]:
        name, fields, is_over = entry["event"], entry["fields"], entry["seq"] <= self._begun
        if name in ("TextCreated", "TextStatusChanged"):
            yield from self._of_text(fields["text"], is_over=is_over)
        elif name in ROUTING:
            self._changed.add(fields["sid"])
            self._changed.add((fields.get("number") or {}).get("address", ""))
        elif name == "OptOutChanged":
            recipient = fields["optout"]["recipient"].rpartition(":")[2]
            self._is_out.setdefault(recipient, fields["opted_out"])
        elif name == "AlertRaised" and not is_over:
            alert = fields["alert"]
            if alert["error_code"] not in RETRIEVAL and alert["request_url"]:
                yield f"the webhook was answered with an error: {telling.alert(alert)}"

    def _of_text(self, text: Entry, *, is_over: bool) -> Iterator[str]:
        if text["direction"] == "inbound":
            return
        if text["to"].rpartition(":")[2] != self._address:
            self._elsewhere.append(text["to"])
            return
        if text["sid"] in self._told:
            return
        self._told.add(text["sid"])
        self._texts.add(text["sid"])
        what = f"{telling.text(text)} ({text['sid']})"
        if text["status"] in BAD and not is_over:
            code = f" with {text['error_code']}" if text.get("error_code") else ""
            yield f"{what} is {text['status']}{code}{self._off()}"
        elif text["status"] in MOVING:
            yield f"{what} is still {text['status']}{self._due()}"
        elif text["status"] == "sent":
            yield f"{what} is sent and not delivered{self._off() or self._due()}"
        elif text["status"] in BAD:
            self._later.append(f"{what} was {text['status']} before the wait began")
        else:
            self._later.append(f"{what} came before, to another wait or before the phone was named")

    def _due(self) -> str:
        """When the next thing happens by the account's clock."""
        clock = self._clock
        if clock["next_due"] is None:
            return ""
        rest = datetime.fromisoformat(clock["next_due"]) - datetime.fromisoformat(clock["now"])
        seconds = max(rest, timedelta()).total_seconds()
        return (
            f": what is due next is {seconds:g} s of the account's clock away: "
            f"clock.advance({seconds:g})"
        )

    def _off(self) -> str:
        """What about the phone keeps texts from coming."""
        phone = self._phone
        if phone is None:
            return ""
        if phone["power"] != "on":
            return f": the phone's power is {phone['power']}"
        if phone["network"] != "online":
            return f": the phone's network is {phone['network']}, until online()"
        return ""


async def _phone(calls: Calls, address: str) -> Mapping[str, Any] | None:
    """The phone, which somebody may have thrown away meanwhile."""
    try:
        phone: Mapping[str, Any] = await calls.get(f"/handsets/{segment(address)}")
    except CannotCall as error:
        if error.status != 404:
            raise
        return None
    return phone


def _since(entries: Sequence[Entry], returned: Collection[str]) -> Iterator[Entry]:
    """What went on after the last message that a wait returned, newest first."""
    for entry in reversed(entries):
        received = entry.get("event") == "HandsetReceived"
        if received and entry["fields"]["item"]["sid"] in returned:
            return
        yield entry


LASTING = ("event", "command", "hint")
"""Kinds of entries that may say what holds still."""

CAUSES = {
    "request": _CauseSearch.of_request,
    "command": _CauseSearch.of_command,
    "webhook": _CauseSearch.of_webhook,
    "webhook-decision": _CauseSearch.of_decision,
    "hint": _CauseSearch.of_hint,
    "event": _CauseSearch.of_event,
}
