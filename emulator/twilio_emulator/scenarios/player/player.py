"""Plays a scenario on a stage: sets the scene, takes the steps, stops at the first that fails."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

from twilio_emulator.core.kernel.patterns import BadPattern
from twilio_emulator.scenarios.language.cast import CREATE_CONVERSATION, UPDATE_NUMBER
from twilio_emulator.scenarios.language.problems import FilePosition
from twilio_emulator.scenarios.language.scenario import CHAT, Number, Person, Scenario, Talk
from twilio_emulator.scenarios.language.sentence import Step
from twilio_emulator.scenarios.language.templates import spelled
from twilio_emulator.scenarios.operations import NamedOperation
from twilio_emulator.scenarios.player.journal_lines import is_telling, journal_line
from twilio_emulator.scenarios.player.report import FailedStep, Line, Narrator, Report, Unfulfilled
from twilio_emulator.scenarios.player.scene import Scene, path_of
from twilio_emulator.scenarios.player.stage import ScenarioSetup, Stage
from twilio_emulator.scenarios.sentences.answers import refused_as_expected
from twilio_emulator.scenarios.sentences.chat import membership
from twilio_emulator.scenarios.sentences.parts import take_all

NUMBERS = "api.incoming_phone_numbers.list"
SHOWN_OF_JOURNAL = 12
LOOKED_AT = 1000
"""Entries of the journal that these are taken from."""

LONGEST_SENTENCE = 120
WORTH_SEEING = 1.0
"""Seconds that a step is shown, at the speed of life."""


async def play(
    scenario: Scenario,
    stage: Stage,
    operations: dict[str, NamedOperation],
    narrator: Narrator | None = None,
    speed: float | None = None,
) -> Report:
    """Play a scenario.

    Args:
        speed: how many times as fast as life, for people who watch; as fast as can be when None.

    Returns:
        what became of it; a step that fails is in the report, it does not raise.
    """
    report = Report(scenario)
    began = time.perf_counter()
    if narrator is not None:
        narrator.begin(scenario)

    def tell(line: Line) -> None:
        report.lines.append(line)
        if narrator is not None:
            narrator.tell(line)

    opening = ScenarioSetup(
        title=scenario.title,
        numbers=tuple(number.address for number in scenario.numbers.values()),
        now=scenario.begins,
        seed=scenario.seed,
        carrier=scenario.carrier,
    )
    account = await stage.open(opening)
    report.account_sid = account.account_sid

    async def take(scene: Scene, step: Step) -> None:
        report.steps += 1
        before = await stage.now() if speed else None
        await _take(scene, step)
        if speed and before is not None:
            passed = (await stage.now() - before).total_seconds()
            await asyncio.sleep(max(passed, WORTH_SEEING) / speed)

    scene = Scene(scenario, stage, account, operations, tell, take)
    try:
        clock = scenario.clock or FilePosition(scenario.file, 1, 1)
        await _as_declared(clock, "clock", stage.begin(opening, scenario.clock))
        await _set(scene)
        await take_all(scene, (*scenario.before, *scenario.story))
    except _Failed as failed:
        report.failure = failed.failure
    finally:
        await scene.close()
        await stage.end()
    report.seconds = time.perf_counter() - began
    if narrator is not None:
        narrator.end(report)
    return report


class _Failed(Exception):
    def __init__(self, failure: FailedStep) -> None:
        self.failure = failure
        super().__init__(failure.expected)


async def _take(scene: Scene, step: Step) -> None:
    try:
        await scene.look_at_clock()
        await step.sentence.play(scene, step)
    except BadPattern as bad:  # with what a name stands for in it
        wrong = Unfulfilled("a regular expression", str(bad))
        raise _Failed(_failure(step.place, _sentence(step), wrong, ())) from None
    except Unfulfilled as unfulfilled:
        journal = await _journal(scene)
        raise _Failed(_failure(step.place, _sentence(step), unfulfilled, journal)) from None


async def _journal(scene: Scene) -> tuple[str, ...]:
    """What went on last."""
    try:
        answer = await scene.stage.control("GET", f"/journal?newest={LOOKED_AT}")
    except Unfulfilled:  # that there is no emulator any more has been said
        return ()
    entries = [] if answer.refused else answer.body["entries"]
    telling = [entry for entry in entries if is_telling(entry)]
    return tuple(map(journal_line, telling[-SHOWN_OF_JOURNAL:]))


def _failure(
    place: FilePosition, step: str, unfulfilled: Unfulfilled, journal: tuple[str, ...]
) -> FailedStep:
    return FailedStep(place, step, unfulfilled.expected, unfulfilled.nearest, journal)


async def _set(scene: Scene) -> None:
    """Make everything that is there when the story begins."""
    scenario = scene.scenario
    await scene.look_at_clock()
    if scenario.receivers:
        root = await scene.stage.receive(scene.receivers)
        scene.receiving = scene.receivers.expect(root, scenario.receivers)
        scene.known.update({name: each.url for name, each in scene.receiving.items()})
    for name, number in scenario.numbers.items():
        if number.settings:
            await _as_declared(number.place, name, _configure(scene, number))
    for person in scenario.people.values():
        if person.kind != CHAT:
            place = person.place or FilePosition(scenario.file, 1, 1)
            await _as_declared(place, person.name, _have_phone(scene, person))
    for name, talk in scenario.talks.items():
        await _as_declared(talk.place, name, _begin_talk(scene, name, talk))


async def _as_declared(place: FilePosition, name: str, doing: Coroutine[Any, Any, None]) -> None:
    """Do what a declaration asks for; what is refused is the declaration's failure."""
    try:
        await doing
    except Unfulfilled as unfulfilled:
        raise _Failed(_failure(place, name, unfulfilled, ())) from None


