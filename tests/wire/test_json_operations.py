"""Operations that take JSON: what is read, what is refused and where, what is answered."""

import asyncio
import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import pytest

from twilio_emulator.core.kernel.indexes import Place
from twilio_emulator.core.kernel.records import closed, command, record
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.simulation.faults import AddFault
from twilio_emulator.core.simulation.resources import ApiError, Fault, Match
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.wire.calls import Answer, Call
from twilio_emulator.wire.json_operations import JsonApi
from twilio_emulator.wire.twilio_hosts import Site


class Spice(StrEnum):
    """How hot a dish is."""

    MILD = "MILD"
    HOT = "HOT"


@record
class Topping:
    """What is on a dish."""

    kind_of: str
    grams: int | None = None
    from_: str | None = None


@closed("colour")
@record
class Garnish:
    """What is beside it, and nothing else."""

    leaf: str


@command
class CookDish:
    """A command of these tests."""

    kitchen: str
    dish_name: str
    spice: Spice = Spice.MILD
    toppings: tuple[Topping, ...] = ()
    weight: float | None = None
    cold: bool = False
    ready_at: datetime | None = None
    labels: dict[str, str | None] | None = None
    counts: dict[str, int] | None = None
    extra: Any = None
    garnish: Garnish | None = None
    idempotency_key: str | None = None

    def apply(self, world: World) -> "CookDish":
        return self


@command
class EatDish:
    """Another."""

    kitchen: str
    dish: str
    idempotency_key: str | None = None

    def apply(self, world: World) -> "EatDish":
        return self


@command
class SmellDish:
    """One that takes no key."""

    dish: str

    def apply(self, world: World) -> None:
        return None


@closed()
@command
class ServeDish:
    """One of which nothing else can be said."""

    kitchen: str
    table: int

    def apply(self, world: World) -> "ServeDish":
        return self


class Dishes:
    """Three dishes."""

    def place(self, record: int) -> Place:
        return record, f"dish_{record}"

    def after(self, place: Place | None, size: int) -> tuple[list[int], bool]:
        rest = [row for row in range(3) if place is None or row > place[0]]
        return rest[:size], len(rest) > size

    def before(self, place: Place, size: int) -> tuple[list[int], bool]:
        raise Refused(NOT_FOUND)


def list_dishes(world: World, *, kitchen: str, spice: tuple[str, ...] = ()) -> Dishes:
    assert kitchen == "K1"
    assert spice in ((), ("HOT", "MILD"))
    return Dishes()


def fetch_dish(world: World, *, dish: str) -> str:
    return dish


KITCHEN = "/Kitchens/{kitchen}/Dishes"


@pytest.fixture
def api() -> JsonApi:
    """Operations on dishes."""
    api = JsonApi("food.twilio.com", "v3")
    api.lists(KITCHEN, list_dishes, lambda it, call: {"number": it}, "dishes")
    api.fetches(f"{KITCHEN}/{{dish}}", fetch_dish, lambda it, call: {"name": it})
    api.performs("POST", KITCHEN, CookDish, lambda it, call: {"name": it.dish_name}, 201)
    api.performs(
        "DELETE",
        f"{KITCHEN}/{{dish}}",
        EatDish,
        lambda it, call: {"eaten": it.dish, "key": it.idempotency_key},
        202,
        lambda it, call: ((b"Retry-After", b"5"),),
    )
    api.performs("PATCH", f"{KITCHEN}/{{dish}}", SmellDish, None, 204)
    api.performs("PUT", KITCHEN, ServeDish, lambda it, call: {"table": it.table})
    return api


@pytest.fixture
def ask(api: JsonApi, gate: Gate) -> Any:
    """Ask for one of them: method, path and body."""

    def ask(method: str, path: str, body: object = None, **said: Any) -> Answer:
        operation, names = api.find(method, path[1:].split("/"))
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {b"content-type": b"application/json; charset=utf-8"} if body is not None else {}
        call = Call(
            gate=gate,
            account_sid="AC1",
            site=Site("https://food.twilio.com", "https://"),
            resource=path,
            path={**names, "account": "AC1"},
            query=said.get("query", []),
            form=[],
            headers=said.get("headers", headers) | said.get("more", {}),
            body=content if body is not None else b"",
            loud=False,
            root="https://food.twilio.com/v3",
            service_form=False,
        )
        said.get("calls", []).append(call)
        return asyncio.run(operation.work(call))  # type: ignore[arg-type]

    return ask


