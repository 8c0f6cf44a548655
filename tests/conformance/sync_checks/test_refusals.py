"""Every way in which Sync says no, over REST: by itself, or because a fault says so."""

from collections.abc import Callable

import pytest

from tests.conformance.inside import Inside, Said
from tests.conformance.sync_checks.sync_desk import SyncDesk
from twilio_emulator.core.kernel.refusals import MISSING_PARAMETER, Refusal
from twilio_emulator.core.simulation.fault_checks import SYNC_CODES
from twilio_emulator.core.simulation.faults import AddFault
from twilio_emulator.core.simulation.resources import ApiError, Fault, Match
from twilio_emulator.core.sync import errors

Provoke = Callable[[SyncDesk], Said]

OF_CLIENTS = {
    errors.ACCESS_FORBIDDEN,
    errors.DOCUMENT_NOT_FOUND,
    errors.LIST_NOT_FOUND,
    errors.LIST_ITEM_NOT_FOUND,
    errors.MAP_NOT_FOUND,
    errors.MAP_ITEM_NOT_FOUND,
    errors.STREAM_NOT_FOUND,
    errors.UNIQUE_NAME_NOT_FOUND,
}
"""REST is never forbidden anything, and says 20404 of what is not there."""

BIG = f'{{"a":"{"x" * 16_377}"}}'


def asking(method: str, path: str, if_match: str | None = None, **form: str) -> Provoke:
    return lambda desk: desk.ask(method, path, if_match, **form)


REFUSALS: dict[Refusal, tuple[Provoke, ...]] = {
    errors.MALFORMED_IF_MATCH: (
        asking("POST", "/Documents/o", "first", Data="{}"),
        asking("DELETE", "/Maps/o/Items/0", "first"),
    ),
    errors.TOO_LARGE_FOR_SYNC: (
        asking("POST", "/Documents", Data=BIG),
        asking("POST", "/Documents/o", Data=BIG),
        asking("POST", "/Lists/o/Items", Data=BIG),
        asking("POST", "/Maps/o/Items", Key="b", Data=BIG),
        asking("POST", "/Maps/o/Items/0", Data=BIG),
        asking("POST", "/Streams/o/Messages", Data=f'{{"a":"{"x" * 4089}"}}'),
    ),
    errors.INVALID_ATTRIBUTE: (
        asking("POST", "", AclEnabled="1"),
        asking("POST", "", WebhooksFromRestEnabled=""),
        asking("POST", "/Lists/o/Items", Data="null"),
        asking("POST", "/Lists/o/Items/0", Data="7"),
        asking("POST", "/Streams/o/Messages", Data="[]"),
        asking("POST", "/Maps/o/Permissions/alice", Read="yes"),
    ),
    errors.NOTHING_TO_CHANGE: (asking("POST", ""), asking("POST", "/Documents/o")),
    errors.INVALID_TTL: (
        asking("POST", "/Lists", CollectionTtl="-1"),
        asking("POST", "/Lists", CollectionTtl="1", Ttl="-1"),
        asking("POST", "/Maps/o/Items/0", ItemTtl="31536001"),
        asking("POST", "/Maps/o/Items/0", CollectionTtl="x"),
    ),
    errors.INVALID_WEBHOOK: (
        asking("POST", "", WebhookUrl="example.com"),
        asking("POST", "", WebhookUrl=f"https://example.com/{'x' * 500}"),
    ),
    errors.INVALID_FRIENDLY_NAME: (asking("POST", "", FriendlyName="x" * 256),),
    errors.INVALID_DEBOUNCING_WINDOW: (asking("POST", "", ReachabilityDebouncingWindow="0"),),
    errors.DOCUMENT_REVISION: (asking("POST", "/Documents/o", "1", Data="{}"),),
    errors.LIST_ITEM_REVISION: (asking("DELETE", "/Lists/o/Items/0", "1"),),
    errors.MAP_ITEM_REVISION: (asking("POST", "/Maps/o/Items/0", "1", Data="{}"),),
    errors.MAP_KEY_TAKEN: (asking("POST", "/Maps/o/Items", Key="0", Data="{}"),),
    errors.INVALID_MAP_KEY: (asking("POST", "/Maps/o/Items", Key="", Data="{}"),),
    errors.SYNC_NAME_TAKEN: tuple(
        asking("POST", f"/{kind}", UniqueName="o")
        for kind in ("Documents", "Lists", "Maps", "Streams")
    ),
    errors.INVALID_UNIQUE_NAME: (
        asking("POST", "/Lists", UniqueName="x" * 321),
        asking("POST", "/Maps", UniqueName=f"MP{'0' * 32}"),
    ),
    errors.INVALID_SYNC_IDENTITY: (
        asking("POST", f"/Lists/o/Permissions/{'x' * 257}", Read="true"),
    ),
    errors.INVALID_ORDER: (asking("GET", "/Maps/o/Items", Order="up"),),
    errors.INVALID_BOUNDS: (asking("GET", "/Maps/o/Items", Bounds="none"),),
    errors.INVALID_PAGE_TOKEN: (asking("GET", "/Streams", PageToken="x"),),
    errors.INVALID_PAGE_SIZE: (asking("GET", "/Maps/o/Permissions", PageSize="0"),),
    errors.INVALID_INDEX: (
        asking("GET", "/Lists/o/Items/first"),
        asking("GET", "/Lists/o/Items", From="first"),
        asking("DELETE", "/Lists/o/Items/-1"),
    ),
    MISSING_PARAMETER: (
        asking("POST", "/Lists/o/Items"),
        asking("POST", "/Maps/o/Items", Key="b"),
        asking("POST", "/Maps/o/Items", Data="{}"),
        asking("POST", "/Streams/o/Messages"),
    ),
}


