"""The part of the walk that comes by every operation of Lookup."""

from typing import TYPE_CHECKING

from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.lookup.packages import IN_BATCHES, KEYS

if TYPE_CHECKING:
    from tests.conformance.messaging_walk import Walk

CARL = "+12025550188"
LOOKUPS = "https://lookups.twilio.com"
PERSON = {"first_name": "Carl", "last_name": "Lee", "date_of_birth": "1990-02-03"}


def look_up(it: "Walk") -> None:
    """Come by every operation."""
    it.inside.perform(UpsertHandset(address=CARL, label="Carl", person=PERSON))
    number = f"{LOOKUPS}/v2/PhoneNumbers/{CARL}"
    fields = ",".join(name for name in KEYS if name != "pre_fill")
    said = {"FirstName": "Carl", "LastVerifiedDate": "20250101"}
    it.get(number)
    it.get(number, Fields=fields, **said)
    it.get(f"{LOOKUPS}/v2/PhoneNumbers/+1415992", Fields=fields)
    override = f"{number}/Overrides/line_type"
    it.post(override, said={"line_type": "landline", "reason": "We know"})
    it.get(override)
    it.put(override, said={"line_type": "pager", "reason": "We know better"})
    it.delete(override)
    limit = f"{LOOKUPS}/v2/RateLimits/Fields/sim_swap/Bucket/hour"
    it.put(limit, said={"limit": 9, "ttl": 60})
    it.get(limit)
    it.get(f"{LOOKUPS}/v2/RateLimits")
    it.delete(limit)
    one = {
        "phone_number": CARL,
        "correlation_id": "1",
        "fields": list(IN_BATCHES),
        "identity_match": {"first_name": "Carl"},
        "reassigned_number": {"last_verified_date": "20250101"},
    }
    it.post(f"{LOOKUPS}/v2/batch/query", said={"phone_numbers": [one]})
    for types in ([], ["carrier", "caller-name"]):
        it.get(f"{LOOKUPS}/v1/PhoneNumbers/{CARL}", Type=types)
