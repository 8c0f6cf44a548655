"""The part of the walk that comes by every operation of Studio's executions."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conformance.messaging_walk import Walk

EXECUTIONS = f"https://studio.twilio.com/v2/Flows/FW{'0' * 31}1/Executions"


def studio(it: "Walk") -> None:
    """Come by every operation."""
    said = '{"HandoffData":{"reason":"angry"}}'
    made = it.post(EXECUTIONS, To="+12025550199", From="+12025550100", Parameters=said)
    one = f"{EXECUTIONS}/{made['sid']}"
    it.get(one)
    it.get(f"{one}/Context")
    it.get(EXECUTIONS, status="active", DateCreatedFrom="2026-01-01", DateCreatedTo="2027-01-01")
    it.post(one, Status="ended")
    it.delete(one)
