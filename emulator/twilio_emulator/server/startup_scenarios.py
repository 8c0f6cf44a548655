"""The scenarios of a server: those that are played at its start, and those that are sent to it.

Reading scenarios takes long to import, and most runs play none: nothing of it is imported before.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from twilio_emulator.control.exchange import Mistaken
from twilio_emulator.core.kernel.world import World
from twilio_emulator.runtime.accounts import Beginning, Worlds
from twilio_emulator.runtime.hosted import Hosted

if TYPE_CHECKING:
    from twilio_emulator.play.local import App
    from twilio_emulator.scenarios.language.scenario import Scenario
    from twilio_emulator.scenarios.player.report import Narrator, Report


class Stories:
    """Plays scenarios in accounts of a server.

    Args:
        app: the server as an application.
        worlds: its accounts.
        start: what is played at the start.
        keep: keeps the files of what these leave, to which the default account is put back.
    """

    def __init__(
        self,
        app: "App",
        worlds: Worlds,
        start: "Sequence[Scenario]",
        keep: Callable[[World], None],
    ) -> None:
        self._app = app
        self._keep = keep
        self._worlds = worlds
        self._at_start = start
        self.begun = False

    async def begin(self, narrator: "Narrator | None" = None) -> "list[Report]":
        """Play what is played at the start, in the default account.

        Returns:
            what became of each.
        """
        default = self._worlds.default
        reports = [await self._perform(each, default, narrator) for each in self._at_start]
        if _clock_of(self._at_start) is not None:
            default.pace.set_rate(self._worlds.rate)
        if self._at_start:
            self._keep(default.world)
            self._worlds.begin(default)
        self.begun = True
        return reports

    async def play(self, text: str, name: str, hosted: Hosted) -> dict[str, object]:
        """Play a text in an account; answers the report as JSON.

        Raises:
            Mistaken: it is no scenario.
        """
        from twilio_emulator.play import library
        from twilio_emulator.scenarios.language.problems import Faulty

        try:
            scenario = library.load_text(text, name)
        except Faulty as faulty:
            problems = [str(problem) for problem in faulty.problems]
            raise Mistaken(problems[0], also={"problems": problems}) from None
        return (await self._perform(scenario, hosted, None)).plain()

    def check(self, text: str, name: str) -> list[dict[str, object]]:
        """What is wrong with a text, in its order; nothing when it can be played."""
        from twilio_emulator.play import library

        return [problem.plain() for problem in library.check_text(text, name)]

    def record(self, title: str, hosted: Hosted) -> str:
        """What happened in an account as the text of a scenario.

        Raises:
            Mistaken: its beginning is not known any more.
        """
        from twilio_emulator.play import library
        from twilio_emulator.scenarios.recorder.recorder import NotRecorded

        try:
            return library.record(hosted.gate, title)
        except NotRecorded as reason:
            raise Mistaken(str(reason), 409) from None

    async def _perform(
        self, scenario: "Scenario", hosted: Hosted, narrator: "Narrator | None"
    ) -> "Report":
        from twilio_emulator.play import library
        from twilio_emulator.play.local import LocalStage

        stage = LocalStage(self._app, self._worlds, hosted)
        return await library.play(scenario, stage, narrator)


def load(names: Sequence[str]) -> "list[Scenario]":
    """The scenarios that are played at the start: files, or names of the shipped library.

    Raises:
        Faulty: one of these cannot be played.
    """
    if not names:
        return []
    from twilio_emulator.play import library

    return [library.load(name) for name in names]


def beginning(start: "Sequence[Scenario]") -> Beginning:
    """What the default account is to be like for what is played at the start."""
    return Beginning(
        now=_clock_of(start),
        seed=next((each.seed for each in start if each.seed is not None), None),
        carrier=next((each.carrier for each in start if each.carrier is not None), None),
        numbers=tuple(number.address for each in start for number in each.numbers.values()),
    )


def _clock_of(start: "Sequence[Scenario]") -> datetime | None:
    """What the clock shows at first; None when it is the machine's time."""
    return start[0].begins if start and start[0].clock is not None else None
