"""A scenario while it is played: what its names stand for, and what sentences act with."""

import asyncio
import itertools
import math
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from twilio_emulator.scenarios.language.references import meant
from twilio_emulator.scenarios.language.scenario import PHONE, Person, Scenario
from twilio_emulator.scenarios.language.sentence import Step
from twilio_emulator.scenarios.language.templates import Unknown, fill, spoken, spoken_of
from twilio_emulator.scenarios.operations import NamedOperation
from twilio_emulator.scenarios.player.chat_client import ChatClient
from twilio_emulator.scenarios.player.receivers import Receiver, Receivers
from twilio_emulator.scenarios.player.report import Line, Unfulfilled
from twilio_emulator.scenarios.player.socket_client import SocketClient
from twilio_emulator.scenarios.player.stage import ApiAnswer, ScenarioAccount, Stage
from twilio_emulator.scenarios.player.sync_client import SyncClient
from twilio_emulator.scenarios.player.turns import Turns
from twilio_emulator.scenarios.player.unclaimed import Unclaimed

if TYPE_CHECKING:
    from twilio_emulator.scenarios.sentences.made_up import MadeUp

T = TypeVar("T")

SOON = timedelta(seconds=1)
"""What is due within this time is due at once, for who waits for an app."""

GIVING_UP = 1.0
"""Seconds in which a caller whose limit has passed lets go of a receiver that hangs."""

ARRIVED = ("displayed", "read")
"""States of what is on a phone's screen; a text that waits for the phone gets its place later."""

_OF_ADDRESSES = (
    *("handsets", "threads", "numbers", "whatsapp-senders"),
    *("conversations", "profiles"),
)
"""Parts of a path of the control API that an address follows."""

PATIENCE = timedelta(minutes=1)
"""How much of the story's time may pass until an expectation holds, unless it says `within`."""


