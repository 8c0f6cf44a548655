"""What each package says, from what is known of a phone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, ANN, START
from tests.core.refused import code
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.lookup.answers import look_up
from twilio_emulator.core.lookup.definitions import DefineAnswer, ForgetAnswer
from twilio_emulator.core.lookup.line_types import line_type_of
from twilio_emulator.core.lookup.overrides import AddOverride, RemoveOverride
from twilio_emulator.core.lookup.packages import KEYS, Witness

LONDON = "+442079460958"
BRITON = "+447400123456"


def told(world: World, package: str, number: str = ANN, **said: Any) -> dict[str, Any]:
    """A package; all its keys are there, in their order."""
    found = look_up(world, account=ACCOUNT, number=number, fields=package, **said)
    (answer,) = found.packages.values()
    assert list(answer) == list(KEYS[package])
    return answer


def ann(world: World, **settings: Any) -> None:
    world.perform(UpsertHandset(address=ANN, **settings))


def test_a_caller_is_called_as_the_phone(world: World) -> None:
    assert told(world, "caller_name")["error_code"] == 60600
    ann(world)
    assert told(world, "caller_name")["error_code"] == 60600
    ann(world, label="Ann Lee")
    assert told(world, "caller_name") == {
        "caller_name": "ANN LEE",
        "caller_type": "CONSUMER",
        "error_code": None,
    }
    ann(world, caller_name="Lee & Co", caller_type="BUSINESS")
    assert told(world, "caller_name")["caller_name"] == "Lee & Co"
    assert told(world, "caller_name")["caller_type"] == "BUSINESS"
    ann(world, caller_name="")
    assert told(world, "caller_name")["caller_name"] is None


@pytest.mark.parametrize(
    ("hours", "period", "within"),
    [
        (0, "PT24H", True),
        (24, "PT24H", True),
        (25, "PT48H", True),
        (48, "PT48H", True),
        (49, "PT24H", False),
    ],
)
def test_a_swap_is_told_with_the_shortest_period_that_holds_it(
    world: World, hours: int, period: str, within: bool
) -> None:
    ann(world, sim_swapped=f"PT{hours}H")
    at = START - timedelta(hours=hours)
    assert told(world, "sim_swap") == {
        "last_sim_swap": {
            "last_sim_swap_date": f"{at:%Y-%m-%dT%H:%M:%S}Z",
            "swapped_period": period,
            "swapped_in_period": within,
        },
        "carrier_name": "T-Mobile USA, Inc.",
        "mobile_country_code": "310",
        "mobile_network_code": "260",
        "error_code": None,
    }


def test_a_sim_that_was_never_swapped(world: World) -> None:
    ann(world)
    assert told(world, "sim_swap")["last_sim_swap"] == {
        "last_sim_swap_date": None,
        "swapped_period": "PT24H",
        "swapped_in_period": False,
    }


def test_british_networks_tell_of_forwarding(world: World) -> None:
    assert told(world, "call_forwarding")["error_code"] == 60607
    assert told(world, "call_forwarding", LONDON)["error_code"] == 60612
    off = {"call_forwarding_enabled": False, "error_code": None}
    assert told(world, "call_forwarding", BRITON) == off
    world.perform(UpsertHandset(address=BRITON))
    assert told(world, "call_forwarding", BRITON) == off
    world.perform(UpsertHandset(address=BRITON, call_forwarding=True))
    assert told(world, "call_forwarding", BRITON)["call_forwarding_enabled"]


def test_the_line_stands_as_the_phone_is_reached(world: World) -> None:
    assert told(world, "line_status")["status"] == "inactive"
    ann(world)
    assert told(world, "line_status")["status"] == "reachable"
    ann(world, power="off")
    assert told(world, "line_status")["status"] == "unreachable"
    ann(world, line_status="active")
    assert told(world, "line_status")["status"] == "active"


@pytest.mark.parametrize("package", ["sim_swap", "line_status"])
@pytest.mark.parametrize("line_type", ["landline", "voip", "tollfree"])
def test_of_what_is_no_mobile_phone_networks_tell_nothing(
    world: World, package: str, line_type: str
) -> None:
    ann(world, line_type=line_type)
    assert told(world, package)["error_code"] == 60612


@pytest.mark.parametrize(
    ("reassigned", "since", "answer"),
    [
        (None, "20250101", "no_data_available"),
        ("never", "2025-01-01", "no"),
        ("2025-06-01", "20250101", "yes"),
        ("2025-06-01", "20250601", "yes"),
        ("2025-06-01", "20250602", "no"),
    ],
)
def test_a_number_has_another_owner_since_a_day(
    world: World, reassigned: str | None, since: str, answer: str
) -> None:
    ann(world, reassigned=reassigned)
    assert told(world, "reassigned_number", last_verified_date=since) == {
        "last_verified_date": f"{since.replace('-', '')[:4]}-{since.replace('-', '')[4:6]}-"
        f"{since.replace('-', '')[6:]}",
        "is_number_reassigned": answer,
        "error_code": None,
    }


def test_owners_are_known_of_the_united_states_since_a_day(world: World) -> None:
    assert told(world, "reassigned_number")["error_code"] == 60617
    assert told(world, "reassigned_number", BRITON)["error_code"] == 60607
    said = told(world, "reassigned_number", last_verified_date="20250101")
    assert said["is_number_reassigned"] == "no_data_available"


def test_an_identity_without_a_phone_or_a_person_is_not_known(world: World) -> None:
    for _ in range(2):
        said = told(world, "identity_match", first_name="Ann", date_of_birth="19900203")
        assert said["first_name_match"] == said["date_of_birth_match"] == "no_data_available"
        assert (said["summary_score"], said["last_name_match"]) == (0, None)
        ann(world)
    assert told(world, "identity_match", BRITON, first_name="Ann")["error_code"] == 60617
    assert told(world, "identity_match", "+4366412345678", city="Wien")["error_code"] == 60607


def test_the_risk_is_low_until_codes_are_blocked(world: World) -> None:
    assert told(world, "sms_pumping_risk") == {
        "carrier_risk_category": "low",
        "number_blocked": False,
        "number_blocked_date": None,
        "number_blocked_last_3_months": False,
        "sms_pumping_risk_score": 0,
        "error_code": None,
    }
    since = datetime(2026, 1, 4, tzinfo=UTC)
    witness = Witness(blocked=lambda world, account, number: since)
    said = told(world, "sms_pumping_risk", witness=witness)
    assert (said["number_blocked"], said["number_blocked_date"]) == (True, "2026-01-04T00:00:00Z")
    assert (said["carrier_risk_category"], said["sms_pumping_risk_score"]) == ("high", 100)


def test_no_number_is_worse_than_another(world: World) -> None:
    said = told(world, "phone_number_quality_score")
    assert (said["carrier_risk_score"], said["quality_category"]) == (0, "low")


def test_who_has_a_verified_number_is_filled_in(world: World) -> None:
    witness = Witness(approved=lambda world, account, sid, number: sid == "VE1" and number == ANN)
    said: dict[str, Any] = {"witness": witness, "verification_sid": "VE1"}
    assert told(world, "pre_fill", **said)["error_code"] == 60600
    ann(world)
    assert told(world, "pre_fill", **said)["error_code"] == 60600
    person = {"first_name": "Ann", "address_line1": "1 Main Street", "address_line2": "Flat 2"}
    ann(world, person=person)
    answer = told(world, "pre_fill", **said)
    assert (answer["first_name"], answer["last_name"]) == ("Ann", None)
    assert answer["address_line"] == "1 Main Street, Flat 2"
    for wrong in ({"verification_sid": "VE2", "witness": witness}, {"verification_sid": "VE1"}):
        with pytest.raises(Refused) as refused:
            told(world, "pre_fill", **wrong)
        assert refused.value.code == 60623


def test_what_is_said_of_a_number_stands_above_what_is_known(world: World) -> None:
    ann(world, sim_swapped="now")
    packages = '{"sim_swap": {"last_sim_swap": {"swapped_in_period": false}, "carrier_name": "X"}}'
    world.perform(DefineAnswer(number=ANN, packages=packages))
    said = told(world, "sim_swap")
    assert said["last_sim_swap"] == {
        "last_sim_swap_date": "2026-01-05T09:00:00Z",
        "swapped_period": "PT24H",
        "swapped_in_period": False,
    }
    assert (said["carrier_name"], said["mobile_country_code"]) == ("X", "310")
    assert told(world, "line_status")["status"] == "reachable"


def test_what_is_said_stands_above_an_error_that_was_computed(world: World) -> None:
    packages = '{"sim_swap": {"last_sim_swap": {"swapped_in_period": true}}}'
    world.perform(DefineAnswer(number=LONDON, packages=packages))
    said = told(world, "sim_swap", LONDON)
    assert (said["last_sim_swap"], said["error_code"]) == ({"swapped_in_period": True}, None)


def test_a_type_that_is_said_stands_above_an_override(world: World) -> None:
    override = {"account": ACCOUNT, "number": ANN, "field": "line_type"}
    world.perform(AddOverride(**override, line_type="pager"))
    assert line_type_of(world, ANN) == "pager"
    assert line_type_of(world, ANN, "AC" + "9" * 32) == "mobile"
    said = told(world, "line_type_intelligence")
    assert (said["type"], said["carrier_name"]) == ("pager", "T-Mobile USA, Inc.")
    world.perform(
        DefineAnswer(number=ANN, packages='{"line_type_intelligence": {"type": "landline"}}')
    )
    assert line_type_of(world, ANN) == "landline"
    said = told(world, "line_type_intelligence")
    assert (said["type"], said["carrier_name"]) == ("landline", "Verizon")
    world.perform(ForgetAnswer(number=ANN))
    world.perform(ForgetAnswer(number=ANN))
    world.perform(RemoveOverride(**override))
    world.perform(RemoveOverride(**override))
    assert line_type_of(world, ANN) == "mobile"


@pytest.mark.parametrize(
    ("said", "errors"),
    [
        ({"valid": False}, ("INVALID_BUT_POSSIBLE",)),
        ({"valid": False, "validation_errors": ("TOO_LONG",)}, ("TOO_LONG",)),
        ({"validation_errors": ("TOO_LONG",)}, ("TOO_LONG",)),
        ({"valid": True, "validation_errors": ("TOO_LONG",)}, ()),
        ({"error": {"pre_fill": 60606}}, ()),
    ],
)
def test_whether_a_number_is_valid_can_be_said(
    world: World, said: dict[str, Any], errors: tuple[str, ...]
) -> None:
    world.perform(DefineAnswer(number=ANN, **said))
    assert look_up(world, account=ACCOUNT, number=ANN).errors == errors


def test_what_is_no_number_can_be_valid(world: World) -> None:
    assert look_up(world, account=ACCOUNT, number="+1").errors == ("NOT_A_NUMBER",)
    world.perform(DefineAnswer(number="+1", error={"sim_swap": 60606}))
    assert look_up(world, account=ACCOUNT, number="+1").errors == ("NOT_A_NUMBER",)
    world.perform(DefineAnswer(number="+1", valid=True))
    found = look_up(world, account=ACCOUNT, number="+1", fields="line_type_intelligence")
    assert (found.it.country, found.it.line_type) == ("US", "mobile")


@pytest.mark.parametrize(
    "said",
    [{"error": {"sim": 60606}}, {"error": {"sim_swap": 1}}, {"validation_errors": ("SHORT",)}],
)
def test_nothing_else_can_be_said(world: World, said: dict[str, Any]) -> None:
    assert code(world, DefineAnswer(number=ANN, **said)) == 20001


def test_an_error_is_taken_back(world: World) -> None:
    world.perform(DefineAnswer(number=ANN, error={"sim_swap": 60606}))
    assert told(world, "sim_swap")["error_code"] == 60606
    world.perform(DefineAnswer(number=ANN, error={"sim_swap": None}))
    assert told(world, "sim_swap")["error_code"] is None
