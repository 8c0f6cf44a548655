"""https://content.twilio.com, v1 and v2: content templates, as JSON in and out."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from twilio_emulator.core.content import templates as contents
from twilio_emulator.core.content.templates import (
    AddContent,
    Approval,
    Content,
    RemoveContent,
    RequestApproval,
    UpdateContent,
)
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.indexes import Place
from twilio_emulator.core.kernel.patterns import BadPattern, Pattern
from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, MISSING_PARAMETER, Refused
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World
from twilio_emulator.runtime.patterns import compile_pattern
from twilio_emulator.wire.calls import Answer, Call
from twilio_emulator.wire.operations import ROOT, Api
from twilio_emulator.wire.pages import lister
from twilio_emulator.wire.spelling import iso, pascal

LARGEST_PAGE = 1000

api = Api("content.twilio.com", "v1")
api_v2 = Api("content.twilio.com", "v2")


def template(it: Content, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/content/content-api-resources"""
    url = f"{call.site.base}/v1/Content/{it.sid}"
    return {
        **_described(it),
        "url": url,
        "links": {
            "approval_create": f"{url}/ApprovalRequests/whatsapp",
            "approval_fetch": f"{url}/ApprovalRequests",
        },
    }


def template_and_approval(it: Content, call: Call) -> dict[str, object]:
    """A template with what WhatsApp thinks of it."""
    return {**_described(it), "approval_requests": approval(it.approval)}


def approval(it: Approval) -> dict[str, object]:
    """What was submitted, and the answer."""
    return {
        "name": it.name,
        "category": it.category,
        "content_type": it.content_type,
        "status": it.status,
        "rejection_reason": it.rejection_reason,
        "allow_category_change": True,
    }


def approval_create(it: Content, call: Call) -> dict[str, object]:
    """What a submission is answered."""
    return approval(it.approval)


def approval_fetch(it: Content, call: Call) -> dict[str, object]:
    """How far a submission has come."""
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "whatsapp": {"type": "whatsapp", **approval(it.approval)},
        "url": f"{call.root}/Content/{it.sid}/ApprovalRequests",
    }


def _described(it: Content) -> dict[str, object]:
    return {
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "sid": it.sid,
        "account_sid": it.account_sid,
        "friendly_name": it.friendly_name,
        "language": it.language,
        "variables": json.loads(it.variables),
        "types": json.loads(it.types),
    }


class TemplateQuery:
    """Some of an account's templates, sorted, page by page."""

    def __init__(self, templates: list[Content]) -> None:
        self._templates = templates
        self._ranks = {each.sid: rank for rank, each in enumerate(templates)}

    def place(self, record: Content) -> Place:
        """Where a template stands."""
        return self._ranks[record.sid], record.sid

    def after(self, place: Place | None, size: int) -> tuple[list[Content], bool]:
        """The `size` templates that follow `place` (or come first), and whether more follow."""
        start = 0 if place is None else place[0] + 1
        return self._templates[start : start + size], len(self._templates) > start + size

    def before(self, place: Place, size: int) -> tuple[list[Content], bool]:
        """The `size` that stand just before `place`, and whether more stand before them."""
        start = max(place[0] - size, 0)
        return self._templates[start : place[0]], start > 0


def choose_contents(
    world: World,
    *,
    account: str,
    sort_by_date: str | None = None,
    sort_by_content_name: str | None = None,
    date_created_after: str | None = None,
    date_created_before: str | None = None,
    content_name: str | None = None,
    content: str | None = None,
    language: tuple[str, ...] = (),
    content_type: tuple[str, ...] = (),
    channel_eligibility: tuple[str, ...] = (),
) -> TemplateQuery:
    """The list of v2: by name and content, which are patterns, and by what else there is.

    Raises:
        Refused: 20001 a filter cannot be read.
    """
    tests: list[Callable[[Content], bool]] = []
    if date_created_after:
        first = _instant("DateCreatedAfter", date_created_after)
        tests.append(lambda it: it.date_created >= first)
    if date_created_before:
        last = _instant("DateCreatedBefore", date_created_before)
        tests.append(lambda it: it.date_created <= last)
    if content_name:
        name = _pattern("ContentName", content_name)
        tests.append(lambda it: bool(name.search(it.friendly_name)))
    if content:
        said = _pattern("Content", content)
        tests.append(lambda it: bool(said.search(it.types)))
    if language:
        tests.append(lambda it: it.language in language)
    if content_type:
        tests.append(lambda it: not set(content_type).isdisjoint(it.type_names))
    if channel_eligibility:
        statuses = {each.lower().removeprefix("whatsapp:") for each in channel_eligibility}
        tests.append(lambda it: it.approval.status in statuses)
    every: Rows[Content] = contents.list_contents(world, account=account)
    found = [each for each in every if all(test(each) for test in tests)]
    if sort_by_content_name:
        downward = _is_downward("SortByContentName", sort_by_content_name)
        found.sort(key=lambda it: it.friendly_name, reverse=downward)
    if sort_by_date:
        downward = _is_downward("SortByDate", sort_by_date)
        found.sort(key=lambda it: it.date_updated, reverse=downward)
    return TemplateQuery(found)