class Scene:
    """What a sentence acts with.

    Attributes:
        known: what names stand for, in texts.
        moment: when the step began, where any instant is said from there.
        talks: the names that stand for conversations.
        take: takes a step, as the player does.
        places: where something arrives for somebody, besides the phones.
    """

    def __init__(
        self,
        scenario: Scenario,
        stage: Stage,
        account: ScenarioAccount,
        operations: dict[str, NamedOperation],
        tell: Callable[[Line], None],
        take: Callable[["Scene", Step], Awaitable[None]],
    ) -> None:
        self.scenario = scenario
        self.stage = stage
        self.account = account
        self.operations = operations
        self.tell = tell
        self.take = take
        self.moment: datetime | None = None
        self._known_events = 0
        self.peers: dict[str, str] = {}
        self.talks: list[str] = []
        self.pairs: set[tuple[str, str]] = set()
        self.inboxes: dict[str, Inbox] = {}
        self.places: dict[tuple[type, str], Unclaimed] = {}
        self.reads: dict[tuple[str, str], object] = {}
        self.receivers = Receivers(account.auth_token)
        self.receiving: dict[str, Receiver] = {}
        self.turns = Turns(self._pass_time)
        self.clients: dict[str, ChatClient] = {}
        self.sync_clients: dict[str, SyncClient] = {}
        self.made_up: MadeUp | None = None
        self.known: dict[str, Any] = {
            **{person.name: person.said for person in scenario.people.values()},
            **{name: number.address for name, number in scenario.numbers.items()},
            **builtin_names(account),
        }

    def fill(self, value: Any) -> Any:
        """`value` with its `${names}` filled.

        Raises:
            Unfulfilled: one stands for nothing, or has no such key.
        """
        try:
            return fill(value, self.known, self.moment)
        except Unknown as unknown:
            raise Unfulfilled(f"a value for every name, but {unknown}") from None

    async def look_at_clock(self) -> None:
        """Know where the story is, for what is said from there."""
        if self.scenario.relative:
            self.moment = await self.stage.now()

    def meant(self, value: Any) -> Any:
        """`value` filled, with addresses, identities, sids and URLs where keys want these.

        Raises:
            Unfulfilled: as `fill`.
        """
        return meant(self.fill(value), self.known)

    def path(self, text: str) -> str:
        """A path of the control API, with addresses for the names of people and numbers."""
        path, mark, query = text.partition("?")
        people, numbers = self.scenario.people, self.scenario.numbers
        named = {*people, *numbers, "number", "whatsapp_number"}
        shown = [
            path_of(people[part].address if part in people else spoken(self.known[part]))
            if before in _OF_ADDRESSES and part in named
            else part
            for before, part in itertools.pairwise(path.split("/"))
        ]
        return "/".join(["", *shown]) + mark + query

    def text(self, value: Any) -> str:
        """`value` filled, as a text."""
        return spoken(self.fill(value))

    def keep(self, name: str | None, value: Any) -> None:
        """Let `name` stand for `value` from now on; nothing happens without a name."""
        if name is not None:
            self.known[name] = value

    def person(self, name: str | None) -> Person:
        """A person of the scenario."""
        return self.scenario.people[name or ""]

    def receiver(self, name: str | None) -> Receiver:
        """A webhook receiver of the scenario."""
        return self.receiving[name or ""]

    def message_sid(self, said: Any) -> str:
        """The sid of the text that a name stands for: an answer of the API, or what a phone has."""
        value = self.known.get(said, said) if isinstance(said, str) else self.fill(said)
        if isinstance(value, dict):
            value = value.get("message_sid") or value.get("sid") or value.get("id")
        return str(value)

    def address(self, said: Any) -> str:
        """The address or identity that a name stands for; what is no name is one itself."""
        text = self.text(said)
        return spoken(self.known[text]) if text in self.known else text

    def talk(self, said: Any) -> str:
        """The sid of the conversation that is meant: of the only one, when none is named."""
        return self.address(said if said is not None else self.talks[-1])

    def number_for(self, person: Person) -> str:
        """The recipient when a step names none: who texted last, else the first number."""
        if person.name in self.peers:
            return self.peers[person.name]
        numbers = self.numbers_for(person)
        if not numbers:
            raise Unfulfilled(f"a number that {person.name} can text by {person.channel}")
        return numbers[0]

    def numbers_for(self, person: Person) -> list[str]:
        """The numbers that a person's channel reaches, the scenario's own first."""
        on_whatsapp = person.channel == "whatsapp"
        own = (number.address for number in self.scenario.numbers.values())
        numbers = dict.fromkeys((*own, *self.account.numbers))
        return [number for number in numbers if number.startswith("whatsapp:") == on_whatsapp]

    async def call(self, name: str, given: dict[str, Any], *, loud: bool = False) -> ApiAnswer:
        """Perform one of Twilio's REST operations.

        Raises:
            Unfulfilled: a part of its path was not given.
        """
        operation = self.operations[name]
        said = {key: _as_said(value) for key, value in given.items()}
        try:
            path, rest = operation.request(self.account.account_sid, said)
        except KeyError as missing:
            raise Unfulfilled(f"{missing.args[0]}, which {name} needs") from None
        headers, rest = operation.headed(rest)
        answer = await self.stage.rest(
            operation.method,
            operation.host,
            path,
            operation.json(rest) if operation.takes_json else operation.form(rest),
            loud=loud,
            headers=headers,
        )
        if not operation.reads:
            await self.settle()
        return answer

    async def control(self, method: str, path: str, body: Any = None) -> ApiAnswer:
        """Ask the control API, and let what comes of it happen."""
        answer = await self.stage.control(method, path, body)
        await self.settle()
        return answer

    async def write(self, person: Person, to: str, body: str, **given: Any) -> ApiAnswer:
        """Write on a person's phone; answers the text."""
        said = {"to": to, "body": body, **given}
        return await self.control("POST", f"/handsets/{path_of(person.address)}/messages", said)

    async def until(self, look: Callable[[], Awaitable[T | None]], within: timedelta) -> T | None:
        """What `look` finds, as soon as it finds something; None when that takes longer."""
        deadline = await self.stage.now() + within
        while (found := await look()) is None:
            if await self.stage.now() >= deadline:
                return None
            if not await self.heard():
                await self.turns.wait(deadline)
        return found

    async def heard(self) -> bool:
        """Whether something comes from outside, within the scenario's patience.

        Nobody waits for that while the carrier is at work: its news come sooner than an app's.
        """
        patience = self.scenario.patience.total_seconds()
        if not patience:
            return False
        due = await self.stage.next_due()
        if due is not None and due - await self.stage.now() <= SOON:
            return False
        before = self._known_events
        self._known_events = await self.stage.heard(before, patience)
        return self._known_events > before

    async def pass_until(self, instant: datetime) -> None:
        """Let time pass until then; what was due by that very instant happens, even when a clock
        that runs has passed it."""
        if self.turns.alone:
            while self.receivers.stuck.is_set():
                stop = await self._given_up_by(instant)
                await self.stage.move_to(stop, settle=False)
                if await self.receivers.let_go(GIVING_UP):
                    await self.settle()
                if stop >= instant:
                    return
            await self.stage.move_to(instant)
            return
        while await self.stage.now() < instant:
            await self.turns.wait(instant)

    async def settle(self) -> None:
        """Wait until no webhook is under way, and every client has heard the news."""
        await self._settle_webhooks()
        for client in self._connected:
            await client.catch_up()

    async def close(self) -> None:
        """Everybody goes."""
        for client in self._connected:
            await client.close()
        await self.receivers.close()

    @property
    def _connected(self) -> Iterable[SocketClient]:
        return [*self.clients.values(), *self.sync_clients.values()]

    async def _settle_webhooks(self) -> None:
        """Wait until no webhook is under way, but for those that hang on purpose."""
        if not self.stage.busy:
            return
        if not self.scenario.receivers:
            await self.stage.settle()
            return
        settling = asyncio.ensure_future(self.stage.settle())
        hanging = asyncio.ensure_future(self.receivers.stuck.wait())
        await asyncio.wait((settling, hanging), return_when=asyncio.FIRST_COMPLETED)
        for waiting in (settling, hanging):
            waiting.cancel()
        await asyncio.gather(hanging, return_exceptions=True)
        with suppress(asyncio.CancelledError):
            await settling

    async def _pass_time(self, until: datetime) -> None:
        due = await self.stage.next_due()
        stop = until if due is None else min(due, until)
        if self.receivers.stuck.is_set():
            stop = await self._given_up_by(stop)
        await self.pass_until(stop)

    async def _given_up_by(self, instant: datetime) -> datetime:
        """When the first caller that a receiver lets wait has had enough, if before an instant."""
        seconds = await self.stage.next_limit()
        if seconds is None:
            return instant
        # A whole second, since the machine's time that has passed is no part of the story.
        left = timedelta(seconds=max(1, math.ceil(seconds)))
        return min(instant, await self.stage.now() + left)

    async def tell_that(self, who: str, mark: str, what: str, detail: str = "") -> None:
        """Let the audience know what happened now."""
        self.tell(Line(await self.stage.now(), who, mark, what, detail))

    def inbox(self, person: Person) -> "Inbox":
        """What a person's phone holds and no step has expected yet."""
        if person.name not in self.inboxes:
            self.inboxes[person.name] = Inbox(self.stage, person)
        return self.inboxes[person.name]


