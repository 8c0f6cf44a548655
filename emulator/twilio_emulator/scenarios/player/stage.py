"""What a scenario is played on: an account of an emulator, in this process or over HTTP.

The player acts through this and nothing else, so a scenario does the same wherever it is played.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from twilio_emulator.scenarios.language.problems import FilePosition
from twilio_emulator.scenarios.player.receivers import Receivers
from twilio_emulator.scenarios.player.socket_client import Socket

STORY_BEGINS = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""What the clock of a fresh account shows, and stands still at."""


@dataclass(frozen=True, kw_only=True)
class ScenarioSetup:
    """What a scenario wants of its account.

    Attributes:
        title: of the scenario.
        numbers: to have besides those that every account has.
        now: what its clock shows, standing still; None when it is to run, as everybody's does.
        seed: of its sids and dice; the emulator's when None.
        carrier: the profile of its telephone network; the emulator's when None.
    """

    title: str
    numbers: tuple[str, ...] = ()
    now: datetime | None = STORY_BEGINS
    seed: int | None = None
    carrier: str | None = None


@dataclass(frozen=True, kw_only=True)
class ScenarioAccount:
    """What a scenario gets: the account that it is played in."""

    account_sid: str
    auth_token: str
    api_key: str
    api_secret: str
    conversation_service_sid: str
    messaging_service_sid: str
    verify_service_sid: str
    sync_service_sid: str
    conversation_configuration_id: str
    memory_store_id: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """What came back from Twilio's REST or from the control API."""

    status: int
    body: Any

    @property
    def refused(self) -> bool:
        return self.status >= 400


Given = list[tuple[str, Any]] | dict[str, Any]


class Stage(Protocol):
    """An account to act in. Instants are the account's."""

    async def open(self, opening: ScenarioSetup) -> ScenarioAccount:
        """Make ready for a scenario; called once, before anything else."""

    async def begin(self, opening: ScenarioSetup, place: FilePosition | None) -> None:
        """Make the clock what the story wants, where the account is no fresh one.

        Args:
            place: where the scenario says what its clock shows; None when it does not.

        Raises:
            Unfulfilled: the clock is past that, and no clock runs back.
        """

    async def end(self) -> None:
        """The story is over: a clock that stood still for it alone runs on."""

    async def rest(
        self,
        method: str,
        host: str,
        path: str,
        given: Given,
        *,
        loud: bool,
        headers: Mapping[str, str] | None = None,
    ) -> ApiAnswer:
        """Ask Twilio's REST, with the account's credentials.

        Args:
            given: the form, in a GET the query; or an object for a body in JSON.
            loud: with `X-Twilio-Webhook-Enabled: true`.
            headers: those of the request's own.
        """

    async def control(self, method: str, path: str, body: Any = None) -> ApiAnswer:
        """Ask the control API; `path` is what follows `/_emulator/v1`."""

    async def inbox(self, handset: str, after: int) -> list[dict[str, Any]]:
        """What a handset has got since item `after`, oldest first."""

    async def receive(self, receivers: Receivers) -> str:
        """Have webhooks come to the scenario's receivers; answers how their URLs begin."""

    async def connect(self) -> Socket:
        """A socket to where client SDKs connect."""

    async def now(self) -> datetime:
        """The account's time."""

    async def next_due(self) -> datetime | None:
        """When the next timer fires; None when none is set."""

    async def next_limit(self) -> float | None:
        """Seconds until the first call under way has waited enough; None when there is none."""

    async def move_to(self, instant: datetime, *, settle: bool = True) -> None:
        """Let time pass until then. What is due happens at its own time.

        Args:
            settle: wait for the webhooks that this causes, each time.
        """

    async def heard(self, after: int, seconds: float) -> int:
        """Wait for something to happen, at most so many of the machine's seconds.

        Args:
            after: number of the last entry of the journal that is known.

        Returns:
            the number of the last event in it; `after` when there was none.
        """

    @property
    def busy(self) -> bool:
        """Whether a webhook may be under way, so that `settle` has something to wait for."""

    async def settle(self) -> None:
        """Wait until no webhook is under way."""
