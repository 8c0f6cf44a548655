"""Everything that can be done over HTTP can be done in a scenario, by its name."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import fields

import pytest

from twilio_emulator.core.kernel.records import command
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.simulation.resources import Fault
from twilio_emulator.play import library
from twilio_emulator.play.local import LocalStage
from twilio_emulator.products import APIS
from twilio_emulator.scenarios.language.problems import Faulty
from twilio_emulator.scenarios.language.references import meant
from twilio_emulator.scenarios.language.templates import fill, spoken_of, template
from twilio_emulator.scenarios.operations import IN_SERVICE, NamedOperation, name_operations
from twilio_emulator.scenarios.player.report import Report
from twilio_emulator.scenarios.player.stage import ApiAnswer, Given, ScenarioSetup
from twilio_emulator.server.app import Server
from twilio_emulator.wire.json_operations import JsonApi
from twilio_emulator.wire.operations import Api, Operation

ACCOUNT = "AC00000000000000000000000000000001"
WHOLE = {named.name: named for named in library.operations().values()}


def tables(server: Server) -> list[Api]:
    """The APIs with operations that have a name; uploads of media have none."""
    return [api for (product, _), api in server.dispatch.apis.items() if product != "mcs"]


def reached(api: Api, method: str, path: str) -> Operation:
    found, _ = api.find(method, path.strip("/").split("/"))
    return found


def test_scenarios_know_the_tables_of_the_server(server: Server) -> None:
    assert set(APIS) == set(tables(server))


def test_every_operation_of_every_table_is_reached_by_its_name(server: Server) -> None:
    known = {}
    for api in tables(server):
        for operation in api.operations:
            known[api.host, operation.method, operation.path] = (api, operation)
    for named in WHOLE.values():
        given = {name: f"X{place}" for place, name in enumerate(named.names)}
        for path, more in ((named.path, {}), (named.path_in_service, {"service": "IS1"})):
            if path is None:
                continue
            api, operation = known.pop((named.host, named.method, path))
            asked, rest = named.request(ACCOUNT, {**given, **more, "Body": "x"})
            assert rest == {"Body": "x"}
            assert reached(api, named.method, asked) is operation
    assert known == {}


class Noting(LocalStage):
    """Notes which operations are called."""

    def __init__(self, server: Server, called: list[Operation]) -> None:
        super().__init__(server, server.worlds, server.worlds.default)
        self._server = server
        self._called = called

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
        version = path.split("/")[1]
        api = self._server.dispatch.apis[host.partition(".")[0], version]
        self._called.append(reached(api, method, path))
        answer = await super().rest(method, host, path, given, loud=loud, headers=headers)
        assert answer.status != 500
        return answer


def test_every_operation_is_called_by_a_step(server: Server) -> None:
    """With sids of nothing, so most are refused; but by themselves, and not as unknown."""

    async def play_all() -> None:
        for name, named in library.operations().items():
            for service in [""] if named.path_in_service is None else ["", "service: IS1"]:
                path = [f"{each}: XX1" for each in named.names if each != "service"]
                path += ["service: IS1"] if "service" in named.names else []
                given = ", ".join([*path, *([service] if service else [])])
                text = f"scenario: x\nstory:\n  - {name}: {{{given}}}\n"
                called: list[Operation] = []
                report = await library.play(library.load_text(text), Noting(server, called))
                assert report.steps == 1
                wanted = named.path_in_service if service else named.path
                assert {(op.method, op.path) for op in called} == {(named.method, wanted)}
                reached_all.update((named.host, op.method, op.path) for op in called)

    reached_all: set[tuple[str, str, str]] = set()
    asyncio.run(play_all())
    declared = {(api.host, op.method, op.path) for api in tables(server) for op in api.operations}
    assert reached_all == declared


DOINGS: dict[str, object] = {
    "api_error": {"status": 429, "code": 20429},
    "final": {"status": "undelivered", "error_code": 30003},
    "delay": {"stage": "sent", "ms": 500},
    "hold": True,
    "drop_callback": True,
    "duplicate_callback": True,
    "reorder_callbacks": True,
    "corrupt_signature": True,
    "webhook_timeout": True,
    "segment_loss": 1,
    "socket": {
        "refuse": {"status": 401, "code": 20101},
        "drop_after": 3,
        "delay_ms": 5,
        "throttle": 1,
    },
}


def test_there_is_an_example_of_every_fault() -> None:
    assert DOINGS.keys() == {field.name for field in fields(Fault)}


@pytest.mark.parametrize("doing", DOINGS)
def test_every_fault_is_a_step(doing: str, server: Server) -> None:
    do = {doing: DOINGS[doing]}
    said = json.dumps({"match": {"to": "+12025550199"}, "do": do, "times": 2})
    text = f"scenario: x\nstory:\n  - fault: {said}\n    as: rule\n  - GET /faults:\n"
    expected = f"    expect: {{faults: [{{id: '${{rule.id}}', do: {json.dumps(do)}}}]}}\n"

    async def play() -> Report:
        stage = LocalStage(server, server.worlds)
        return await library.play(library.load_text(text + expected), stage)

    report = asyncio.run(play())
    assert report.held, report.failure and report.failure.lines()


def test_every_name_says_what_is_done() -> None:
    for name in WHOLE:
        assert re.fullmatch(
            r"[a-z0-9_]+(\.[a-z0-9_]+)+\.(create|list|fetch|update|patch|delete)", name
        )


@pytest.mark.parametrize(
    ("name", "method", "path"),
    [
        ("conversations.create", "POST", "/v1/Conversations"),
        ("conversations.messages.fetch", "GET", "/v1/Conversations/{conversation}/Messages/{"),
        ("configuration.update", "POST", "/v1/Configuration"),
        ("configuration.addresses.list", "GET", "/v1/Configuration/Addresses"),
        ("bindings.list", "GET", f"/v1{IN_SERVICE}Bindings"),
        ("messages.create", "POST", "/2010-04-01/Accounts/{account}/Messages.json"),
        ("messaging.services.create", "POST", "/v1/Services"),
        ("conversations.services.create", "POST", "/v1/Services"),
        ("incoming_phone_numbers.local.list", "GET", "/2010-04-01/Accounts/{account}/Incoming"),
        ("content.fetch", "GET", "/v1/Content/{content}"),
        ("content.v2.content.list", "GET", "/v2/Content"),
        ("verify.services.verifications.create", "POST", "/v2/Services/{service}/Verifications"),
        ("verify.services.verification_checks.create", "POST", "/v2/Services/{service}/Verific"),
        ("phone_numbers.overrides.create", "POST", "/v2/PhoneNumbers/{number}/Overrides/{"),
        ("phone_numbers.overrides.update", "PUT", "/v2/PhoneNumbers/{number}/Overrides/{"),
    ],
)
def test_names_as_one_would_guess_them(name: str, method: str, path: str) -> None:
    named = library.operations()[name]
    assert (named.method, named.path[: len(path)]) == (method, path)


def test_a_resource_that_two_products_have_wants_its_product() -> None:
    with pytest.raises(Faulty, match=r'expected a step, not "services.create"; did you mean'):
        library.load_text("scenario: x\nstory: [services.create: {friendly_name: x}]\n")


def test_the_last_of_a_path_may_be_called_sid() -> None:
    named: NamedOperation = library.operations()["conversations.messages.fetch"]
    given = {"conversation": "CH1", "sid": "IM1"}
    assert named.request(ACCOUNT, given) == ("/v1/Conversations/CH1/Messages/IM1", {})


@command
class PaintKitchen:
    """A command of these tests."""

    kitchen: str
    main_colour: str = "white"

    def apply(self, world: World) -> str:
        return self.main_colour


def find_kitchen(world: World, *, kitchen: str) -> str:
    return kitchen


def test_operations_of_the_newest_apis_are_called_as_twilios_libraries_call_them() -> None:
    api = JsonApi("kitchens.twilio.com", "v2")
    api.fetches("/ControlPlane/Kitchens/{kitchen}", find_kitchen, lambda it, _: {"id": it})
    for method in ("PUT", "PATCH"):
        api.performs(method, "/ControlPlane/Kitchens/{kitchen}", PaintKitchen, None)
    known = name_operations([api])
    assert known.keys() >= {"kitchens.fetch", "kitchens.update", "kitchens.patch"}

    patch = known["kitchens.kitchens.patch"]
    assert (patch.method, patch.takes_json, patch.names) == ("PATCH", True, ("kitchen",))
    path, rest = patch.request(ACCOUNT, {"kitchen": "k", "main_colour": "red"})
    assert (path, patch.json(rest)) == ("/v2/ControlPlane/Kitchens/k", {"mainColour": "red"})
    fetch = known["kitchens.fetch"]
    assert not fetch.takes_json
    assert fetch.form({"page_size": 2}) == [("pageSize", 2)]


def test_names_stand_for_the_ids_of_the_newest_apis(server: Server) -> None:
    chat = {"id": f"conv_conversation_0{'1' * 25}", "name": "Returns"}
    assert fill(template("of ${chat}"), {"chat": chat}) == f"of {chat['id']}"
    assert meant({"conversationId": "chat"}, {"chat": chat}) == {"conversationId": chat["id"]}
    assert spoken_of({"id": 1, "name": "x"}) == {"id": 1, "name": "x"}


ENDLESS = "GET /_emulator/v1/events"


def test_every_call_of_the_control_api_is_a_step(server: Server) -> None:
    """Each is made, with a path of nothing: it is refused by itself, if it is, and not unknown."""

    async def call_all() -> list[str]:
        stage = LocalStage(server, server.worlds)
        await stage.open(ScenarioSetup(title="x"))
        answer = await stage.control("GET", "")
        calls = [f"{call['method']} {call['path']}" for call in answer.body["calls"]]
        for call in calls:
            method, path = call.split(" ")
            step = f"{method} {path.removeprefix('/_emulator/v1') or '/'}"
            text = f"scenario: x\nstory:\n  - {re.sub('[{}]', '', step)}\n"
            scenario = library.load_text(text)
            assert scenario.story[0].sentence.play.__name__ == "control"
            if call != ENDLESS:
                report = await library.play(scenario, LocalStage(server, server.worlds))
                seen = "" if report.failure is None else report.failure.nearest or ""
                assert "no such call" not in seen
                assert not seen.startswith(("refused: 405", "refused: 500")), (step, seen)
        return calls

    calls = asyncio.run(call_all())
    assert ENDLESS in calls
    assert len(calls) > 50
