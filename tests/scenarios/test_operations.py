"""Everything that can be done over HTTP can be done in a scenario, by its name."""

import asyncio
import re

import pytest

from emulator import playing
from emulator.rest.tables import APIS
from emulator.scenarios.operations import IN_SERVICE, NamedOperation
from emulator.scenarios.problems import Faulty
from emulator.scenarios.stage import Opening
from emulator.server import Server
from emulator.stages import LocalStage
from emulator.wire.operations import Api, Operation

ACCOUNT = "AC00000000000000000000000000000001"
WHOLE = {named.name: named for named in playing.operations().values()}


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


def test_every_name_says_what_is_done() -> None:
    for name in WHOLE:
        assert re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+\.(create|list|fetch|update|delete)", name)


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
    ],
)
def test_names_as_one_would_guess_them(name: str, method: str, path: str) -> None:
    named = playing.operations()[name]
    assert (named.method, named.path[: len(path)]) == (method, path)


def test_a_resource_that_two_products_have_wants_its_product() -> None:
    with pytest.raises(Faulty, match=r'expected a step, not "services.create"; did you mean'):
        playing.load_text("scenario: x\nstory: [services.create: {friendly_name: x}]\n")


def test_the_last_of_a_path_may_be_called_sid() -> None:
    named: NamedOperation = playing.operations()["conversations.messages.fetch"]
    given = {"conversation": "CH1", "sid": "IM1"}
    assert named.request(ACCOUNT, given) == ("/v1/Conversations/CH1/Messages/IM1", {})


def test_every_call_of_the_control_api_is_a_step(server: Server) -> None:
    async def calls() -> list[str]:
        stage = LocalStage(server, server.worlds)
        await stage.open(Opening(title="x"))
        answer = await stage.control("GET", "")
        return [str(call) for call in answer.body["calls"]]

    for call in asyncio.run(calls()):
        method, path = call.split(" ")
        step = f"{method} {path.removeprefix('/_emulator/v1') or '/'}"
        scenario = playing.load_text(f"scenario: x\nstory:\n  - {re.sub('[{}]', '', step)}\n")
        assert scenario.story[0].sentence.play.__name__ == "control"