def _instant(parameter: str, text: str) -> datetime:
    try:
        return parameters.instant(text, INVALID_PARAMETER)
    except Refused:
        raise Refused(INVALID_PARAMETER, parameter=parameter) from None


def _pattern(parameter: str, text: str) -> Pattern:
    try:
        return compile_pattern(text)
    except BadPattern:
        raise Refused(INVALID_PARAMETER, parameter=parameter) from None


def _is_downward(parameter: str, text: str) -> bool:
    if text.lower() not in ("asc", "desc"):
        raise Refused(INVALID_PARAMETER, parameter=parameter)
    return text.lower() == "desc"


api.collection(
    "/Content",
    "/{content}",
    template,
    key="contents",
    list=contents.list_contents,
    fetch=contents.fetch_content,
    delete=RemoveContent,
    page_max=LARGEST_PAGE,
    where=ROOT,
)
api.collection(
    "/ContentAndApprovals",
    "",
    template_and_approval,
    key="contents",
    list=contents.list_contents,
    page_max=LARGEST_PAGE,
    where=ROOT,
)
api.single(
    "/Content/{content}/ApprovalRequests",
    approval_fetch,
    fetch=contents.fetch_content,
    where=ROOT,
)
for _path, _look in (("/Content", template), ("/ContentAndApprovals", template_and_approval)):
    _list = lister(choose_contents, _look, "contents", 50, LARGEST_PAGE, pascal)
    api_v2.add("GET", _path, choose_contents, _list, ROOT, pascal)


@api.operation("POST", "/Content", AddContent, where=ROOT)
async def create(call: Call) -> Answer:
    """A new template."""
    said = _object(call)
    _require(said, "language", "types")
    wish = AddContent(account=call.account_sid, **_texts(said))
    return Answer(201, template(await call.gate.perform(wish, call.origin), call))


@api.operation("PUT", "/Content/{content}", UpdateContent, where=ROOT)
async def update(call: Call) -> Answer:
    """A template says something else."""
    said = _object(call)
    _require(said, "types")
    wish = UpdateContent(account=call.account_sid, content=call.path["content"], **_texts(said))
    return Answer(200, template(await call.gate.perform(wish, call.origin), call))


@api.operation("POST", "/Content/{content}/ApprovalRequests/whatsapp", RequestApproval, where=ROOT)
async def request_approval(call: Call) -> Answer:
    """A template is submitted to WhatsApp."""
    said = _object(call)
    _require(said, "name", "category")
    wish = RequestApproval(
        account=call.account_sid,
        content=call.path["content"],
        name=str(said["name"]),
        category=str(said["category"]),
    )
    return Answer(201, approval_create(await call.gate.perform(wish, call.origin), call))


def _object(call: Call) -> dict[str, Any]:
    """The body.

    Raises:
        Refused: 20001 it is no JSON object.
    """
    said = parameters.json_object(call.body)
    if said is None:
        raise Refused(INVALID_PARAMETER, parameter="JSON body")
    return said


def _require(said: dict[str, Any], *names: str) -> None:
    for name in names:
        if not said.get(name):
            raise Refused(MISSING_PARAMETER, parameter=name)


def _texts(said: dict[str, Any]) -> dict[str, str]:
    """What a template is made of; objects as the texts that the core keeps."""
    texts: dict[str, str] = {}
    for name in ("friendly_name", "language"):
        if said.get(name) is not None:
            texts[name] = str(said[name])
    for name in ("variables", "types"):
        if said.get(name) is not None:
            texts[name] = json.dumps(said[name], ensure_ascii=False)
    return texts
