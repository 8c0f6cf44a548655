"""https://lookups.twilio.com/v2 as a table of operations."""

from twilio_emulator.core.lookup import limits, overrides
from twilio_emulator.core.lookup.answers import asked_for, look_up
from twilio_emulator.core.lookup.batch import look_up_many
from twilio_emulator.core.lookup.limits import RemoveLookupLimit, SetLookupLimit
from twilio_emulator.core.lookup.magic_numbers import rehearse_look_up
from twilio_emulator.core.lookup.overrides import AddOverride, ChangeOverride, RemoveOverride
from twilio_emulator.core.verify.lookup_witness import WITNESS
from twilio_emulator.rest.lookup import bodies, look
from twilio_emulator.rest.lookup.bodies import LookupRequest, OverridesRequest, RateLimitRequest
from twilio_emulator.wire.calls import Answer, Call, Parameters, fetcher, performer
from twilio_emulator.wire.operations import ROOT, Api

api = Api("lookups.twilio.com", "v2")

rehearsals = Api("lookups.twilio.com", "v2")
"""What test credentials may do; everything else is refused."""

OVERRIDE = "/PhoneNumbers/{number}/Overrides/{field}"
LIMIT = "/RateLimits/Fields/{field}/Bucket/{bucket}"

_looked_up = Parameters(look_up)
_rehearsed = Parameters(rehearse_look_up)
_listed = Parameters(limits.list_limits)


@api.operation("GET", "/PhoneNumbers/{number}", look_up, where=ROOT)
async def fetch_number(call: Call) -> Answer:
    """What is known of a number."""
    said = _looked_up.values(call.path, call.query, call)
    found = look_up(call.world, WITNESS, **said)
    await _count(call, [asked_for(said.get("fields"))])
    return Answer(200, look.number(found, call))


@rehearsals.operation("GET", "/PhoneNumbers/{number}", rehearse_look_up, where=ROOT)
async def rehearse_number(call: Call) -> Answer:
    """What is known of a number, and told of magic ones."""
    said = _rehearsed.values(call.path, call.query)
    return Answer(200, look.number(rehearse_look_up(call.world, **said), call))


@api.operation("POST", "/batch/query", look_up_many, where=ROOT)
async def query_batch(call: Call) -> Answer:
    """What is known of many numbers."""
    wishes = tuple(each.wish() for each in bodies.read(call, LookupRequest).phone_numbers)
    found = look_up_many(call.world, WITNESS, account=call.account_sid, phone_numbers=wishes)
    await _count(call, [each.asked for each in found])
    return Answer(200, {"phone_numbers": [look.number_in_batch(each) for each in found]})


async def _count(call: Call, asked: list[tuple[str, ...]]) -> None:
    """Raises:
    Refused: 60616 these are more look-ups than the account may do.
    """
    counting = limits.to_count(call.world, call.account_sid, asked)
    if counting is not None:
        await call.gate.perform(counting, call.origin)


@api.operation("POST", OVERRIDE, AddOverride, where=ROOT)
async def create_override(call: Call) -> Answer:
    """The account says what the type of a line is."""
    said = bodies.read(call, OverridesRequest)
    wish = AddOverride(**call.path, line_type=said.line_type, reason=said.reason)
    return Answer(201, look.override(await call.gate.perform(wish, call.origin), call))


@api.operation("PUT", OVERRIDE, ChangeOverride, where=ROOT)
async def update_override(call: Call) -> Answer:
    """The account says something else."""
    said = bodies.read(call, OverridesRequest)
    wish = ChangeOverride(**call.path, line_type=said.line_type, reason=said.reason)
    return Answer(200, look.override(await call.gate.perform(wish, call.origin), call))


api.add(
    "GET", OVERRIDE, overrides.find_override, fetcher(overrides.find_override, look.override), ROOT
)
api.add("DELETE", OVERRIDE, RemoveOverride, performer(RemoveOverride, None, 204), ROOT)


@api.operation("GET", "/RateLimits", limits.list_limits, where=ROOT)
async def list_limits(call: Call) -> Answer:
    """How many look-ups the account may do."""
    found = limits.list_limits(call.world, **_listed.values(call.path, call.query, call))
    return Answer(200, {"rate_limits": [look.limit(each, call) for each in found]})


@api.operation("PUT", LIMIT, SetLookupLimit, where=ROOT)
async def update_limit(call: Call) -> Answer:
    """The account limits its look-ups."""
    said = bodies.read(call, RateLimitRequest)
    wish = SetLookupLimit(**call.path, limit=said.limit, ttl=said.ttl)
    return Answer(200, look.limit(await call.gate.perform(wish, call.origin), call))


api.add("GET", LIMIT, limits.find_limit, fetcher(limits.find_limit, look.limit), ROOT)
api.add("DELETE", LIMIT, RemoveLookupLimit, performer(RemoveLookupLimit, None, 204), ROOT)
