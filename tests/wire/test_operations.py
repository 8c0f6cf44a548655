import pytest

from twilio_emulator.core.kernel.refusals import METHOD_NOT_ALLOWED, NOT_FOUND, Refused
from twilio_emulator.wire.calls import Answer, Call
from twilio_emulator.wire.operations import ROOT, SERVICE, Api


async def nothing(call: Call) -> Answer:
    return Answer(204)


@pytest.fixture
def api() -> Api:
    api = Api("shop.twilio.com", "v1")
    api.operation("GET", "/Orders")(nothing)
    api.operation("GET", "/Orders/{order}")(nothing)
    api.operation("GET", "/Orders/Latest")(nothing)
    api.operation("POST", "/Orders/{order}/Lines/{line}")(nothing)
    api.operation("GET", "/Prices", where=ROOT)(nothing)
    api.operation("GET", "/Stock", where=SERVICE)(nothing)
    return api


def find(api: Api, method: str, path: str) -> tuple[str, dict[str, str]]:
    operation, said = api.find(method, path.split("/"))
    return operation.path, said


def test_both_forms_of_a_path_lead_to_the_operation(api: Api) -> None:
    assert find(api, "GET", "v1/Orders/7") == ("/v1/Orders/{order}", {"order": "7"})
    assert find(api, "GET", "v1/Services/IS1/Orders/7") == (
        "/v1/Services/{service}/Orders/{order}",
        {"service": "IS1", "order": "7"},
    )
    assert find(api, "POST", "v1/Orders/7/Lines/2")[1] == {"order": "7", "line": "2"}


def test_a_literal_goes_before_a_parameter(api: Api) -> None:
    assert find(api, "GET", "v1/Orders/Latest") == ("/v1/Orders/Latest", {})


@pytest.mark.parametrize(
    "path",
    [
        "",
        "v1",
        "v2/Orders",
        "v1/orders",
        "v1/Orders/",
        "v1/Orders/7/Lines",
        "v1/Orders/7/8",
        "v1/Services/IS1/Prices",
        "v1/Stock",
    ],
)
def test_what_is_not_there_is_not_found(api: Api, path: str) -> None:
    with pytest.raises(Refused) as refused:
        find(api, "GET", path)
    assert refused.value.refusal is NOT_FOUND


def test_what_is_there_has_its_methods(api: Api) -> None:
    with pytest.raises(Refused) as refused:
        find(api, "DELETE", "v1/Orders")
    assert refused.value.refusal is METHOD_NOT_ALLOWED


def test_the_table_says_what_each_operation_takes() -> None:
    from twilio_emulator.rest.conversations.v1 import api as conversations

    taken = {(each.method, each.path): each.parameters for each in conversations.operations}
    assert taken["GET", "/v1/Conversations"] == ("start_date", "end_date", "state")
    assert "service" not in taken["POST", "/v1/Services/{service}/Conversations"]
    assert taken["DELETE", "/v1/Conversations/{conversation}"] == ()


def test_a_service_may_be_a_parameter_where_no_path_means_one() -> None:
    def take(*, service: str = "") -> None: ...

    api = Api("shop.twilio.com", "v1")
    api.operation("POST", "/Orders", take)(nothing)
    taken = {each.path: each.parameters for each in api.operations}
    assert taken == {"/v1/Orders": ("service",), "/v1/Services/{service}/Orders": ()}
