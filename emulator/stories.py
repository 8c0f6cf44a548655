"""The scenarios of a server: those that are played at its start, and those that are sent to it.

Reading scenarios takes long to import, and most runs play none: nothing of it is imported before.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from emulator.wire.controls import Mistaken
from emulator.worlds import Hosted, Worlds

if TYPE_CHECKING:
    from emulator.scenarios.report import Narrator, Report
    from emulator.scenarios.scenario import Scenario
    from emulator.stages import App


class Stories:
    """Plays scenarios in accounts of a server.

    Args:
        app: the server as an application.
        worlds: its accounts.
        names: files, or names of the shipped library, that are played at the start.

    Raises:
        Faulty: one of these cannot be played.
    """

    def __init__(self, app: "App", worlds: Worlds, names: Sequence[str]) -> None:
        self._app = app
        self._worlds = worlds
        self._at_start = [_loaded(name) for name in names]
        self.begun = False

    async def begin(self, narrator: "Narrator | None" = None) -> "list[Report]":
        """Play what is played at the start, in the default account.

        Returns:
            what became of each.
        """
        default = self._worlds.default
        reports = [await self._perform(each, default, narrator) for each in self._at_start]
        self.begun = True
        return reports

    async def play(self, text: str, name: str, hosted: Hosted) -> dict[str, object]:
        """Play a text in an account; answers the report as JSON.

        Raises:
            Mistaken: it is no scenario.
        """
        from emulator import playing
        from emulator.scenarios.problems import Faulty

        try:
            scenario = playing.load_text(text, name)
        except Faulty as faulty:
            problems = [str(problem) for problem in faulty.problems]
            raise Mistaken(problems[0], also={"problems": problems}) from None
        return (await self._perform(scenario, hosted, None)).plain()

    def record(self, title: str, hosted: Hosted) -> str:
        """What happened in an account as the text of a scenario.

        Raises:
            Mistaken: its beginning is not known any more.
        """
        from emulator import playing
        from emulator.scenarios.recorder import NotRecorded

        try:
            return playing.record(hosted.gate, title)
        except NotRecorded as reason:
            raise Mistaken(str(reason), 409) from None

    async def _perform(
        self, scenario: "Scenario", hosted: Hosted, narrator: "Narrator | None"
    ) -> "Report":
        from emulator import playing
        from emulator.stages import LocalStage

        stage = LocalStage(self._app, self._worlds, hosted)
        return await playing.play(scenario, stage, narrator)


def _loaded(name: str) -> "Scenario":
    from emulator import playing

    return playing.load(name)
