"""How operations of Sync are declared: with revisions in headers, and pages in its own words.

The rules of this file (https://www.twilio.com/docs/sync/mutation-and-conflict-resolution):

- What has a revision says it in `ETag` too, and who writes may say in `If-Match` which one they
  have seen.
- As many as 1000 rows of a page can be asked for, by what error 54454 says.
- A page token is good for the list that gave it alone.
- A fault rule with an error answers in place of any operation, as with texts, for the service that
  it names. That is how rates are exceeded (54009).
"""

from collections.abc import Callable
from typing import Any

from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.core.kernel.world import Command
from twilio_emulator.core.simulation import faults
from twilio_emulator.core.simulation.resources import FaultRules
from twilio_emulator.core.sync import errors
from twilio_emulator.core.sync.errors import INVALID_PAGE_SIZE, INVALID_PAGE_TOKEN
from twilio_emulator.core.sync.pages import LARGEST_PAGE_SIZE, MOST_ROWS, SyncRows
from twilio_emulator.core.sync.services import find_sync_service
from twilio_emulator.wire import cursors, fault_answers, pages
from twilio_emulator.wire.calls import Answer, Call, Look, Parameters, Work
from twilio_emulator.wire.operations import ROOT, Api

USUAL_SYNC_PAGE = 50

TEXTS = {each.code: each.text for each in vars(errors).values() if isinstance(each, Refusal)}
"""What is said of an error that a fault names, where the fault does not say it."""


def declare(
    api: Api,
    path: str,
    item: str,
    look: Look,
    *,
    key: str = "",
    list: Callable[..., SyncRows[Any]] | None = None,
    create: type[Command[object]] | None = None,
    fetch: Callable[..., object] | None = None,
    update: type[Command[object]] | None = None,
    delete: type[Command[object]] | None = None,
) -> None:
    """Declare a resource: a list at `path`, its items at `path` + `item`."""
    if list is not None:
        api.add("GET", path, list, _lister(list, look, key), ROOT)
    if create is not None:
        api.add("POST", path, create, performer(create, look, 201), ROOT)
    if fetch is not None:
        api.add("GET", path + item, fetch, _fetcher(fetch, look), ROOT)
    if update is not None:
        api.add("POST", path + item, update, performer(update, look, 200), ROOT)
    if delete is not None:
        api.add("DELETE", path + item, delete, performer(delete, None, 204), ROOT)


def performer(command: type[Command[object]], look: Look | None, status: int) -> Work:
    """An operation that performs a command built from path, form and `If-Match`."""
    parameters = Parameters(command)
    is_conditional = hasattr(command, "if_match")

    async def perform(call: Call) -> Answer:
        _fail(call)
        values = parameters.of_form(call)
        if is_conditional and (seen := call.headers.get(b"if-match")) is not None:
            values["if_match"] = seen.decode("latin-1").strip()
        done = call.gate.perform_now(command(**values), call.origin)  # no webhook is ever asked
        return Answer(status) if look is None else _shown(status, look(done, call))

    return perform


def _fetcher(fetch: Callable[..., object], look: Look) -> Work:
    parameters = Parameters(fetch)

    async def show(call: Call) -> Answer:
        _fail(call)
        found = fetch(call.world, **parameters.values(call.path, call.query, call))
        return _shown(200, look(found, call))

    return show


def _fail(call: Call) -> None:
    """Raises:
    Refused: a fault rule wants it so.
    """
    if len(call.world[FaultRules]):
        said = call.path.get("service", "")
        found = find_sync_service(call.world, call.path["account"], said)
        rule = faults.for_request(
            call.world,
            to=None,
            sender=None,
            body=None,
            service=None if found is None else found.sid,
            channel="",
        )
        fault_answers.refuse(call, rule, TEXTS)


def _shown(status: int, body: Any) -> Answer:
    """One object, with the revision that it may have."""
    revision = body.get("revision")
    headers = () if revision is None else ((b"etag", f'"{revision}"'.encode()),)
    return Answer(status, body, headers=headers)


def _lister(find: Callable[..., SyncRows[Any]], look: Look, key: str) -> Work:
    parameters = Parameters(find)

    async def show(call: Call) -> Answer:
        _fail(call)
        rows = find(call.world, **parameters.values(call.path, call.query, call))
        _check_paging(dict(call.query), rows)
        page = pages.Page(rows, call.query, USUAL_SYNC_PAGE, MOST_ROWS, read=_read_token)
        return Answer(
            200,
            {
                "meta": pages.meta(page, f"{call.site.base}{call.resource}", key),
                key: [look(row, call) for row in page.rows],
            },
        )

    return show


def _check_paging(said: dict[str, str], rows: SyncRows[Any]) -> None:
    """Raises:
    Refused: 54454 the size of a page cannot be, 54453 a token is of no page of this list.
    """
    size = said.get("PageSize")
    if size and not (
        size.isascii() and size.isdigit() and len(size) <= 4 and 1 <= int(size) <= LARGEST_PAGE_SIZE
    ):
        raise Refused(INVALID_PAGE_SIZE)
    token = said.get("PageToken")
    if token:
        cursor = _read_token(token, pages.PURPOSES)
        if cursor is None or not cursor.key.startswith(rows.prefix):
            raise Refused(INVALID_PAGE_TOKEN)


_read_token = cursors.read
