from datetime import timedelta
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, Told
from tests.core.refused import code as refused
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.studio import executions
from twilio_emulator.core.studio.executions import AddExecution, EndExecution, RemoveExecution
from twilio_emulator.core.studio.resources import (
    FlowExecution,
    FlowExecutionEnded,
    FlowExecutionRemoved,
    FlowHandedOver,
)

FLOW = "FW" + "0" * 31 + "1"
OTHER = "FW" + "0" * 31 + "2"
ANN, SHOP = "+12025550199", "+12025550100"


def hand_over(world: World, to: str = ANN, **more: Any) -> FlowExecution:
    wish = AddExecution(account=ACCOUNT, **{"flow": FLOW, "to": to, "from_": SHOP, **more})
    return world.perform(wish)


def at(execution: FlowExecution) -> dict[str, str]:
    return {"account": ACCOUNT, "flow": execution.flow_sid, "execution": execution.sid}


def test_somebody_is_handed_over_until_somebody_ends_it(world: World, told: Told) -> None:
    it = hand_over(world, parameters='{"HandoffData": {"reason": "angry"}}')
    assert it.sid.startswith("FN")
    assert told == [FlowHandedOver(execution=it, note="flows of Studio are not run here")]
    assert executions.context_of(it) == {
        "flow": {
            "channel": {"address": SHOP},
            "data": {"HandoffData": {"reason": "angry"}},
        },
        "contact": {"channel": {"address": ANN}},
    }
    again = AddExecution(account=ACCOUNT, flow=FLOW, to=ANN, from_=SHOP)
    assert refused(world, again) == 20409
    assert refused(world, EndExecution(**at(it), status="active")) == 20001
    ended = world.perform(EndExecution(**at(it), status="ended"))
    assert ended.status == "ended"
    assert world.perform(EndExecution(**at(it), status="ended")) == ended
    assert told.of(FlowExecutionEnded) == [FlowExecutionEnded(execution=ended)]
    hand_over(world)
    hand_over(world, flow=OTHER)

    world.perform(RemoveExecution(**at(it)))
    assert told.of(FlowExecutionRemoved) == [FlowExecutionRemoved(execution=ended)]
    assert refused(world, RemoveExecution(**at(it))) == 20404


def test_nothing_has_to_be_given(world: World) -> None:
    it = hand_over(world, parameters="")
    assert it.parameters is None
    assert executions.context_of(it)["flow"] == {"channel": {"address": SHOP}, "data": {}}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"flow": "FW1"}, 20404),
        ({"to": " "}, 20001),
        ({"from_": ""}, 20001),
        ({"parameters": "[]"}, 20001),
        ({"parameters": "{"}, 20001),
    ],
)
def test_what_cannot_be(world: World, said: dict[str, Any], code: int) -> None:
    wish = AddExecution(account=ACCOUNT, **{"flow": FLOW, "to": ANN, "from_": SHOP, **said})
    assert refused(world, wish) == code


def test_an_execution_is_of_its_flow_and_account(world: World) -> None:
    it = hand_over(world)
    for wrong in ({"flow": OTHER}, {"account": "AC" + "f" * 32}, {"execution": "FN1"}):
        with pytest.raises(Refused):
            executions.fetch_execution(world, **{**at(it), **wrong})


def test_they_are_listed_newest_first(world: World, advance: Any) -> None:
    began = world.now
    first = hand_over(world)
    world.perform(EndExecution(**at(first), status="ended"))
    advance(seconds=1)
    second = hand_over(world)
    hand_over(world, flow=OTHER)

    def sids(**query: str) -> list[str]:
        find = executions.list_executions
        return [it.sid for it in find(world, account=ACCOUNT, flow=FLOW, **query)]

    later = (began + timedelta(seconds=1)).isoformat()
    assert sids() == [second.sid, first.sid]
    assert sids(status="active") == [second.sid]
    assert sids(status="ended") == [first.sid]
    assert sids(date_created_from=later) == [second.sid]
    assert sids(date_created_to=later) == [first.sid]
    for query in ({"status": "run"}, {"date_created_from": "x"}, {"date_created_to": "x"}):
        with pytest.raises(Refused) as why:
            sids(**query)
        assert why.value.code == 20001