class Inbox(Unclaimed):
    """What came to a phone and was not expected by any step so far, oldest first."""

    def __init__(self, stage: Stage, person: Person) -> None:
        super().__init__()
        assert person.kind == PHONE
        self._stage = stage
        self._address = person.address
        self._seen = 0

    async def look(self) -> list[dict[str, Any]]:
        """What is there now."""
        for item in await self._stage.inbox(self._address, self._seen):
            self._seen = item["seq"]
            if item["direction"] == "to_handset" and item["state"] in ARRIVED:
                sender = item["author"] or item["thread"]
                self.unclaimed.append({**item, "from": sender, "to": item["handset"]})
        return self.unclaimed


def builtin_names(account: ScenarioAccount) -> dict[str, Any]:
    """The names that every scenario has."""
    numbers = [number for number in account.numbers if ":" not in number]
    whatsapp = [number for number in account.numbers if number.startswith("whatsapp:")]
    return {
        "account_sid": account.account_sid,
        "auth_token": account.auth_token,
        "api_key": account.api_key,
        "api_secret": account.api_secret,
        "conversation_service_sid": account.conversation_service_sid,
        "messaging_service_sid": account.messaging_service_sid,
        "verify_service_sid": account.verify_service_sid,
        "sync_service_sid": account.sync_service_sid,
        "conversation_configuration_id": account.conversation_configuration_id,
        "memory_store_id": account.memory_store_id,
        "number": numbers[0] if numbers else None,
        "whatsapp_number": whatsapp[0] if whatsapp else None,
    }


BUILTIN = (
    "account_sid",
    "auth_token",
    "api_key",
    "api_secret",
    "conversation_service_sid",
    "messaging_service_sid",
    "verify_service_sid",
    "sync_service_sid",
    "conversation_configuration_id",
    "memory_store_id",
    "number",
    "whatsapp_number",
)


def path_of(text: str) -> str:
    """A text as a segment of a path."""
    return quote(text, safe="+:")


def _as_said(value: Any) -> Any:
    """What has a sid stands for it, in requests."""
    if isinstance(value, list):
        return [_as_said(item) for item in value]
    return spoken(value) if isinstance(value, bool) or _has_sid(value) else value


def _has_sid(value: Any) -> bool:
    return isinstance(value, dict) and spoken_of(value) is not value
