"""Every parameter of every operation has its effect, in both forms of its path."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conformance.effects import CASES, Effect, Scene
from tests.conformance.inside import Inside
from tests.conformance.referee import Described, Referee

IN_SERVICE_ONLY = (
    "ServiceBinding",
    "ServiceConfiguration",
    "ServiceNotification",
    "ServiceWebhook",
)
AT_ROOT_ONLY = ("Configuration", "Credential", "CreateService")


def short_name(described: Described) -> str:
    """`CreateServiceConversation` is `CreateConversation` in another form."""
    name = described.name
    if any(each in name for each in IN_SERVICE_ONLY):
        return name
    verb, _, rest = name.partition("Service")
    return verb + rest if rest else name


def forms(name: str) -> tuple[str, ...]:
    if any(each in name for each in IN_SERVICE_ONLY):
        return ("service",)
    return ("short",) if any(each in name for each in AT_ROOT_ONLY) else ("short", "service")


def every_effect() -> Iterator[Any]:
    for name, case in CASES.items():
        for effect in case.effects:
            for form in forms(name):
                yield pytest.param(name, effect, form, id=f"{name}-{effect.parameter}-{form}")


def test_every_parameter_is_in_the_table(referee: Referee) -> None:
    for described in referee.operations.values():
        case = CASES.get(short_name(described))
        tried = {effect.parameter for effect in case.effects} if case else set()
        assert tried == set(described.parameters), described.name


@pytest.mark.parametrize(("name", "effect", "form"), list(every_effect()))
def test_it_has_its_effect(inside: Inside, name: str, effect: Effect, form: str) -> None:
    scene = Scene(inside, "" if form == "short" else f"/Services/{inside.service_sid}")
    case = CASES[name]
    path = (effect.path or case.path)(scene)
    wanted = {**effect.besides, effect.parameter: effect.sent}
    sent = {key: value(scene) if callable(value) else value for key, value in wanted.items()}
    given = {"query": sent} if case.method == "GET" else {"form": sent}
    answer = inside.ask(case.method, scene.root + path, **given)
    assert answer.status < 300, answer.body
    expected = sent[effect.parameter] if effect.expected is None else effect.expected
    assert effect.read(scene, answer) == expected