async def _have_phone(scene: Scene, person: Person) -> None:
    """Add a person's handset, with its habits."""
    path = f"/handsets/{path_of(person.address)}"
    answer = await scene.control("PUT", path, scene.meant(person.habits))
    refused_as_expected(answer, None, person.name)


async def _configure(scene: Scene, number: Number) -> None:
    """Update a number of the account."""
    answer = await scene.call(NUMBERS, {"phone_number": number.address})
    found = answer.body["incoming_phone_numbers"]
    if not found:
        raise Unfulfilled(f"the number {number.address} in the account")
    given = {"incoming_phone_number": found[0]["sid"], **scene.meant(number.settings)}
    refused_as_expected(await scene.call(UPDATE_NUMBER, given), None, number.address)


async def _begin_talk(scene: Scene, name: str, talk: Talk) -> None:
    """Make a conversation, with its people and what they have said."""
    given = scene.meant({"friendly_name": name, **talk.parameters})
    answer = await scene.call(CREATE_CONVERSATION, given)
    refused_as_expected(answer, None, f"conversation {name}")
    scene.known[name] = answer.body
    scene.talks.append(name)
    sid = answer.body["sid"]
    for who in talk.people:
        given = {"conversation": sid, **membership(scene, scene.person(who))}
        answer = await scene.call("conversations.participants.create", given)
        refused_as_expected(answer, None, f"{who} in {name}")
    for who, body in talk.messages:
        person = scene.person(who)
        if person.kind == CHAT:
            given = {"conversation": sid, "author": person.address, "body": scene.text(body)}
            answer = await scene.call("conversations.messages.create", given)
        else:
            to = scene.number_for(person)
            answer = await scene.write(person, to, scene.text(body))
        refused_as_expected(answer, None, f"what {who} says in {name}")


def _sentence(step: Step) -> str:
    """A step in a line, much as it is written."""
    if step.says is None or isinstance(step.says, tuple):
        return step.key
    line = f"{step.key}: {spelled(step.says)}"
    return line if len(line) <= LONGEST_SENTENCE else f"{line[: LONGEST_SENTENCE - 3]}..."
