import pytest

from tests.control.asking import ANN, Control

pytestmark = pytest.mark.anyio


async def test_what_is_offered_is_taken(control: Control) -> None:
    known = await control.ask("GET", "/choices")
    for profile in known["carrier_profiles"]:
        await control.ask("PATCH", "/carrier", {"profile": profile})
    for name, values in known["handset"].items():
        for value in values:
            await control.ask("PUT", f"/handsets/{ANN}", {name: value})
    await control.ask("PATCH", "/conversation-webhooks", {"filters": known["conversation_events"]})
    deeds = [
        *({"final": {"status": status}} for status in known["final_statuses"]),
        *({"delay": {"stage": stage, "ms": 1}} for stage in known["stages"]),
        *(
            {"final": {"status": each["status"], "error_code": each["code"]}}
            for each in known["error_codes"]
        ),
        *(
            {"api_error": {"status": each["status"], "code": each["code"]}}
            for each in known["api_errors"]
        ),
    ]
    for do in deeds:
        await control.ask("POST", "/faults", {"do": do}, status=201)


async def test_the_choices_name_twilios_errors(control: Control) -> None:
    known = await control.ask("GET", "/choices")
    codes = {each["code"]: each for each in known["error_codes"]}
    assert codes[30003]["status"] == "undelivered"
    assert codes[30001]["status"] == "failed"
    errors = {each["code"]: each for each in known["api_errors"]}
    assert errors[20429]["status"] == 429
    assert errors[21211]["message"] == "Invalid 'To' Phone Number: …"
    assert min(errors) == 20003