def test_a_command_is_made_of_path_and_body(api: JsonApi, ask: Any, gate: Gate) -> None:
    performed: list[CookDish] = []
    api.performs("POST", "/Taste/{kitchen}", CookDish, lambda it, call: performed.append(it) or {})  # type: ignore[arg-type, func-returns-value]
    body = {
        "dishName": "soup",
        "kitchen": "K2",
        "spice": "HOT",
        "toppings": [{"kindOf": "salt", "grams": 3, "from": "sea"}, {"kindOf": "x", "grams": None}],
        "weight": 2,
        "cold": True,
        "readyAt": "2026-01-05T09:30:00.5Z",
        "labels": {"a": "b", "c": None},
        "counts": {"one": 1},
        "extra": {"any": ["thing"]},
    }
    more = {b"idempotency-key": b"K"}
    assert ask("POST", "/v3/Taste/K1", body, more=more).status == 200
    assert performed == [
        CookDish(
            kitchen="K1",
            dish_name="soup",
            spice=Spice.HOT,
            toppings=(
                Topping(kind_of="salt", grams=3, from_="sea"),
                Topping(kind_of="x"),
            ),
            weight=2,
            cold=True,
            ready_at=datetime(2026, 1, 5, 9, 30, 0, 500_000, UTC),
            labels={"a": "b", "c": None},
            counts={"one": 1},
            extra={"any": ["thing"]},
            idempotency_key="K",
        )
    ]


def test_what_is_null_is_not_given(ask: Any) -> None:
    answer = ask("POST", "/v3/Kitchens/K1/Dishes", {"dishName": "pie", "spice": None, "cold": None})
    assert answer == Answer(201, {"name": "pie"})
    assert ask("POST", "/v3/Kitchens/K1/Dishes", {"dishName": "pie"}) == answer


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Missing required parameter dishName in the post body"),
        ({"dishName": None}, "Missing required parameter dishName in the post body"),
        ({"dishName": 1}, "Invalid dishName."),
        ({"dishName": "x", "spice": "hot"}, "Invalid spice."),
        ({"dishName": "x", "spice": ["HOT"]}, "Invalid spice."),
        ({"dishName": "x", "toppings": {}}, "Invalid toppings."),
        ({"dishName": "x", "toppings": ["salt"]}, "Invalid toppings[0]."),
        (
            {"dishName": "x", "toppings": [{"kindOf": "a"}, {}]},
            "Missing required parameter toppings[1].kindOf in the post body",
        ),
        (
            {"dishName": "x", "toppings": [{"kindOf": "a", "grams": True}]},
            "Invalid toppings[0].grams.",
        ),
        (
            {"dishName": "x", "toppings": [{"kindOf": "a", "grams": 1.5}]},
            "Invalid toppings[0].grams.",
        ),
        ({"dishName": "x", "weight": "2"}, "Invalid weight."),
        ({"dishName": "x", "cold": "true"}, "Invalid cold."),
        ({"dishName": "x", "readyAt": "2026-01-05"}, "Invalid readyAt."),
        ({"dishName": "x", "readyAt": "Tuesday"}, "Invalid readyAt."),
        ({"dishName": "x", "readyAt": 5}, "Invalid readyAt."),
        ({"dishName": "x", "labels": []}, "Invalid labels."),
        ({"dishName": "x", "labels": {"a": 1}}, "Invalid labels.a."),
        ({"dishName": "x", "counts": {"one": None}}, "Invalid counts.one."),
        ({"dishName": "x", "garnish": {"leaf": "mint", "stem": 1}}, "Invalid garnish.stem."),
        ([], "Invalid JSON body."),
        (b"", "Invalid JSON body."),
        (b"{", "Invalid JSON body."),
        (b'{"dishName": "\\ud83d"}', "Invalid JSON body."),
    ],
)
def test_what_is_not_as_declared_is_refused_by_its_place(
    ask: Any, body: object, message: str
) -> None:
    with pytest.raises(Refused) as refused:
        ask("POST", "/v3/Kitchens/K1/Dishes", body)
    assert (refused.value.code, refused.value.status) == (20001, 400)
    assert refused.value.message == message


@pytest.mark.parametrize(
    "headers",
    [
        {b"content-type": b"application/x-www-form-urlencoded"},
        {b"content-type": b"text/plain"},
        {},
    ],
)
def test_a_body_of_another_type_is_refused(ask: Any, headers: dict[bytes, bytes]) -> None:
    with pytest.raises(Refused) as refused:
        ask("POST", "/v3/Kitchens/K1/Dishes", b"dishName=soup", headers=headers)
    assert (refused.value.code, refused.value.status) == (20422, 415)


def test_a_request_without_any_body_lacks_one(ask: Any) -> None:
    with pytest.raises(Refused, match=r"20001 Invalid JSON body\."):
        ask("POST", "/v3/Kitchens/K1/Dishes")


