from operator import attrgetter

import pytest

from twilio_emulator.core.kernel.records import command
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.wire import spelling
from twilio_emulator.wire.calls import Parameters


@command
class Order:
    """A command of these tests."""

    service: str
    dish: str
    size: str | None = None
    extra: tuple[str, ...] | None = None
    hot: bool | None = None

    def apply(self, world: World) -> None: ...


def list_orders(world: World, *, service: str, dish: str | None = None) -> None: ...


CONTEXT = {"service": "IS1", "account": "AC1"}


def test_a_command_takes_its_fields_from_path_and_form() -> None:
    given = [("Dish", "soup"), ("Extra", "salt"), ("Hot", "TRUE"), ("Extra", ""), ("Size", "")]
    assert Parameters(Order).values(CONTEXT, given) == {
        "service": "IS1",
        "dish": "soup",
        "extra": ("salt", ""),
        "hot": True,
        "size": "",
    }


def test_a_function_takes_its_keywords() -> None:
    parameters = Parameters(list_orders)
    assert parameters.names == ("service", "dish")
    assert parameters.values(CONTEXT, [("Dish", "soup")]) == {"service": "IS1", "dish": "soup"}
    assert parameters.values(CONTEXT, []) == {"service": "IS1"}


def test_of_a_parameter_given_twice_the_last_counts() -> None:
    given = [("Dish", "soup"), ("Dish", "salad")]
    assert Parameters(Order).values(CONTEXT, given)["dish"] == "salad"


def test_unknown_parameters_and_those_of_the_path_are_ignored() -> None:
    given = [("Dish", "soup"), ("Service", "IS2"), ("Sauce", "red")]
    for _ in range(2):
        assert Parameters(Order).values(CONTEXT, given) == {"service": "IS1", "dish": "soup"}


@pytest.mark.parametrize("name", ["dish", "DISH", "_dish", "dIsh", "Di.sh"])
def test_a_name_that_is_nearly_right_is_not_obeyed(name: str) -> None:
    with pytest.raises(Refused, match="Missing required parameter Dish in the post body"):
        Parameters(Order).values(CONTEXT, [(name, "soup")])


def test_names_may_be_spelled_otherwise() -> None:
    parameters = Parameters(Order, spelling.camel)
    assert parameters.values(CONTEXT, [("dish", "soup"), ("Size", "XL")]) == {
        "service": "IS1",
        "dish": "soup",
    }


def test_a_missing_parameter_is_named() -> None:
    with pytest.raises(Refused) as refused:
        Parameters(Order).values(CONTEXT, [])
    assert refused.value.message == "Missing required parameter Dish in the post body"


@pytest.mark.parametrize(("text", "meant"), [("true", True), ("False", False), ("", None)])
def test_a_switch(text: str, meant: bool | None) -> None:
    given = [("Dish", "soup"), ("Hot", text)]
    assert Parameters(Order).values(CONTEXT, given)["hot"] is meant


def test_a_switch_is_true_or_false() -> None:
    with pytest.raises(Refused, match=r"20001 Invalid Hot\."):
        Parameters(Order).values(CONTEXT, [("Dish", "soup"), ("Hot", "maybe")])


def test_what_is_taken_is_found_out_when_it_is_asked_for() -> None:
    asked: list[str] = []

    def spell(field: str) -> str:
        asked.append(field)
        return spelling.parameter(field)

    parameters = Parameters(list_orders, spell)
    assert asked == []
    assert list(parameters.wire) == ["Service", "Dish"]
    assert parameters.names == ("service", "dish")
    assert asked == ["service", "dish"]
    with pytest.raises(AttributeError, match="sauce"):
        attrgetter("sauce")(parameters)
