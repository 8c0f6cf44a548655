"""Content templates: what they say, by type, and with which variables filled in.

The rules of this file (https://www.twilio.com/docs/content):

- A template has the same content in one or more types, of which a channel shows the richest that
  it knows (`content_types`).
- `{{1}}` or `{{name}}` stands for a variable. What is not given has the template's own value; what
  that does not have either is left as it stands.
- Approval by WhatsApp is given at once, unless the carrier's `approval_mode` says that it
  is given by hand or refused; a test of what happens without approval takes it away.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import cast

from twilio_emulator.core.content import content_types, one_time_codes
from twilio_emulator.core.content.content_types import IN_CONVERSATIONS, RICHEST
from twilio_emulator.core.content.rendered import Rendered
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import Plain, command, event, record, replace
from twilio_emulator.core.kernel.refusals import (
    CONTENT_VARIABLE_KEY_TOO_LONG,
    CONTENT_VARIABLE_VALUE_TOO_LONG,
    CONTENT_VARIABLES_TOO_LONG,
    INVALID_CONTENT_SID,
    INVALID_CONTENT_VARIABLES,
    INVALID_PARAMETER,
    MISSING_PARAMETER,
    NOT_FOUND,
    UNSUPPORTED_CONTENT_TYPE,
    Refused,
)
from twilio_emulator.core.kernel.tables import Rows, Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.simulation.settings import settings

MOST_VARIABLES = 100
VARIABLES_LIMIT = 32 * 1024
KEY_LIMIT = 16
VALUE_LIMIT = 256

_VARIABLE = re.compile(r"\{\{([^{}]+)\}\}")


class ApprovalStatus(StrEnum):
    """What WhatsApp thinks of a template."""

    UNSUBMITTED = "unsubmitted"
    RECEIVED = "received"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    PAUSED = "paused"
    DISABLED = "disabled"


FIRST_ANSWERS = {
    "auto": ApprovalStatus.APPROVED,
    "manual": ApprovalStatus.PENDING,
    "reject": ApprovalStatus.REJECTED,
}
"""What WhatsApp answers to a template, by the carrier's `approval_mode`."""


@record
class Approval:
    """A template as it was submitted to WhatsApp, and the answer."""

    status: ApprovalStatus = ApprovalStatus.UNSUBMITTED
    name: str = ""
    category: str = ""
    content_type: str = ""
    rejection_reason: str = ""


@record
class Content:
    """A content template (HX). `variables` and `types` are JSON objects, as texts."""

    sid: str
    account_sid: str
    friendly_name: str
    language: str
    variables: str = "{}"
    types: str
    approval: Approval = Approval()
    date_created: datetime
    date_updated: datetime
    serial: int

    @property
    def type_names(self) -> tuple[str, ...]:
        """The types that it is there in."""
        return tuple(json.loads(self.types))