@pytest.fixture
def desk(inside: Inside) -> SyncDesk:
    """A service with one object of each kind, and an item in both that have them."""
    desk = SyncDesk(inside)
    for kind in ("Documents", "Lists", "Maps", "Streams"):
        desk.post(f"/{kind}", UniqueName="o")
    desk.post("/Lists/o/Items", Data="{}")
    desk.post("/Maps/o/Items", Key="0", Data="{}")
    return desk


def test_every_refusal_is_brought_about() -> None:
    every = {each for each in vars(errors).values() if isinstance(each, Refusal)}
    assert every == {*REFUSALS, *OF_CLIENTS, errors.SYNC_RATE_EXCEEDED}
    assert {each.code for each in every - {MISSING_PARAMETER}} <= SYNC_CODES


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.text[:40])
def test_a_refusal_has_its_code_and_status_and_changes_nothing(
    desk: SyncDesk, refusal: Refusal
) -> None:
    before = desk.inside.world.snapshot()
    for provoke in REFUSALS[refusal]:
        answer = provoke(desk)
        assert (answer.status, answer.code) == (refusal.status, refusal.code), answer.body
        assert answer.body["more_info"] == f"https://www.twilio.com/docs/errors/{refusal.code}"
    assert desk.inside.world.snapshot() == before


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/Documents"), ("GET", "/Documents/o"), ("GET", "/Maps"), ("DELETE", "/Streams/o")],
)
def test_a_fault_exceeds_a_rate(desk: SyncDesk, method: str, path: str) -> None:
    wish = AddFault(
        match=Match(service=desk.sid), do=Fault(api_error=ApiError(status=429, code=54009)), times=1
    )
    desk.inside.perform(wish)
    assert desk.inside.ask("GET", "https://sync.twilio.com/v1/Services").status == 200
    answer = desk.ask(method, path)
    assert (answer.status, answer.code, answer["message"]) == (429, 54009, "Rate limit exceeded")
    assert desk.ask(method, path).status < 300
