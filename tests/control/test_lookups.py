from typing import Any

import pytest

from tests.control.asking import ANN, Control

LOOKUP = f"/lookups/{ANN}"


async def test_a_lookup_shows_what_is_known_of_a_number(control: Control) -> None:
    await control.ask("PUT", f"/handsets/{ANN}", {"label": "Ann", "network": "airplane"})
    shown = await control.ask("GET", LOOKUP)
    assert (shown["phone_number"], shown["valid"], shown["line_type"]) == (ANN, True, "mobile")
    assert shown["packages"]["caller_name"]["caller_name"] == "ANN"
    assert shown["packages"]["line_status"]["status"] == "unreachable"
    assert "identity_match" not in shown["packages"]
    assert shown["defined"] == {}


async def test_what_is_said_of_a_number_is_added_up(control: Control) -> None:
    await control.ask("PUT", LOOKUP, {"line_type_intelligence": {"type": "landline"}})
    shown = await control.ask("PUT", LOOKUP, {"error": {"caller_name": 60608}})
    assert shown["line_type"] == "landline"
    assert shown["packages"]["caller_name"]["error_code"] == 60608
    assert shown["packages"]["sim_swap"]["error_code"] == 60612
    assert shown["defined"] == {
        "line_type_intelligence": {"type": "landline"},
        "error": {"caller_name": 60608},
    }
    back = {"line_type_intelligence": None, "error": {"caller_name": None}}
    shown = await control.ask("PUT", LOOKUP, back)
    assert (shown["line_type"], shown["defined"]) == ("mobile", {})


async def test_a_number_is_valid_or_not_by_what_is_said(control: Control) -> None:
    wrong = {"valid": False, "validation_errors": ["TOO_SHORT"]}
    shown = await control.ask("PUT", LOOKUP, wrong)
    assert (shown["valid"], shown["packages"], shown["defined"]) == (False, {}, wrong)
    await control.ask("DELETE", LOOKUP, status=204)
    await control.ask("DELETE", LOOKUP, status=204)
    assert (await control.ask("GET", LOOKUP))["valid"]
    shown = await control.ask("PUT", "/lookups/+447700900123", {"valid": True})
    assert (shown["valid"], shown["country_code"]) == (True, "GB")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"line_typ_intelligence": {}}, "did you mean line_type_intelligence"),
        ({"line_type_intelligence": {"type": "phone"}}, "expected one of landline, mobile"),
        ({"sim_swap": {"swapped": True}}, "unknown field"),
        ({"error": {"sim_swop": 60606}}, "did you mean sim_swap"),
        ({"error": {"sim_swap": 1}}, "60600"),
        ({"validation_errors": ["SHORT"]}, "did you mean TOO_SHORT"),
    ],
)
async def test_what_is_wrong_is_said(control: Control, body: Any, message: str) -> None:
    assert message in await control.mistake("PUT", LOOKUP, body)
    assert (await control.ask("GET", LOOKUP))["defined"] == {}