class Contents(Table[Content]):
    """Content templates, by account."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_account: Ordered[Content] = Ordered(
            lambda content: content.account_sid, lambda content: content.serial
        )
        super().__init__(Content, self.by_account)


@event
class ContentAdded:
    """There is a new template."""

    content: Content


@event
class ContentUpdated:
    """A template says something else, or is approved otherwise."""

    content: Content


@event
class ContentRemoved:
    """A template is gone."""

    content: Content


def find(world: World, account_sid: str, sid: str) -> Content:
    """The template of an account with this sid.

    Raises:
        Refused: 20404.
    """
    content = world[Contents].get(sid)
    if content is None or content.account_sid != account_sid:
        raise Refused(NOT_FOUND)
    return content


def fetch_content(world: World, *, account: str, content: str) -> Content:
    """The template of an account with this sid.

    Raises:
        Refused: 20404.
    """
    return find(world, account, content)


def list_contents(world: World, *, account: str) -> Rows[Content]:
    """In the order in which they came."""
    return Rows(world[Contents], world[Contents].by_account, account)


def for_message(world: World, account_sid: str, sid: str) -> Content:
    """The template that a message of a conversation is made from.

    Raises:
        Refused: 50526 there is none, 50542 it has no type that conversations can show.
    """
    content = world[Contents].get(sid) if parameters.is_sid(sid, "HX") else None
    if content is None or content.account_sid != account_sid:
        raise Refused(INVALID_CONTENT_SID)
    if not set(IN_CONVERSATIONS).intersection(content.type_names):
        raise Refused(UNSUPPORTED_CONTENT_TYPE)
    return content


def read_variables(text: str | None) -> dict[str, str]:
    """The values that a request gives.

    Raises:
        Refused: 50527 no JSON object of strings, 50529 too many or too long together, 50540 a key,
            50541 a value is too long.
    """
    if not text:
        return {}
    if len(text) > VARIABLES_LIMIT:
        raise Refused(CONTENT_VARIABLES_TOO_LONG)
    values = _strings(text)
    if values is None:
        raise Refused(INVALID_CONTENT_VARIABLES)
    if len(values) > MOST_VARIABLES:
        raise Refused(CONTENT_VARIABLES_TOO_LONG)
    if any(len(key) > KEY_LIMIT for key in values):
        raise Refused(CONTENT_VARIABLE_KEY_TOO_LONG)
    if any(len(value) > VALUE_LIMIT for value in values.values()):
        raise Refused(CONTENT_VARIABLE_VALUE_TOO_LONG)
    return values


def render(content: Content, values: dict[str, str], order: tuple[str, ...] = RICHEST) -> Rendered:
    """What a template says in the first type of an `order`, or in its own first.

    Its text is that of its text type, where it has one, and its media are likewise those of its
    media type; but a one-time code has no words but WhatsApp's.
    """
    known = json.loads(content.variables) | values
    types = cast(dict[str, dict[str, Plain]], _filled(json.loads(content.types), known))
    richest = next((name for name in order if name in types), next(iter(types)))
    text, files = types.get(content_types.TEXT), types.get(content_types.MEDIA)
    shown = types[richest]
    if richest == one_time_codes.TYPE:
        shown = text = one_time_codes.spelled_out(shown, content.language, values)
    return Rendered(
        type=richest,
        data=json.dumps(shown, ensure_ascii=False),
        body=content_types.words(shown if text is None else text),
        media=content_types.media(shown if files is None else files),
    )


def resolved(content: Content, values: dict[str, str]) -> dict[str, str]:
    """The value of each variable that a template names and that has one."""
    known = json.loads(content.variables) | values
    named = {name for _, text in _texts(json.loads(content.types)) for name in _names(text)}
    return {name: known[name] for name in named if name in known}


def in_bodies(content: Content) -> frozenset[str]:
    """The variables that a template names in the body of a type or of a card."""
    texts = _texts(json.loads(content.types))
    return frozenset(name for field, text in texts if field == "body" for name in _names(text))


def is_malformed(content: Content) -> bool:
    """Whether a placeholder is malformed: `{{example}` or `{{}}`."""
    return any(
        "{{" in _VARIABLE.sub("", text) or "" in _names(text)
        for _, text in _texts(json.loads(content.types))
    )


def richest(content: Content) -> str:
    """The type of a template that WhatsApp shows, and so approves."""
    return next(name for name in RICHEST if name in content.type_names)


def is_open(shown: Rendered) -> bool:
    """Whether a variable is left that has no value."""
    return _VARIABLE.search(shown.data) is not None


def _filled(value: Plain, values: dict[str, str]) -> Plain:
    """The same with variables filled in, however deep."""
    if isinstance(value, str):
        return _VARIABLE.sub(lambda found: values.get(found[1].strip(), found[0]), value)
    if isinstance(value, list):
        return [_filled(item, values) for item in value]
    if isinstance(value, dict):
        return {name: _filled(item, values) for name, item in value.items()}
    return value


def _names(text: str) -> list[str]:
    return [name.strip() for name in _VARIABLE.findall(text)]


def _texts(value: Plain, field: str = "") -> Iterator[tuple[str, str]]:
    """Every text in the fields of types, however deep, with the name of its field."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, field)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, name)