def test_what_may_have_been_meant_is_noted(ask: Any) -> None:
    calls: list[Call] = []
    ask("POST", "/v3/Kitchens/K1/Dishes", {"dishName": "x", "dish_name": "y"}, calls=calls)
    assert calls[0].hints == ("`dish_name` was ignored: `dishName`?",)
    body = {
        "dishName": "x",
        "toppings": [{"kindOf": "a", "Grams": 1, "sort": 2}, {"kindOf": "b", "grams": None}],
        "labels": {"dish_name": None},
        "extra": {"dish_name": [{}]},
    }
    ask("POST", "/v3/Kitchens/K1/Dishes", body, calls=calls)
    assert calls[1].hints == ("`toppings[0].Grams` was ignored: `grams`?",)
    ask("POST", "/v3/Kitchens/K1/Dishes", {"dishName": "x", "dishName" * 1000: 1}, calls=calls)
    assert calls[2].hints == ()


def test_what_may_have_been_meant_is_noted_of_what_is_refused_too(ask: Any) -> None:
    calls: list[Call] = []
    toppings = [{"KindOf": "a"}]
    for body in ({"dish_name": "y"}, {"dishName": "x", "toppings": toppings}):
        with pytest.raises(Refused, match="20001 Missing"):
            ask("POST", "/v3/Kitchens/K1/Dishes", body, calls=calls)
    assert [call.hints for call in calls] == [
        ("`dish_name` was ignored: `dishName`?",),
        ("`toppings[0].KindOf` was ignored: `kindOf`?",),
    ]


def test_what_has_no_other_keys_takes_none(ask: Any) -> None:
    for said in ({"tables": 1}, {"table": 1, "kitchen": "K2"}):
        other = list(said)[-1]
        with pytest.raises(Refused, match=rf"20001 Invalid {other}\."):
            ask("PUT", "/v3/Kitchens/K1/Dishes", said)
    assert ask("PUT", "/v3/Kitchens/K1/Dishes", {"table": 1, "chair": None}).body == {"table": 1}
    garnish = {"leaf": "mint", "colour": "green", "stem": None}
    answer = ask("POST", "/v3/Kitchens/K1/Dishes", {"dishName": "x", "garnish": garnish})
    assert answer == Answer(201, {"name": "x"})


def test_a_method_without_a_body_takes_what_its_path_says(ask: Any) -> None:
    answer = ask("DELETE", "/v3/Kitchens/K1/Dishes/D1", more={b"idempotency-key": b"one"})
    assert answer == Answer(202, {"eaten": "D1", "key": "one"}, headers=((b"Retry-After", b"5"),))
    assert ask("DELETE", "/v3/Kitchens/K1/Dishes/D1").body == {"eaten": "D1", "key": None}


def test_a_command_without_a_look_answers_nothing(ask: Any) -> None:
    assert ask("PATCH", "/v3/Kitchens/K1/Dishes/D1", {}) == Answer(204)


def test_lists_and_single_things(ask: Any) -> None:
    query = [("spice", "HOT"), ("spice", "MILD"), ("pageSize", "2")]
    first = ask("GET", "/v3/Kitchens/K1/Dishes", query=query).body
    assert first["dishes"] == [{"number": 0}, {"number": 1}]
    token = first["meta"]["nextToken"]
    rest = ask("GET", "/v3/Kitchens/K1/Dishes", query=[("pageToken", token)]).body
    assert rest["dishes"] == [{"number": 2}]
    assert ask("GET", "/v3/Kitchens/K1/Dishes/D7").body == {"name": "D7"}


def test_a_path_without_the_command_that_takes_no_key(api: JsonApi, ask: Any) -> None:
    api.performs("DELETE", "/Smells/{dish}", SmellDish, None, 204)
    assert ask("DELETE", "/v3/Smells/D1", more={b"idempotency-key": b"K"}) == Answer(204)


def test_a_fault_answers_in_place_of_any_operation(ask: Any, gate: Gate) -> None:
    for match, code in ((Match(channel="sms"), 20500), (Match(), 20503)):
        do = Fault(api_error=ApiError(status=503, code=code))
        gate.perform_now(AddFault(match=match, do=do, times=2))
    for act in (("GET", "/v3/Kitchens/K1/Dishes"), ("DELETE", "/v3/Kitchens/K1/Dishes/D1")):
        with pytest.raises(Refused) as refused:
            ask(*act)
        assert (refused.value.code, refused.value.status) == (20503, 503)
        assert refused.value.message == "Service Unavailable"
    assert ask("GET", "/v3/Kitchens/K1/Dishes/D7").body == {"name": "D7"}