@command
class AddContent:
    """Make a template. `variables` and `types` are JSON objects, as texts."""

    account: str
    types: str
    language: str
    friendly_name: str | None = None
    variables: str | None = None

    def apply(self, world: World) -> Content:
        if not self.language:
            raise Refused(MISSING_PARAMETER, parameter="language")
        variables, types = _read_defaults(self.variables or "{}"), _read_types(self.types)
        content = world[Contents].put(
            Content(
                sid=world.sids.new("HX"),
                account_sid=self.account,
                friendly_name=self.friendly_name or "",
                language=self.language,
                variables=variables,
                types=types,
                date_created=world.now,
                date_updated=world.now,
                serial=world.serial(),
            )
        )
        world.tell(ContentAdded(content=content))
        return content


@command
class UpdateContent:
    """Have a template say something else. WhatsApp has to approve it anew."""

    account: str
    content: str
    types: str
    language: str | None = None
    friendly_name: str | None = None
    variables: str | None = None

    def apply(self, world: World) -> Content:
        before = find(world, self.account, self.content)
        changes: dict[str, object] = {"types": _read_types(self.types)}
        if self.variables is not None:
            changes["variables"] = _read_defaults(self.variables)
        if self.language:
            changes["language"] = self.language
        if self.friendly_name is not None:
            changes["friendly_name"] = self.friendly_name
        content = world[Contents].put(
            replace(before, approval=Approval(), date_updated=world.now, **changes)
        )
        world.tell(ContentUpdated(content=content))
        return content


@command
class RemoveContent:
    """Delete a template; what was said with it stays."""

    account: str
    content: str

    def apply(self, world: World) -> None:
        content = find(world, self.account, self.content)
        world[Contents].remove(content.sid)
        world.tell(ContentRemoved(content=content))


@command
class RequestApproval:
    """Submit a template to WhatsApp, which approves it."""

    account: str
    content: str
    name: str
    category: str

    def apply(self, world: World) -> Content:
        content = find(world, self.account, self.content)
        mode = settings(world).approval_mode
        approval = Approval(
            status=FIRST_ANSWERS[mode],
            rejection_reason="rejected by approval_mode" if mode == "reject" else "",
            name=self.name,
            category=self.category.upper(),
            content_type=richest(content),
        )
        return _approve(world, content, approval)


@command
class ChangeApproval:
    """Let WhatsApp think otherwise of a template."""

    account: str
    content: str
    status: str
    rejection_reason: str = ""

    def apply(self, world: World) -> Content:
        content = find(world, self.account, self.content)
        try:
            status = ApprovalStatus(self.status.lower())
        except ValueError:
            raise Refused(INVALID_PARAMETER, parameter="status") from None
        approval = replace(content.approval, status=status, rejection_reason=self.rejection_reason)
        return _approve(world, content, approval)


def _approve(world: World, content: Content, approval: Approval) -> Content:
    content = world[Contents].put(replace(content, approval=approval))
    world.tell(ContentUpdated(content=content))
    return content


def _read_types(text: str) -> str:
    """Raises:
    Refused: 20001 it is no JSON object of known types.
    """
    types = parameters.json_object(text)
    if (
        not types
        or not set(RICHEST).issuperset(types)
        or not all(isinstance(fields, dict) for fields in types.values())
    ):
        raise Refused(INVALID_PARAMETER, parameter="types")
    return text


def _read_defaults(text: str) -> str:
    """Raises:
    Refused: 20001 it is no JSON object of strings.
    """
    if _strings(text) is None:
        raise Refused(INVALID_PARAMETER, parameter="variables")
    return text


def _strings(text: str) -> dict[str, str] | None:
    """What a JSON object of strings says; None when the text is not one."""
    said = parameters.json_object(text)
    if said is None:
        return None
    values = {name: value for name, value in said.items() if isinstance(value, str)}
    return values if len(values) == len(said) else None
