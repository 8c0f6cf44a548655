"""Content templates by the control API: what they say, and what WhatsApp thinks of them."""

import json
from typing import Any, TypedDict

from twilio_emulator.control.exchange import Reply, json_reply
from twilio_emulator.control.phones.look import ShownContent, rendered
from twilio_emulator.control.routes import Control, Controls, Fields, Place
from twilio_emulator.core.content import templates
from twilio_emulator.core.content.templates import (
    ApprovalStatus,
    ChangeApproval,
    Content,
    Contents,
)
from twilio_emulator.core.kernel.records import write_instant


class Thinking(Fields):
    """What WhatsApp thinks of a template.

    Attributes:
        status: the answer.
        reason: why, when it is against it.
    """

    status: str
    reason: str = ""


class ShownApproval(TypedDict):
    """What WhatsApp thinks of a template.

    Attributes:
        name: as it was submitted.
        category: as it was submitted.
        rejection_reason: why, when WhatsApp is against it.
    """

    status: ApprovalStatus
    name: str
    category: str
    rejection_reason: str


class ShownTemplate(TypedDict):
    """A content template, as it reads and as it looks.

    Attributes:
        sid: HX.
        types: what it says, by type.
        variables: what stands in the places until somebody says otherwise.
        text: how it reads as text alone.
        looks: how each of its types looks.
    """

    sid: str
    friendly_name: str
    language: str
    types: dict[str, Any]
    variables: dict[str, Any]
    text: str | None
    looks: list[ShownContent | None]
    approval: ShownApproval
    date_created: str
    date_updated: str


class TemplateList(TypedDict):
    """The account's content templates."""

    contents: list[ShownTemplate]


CONTENT = {"content": Place(words="The template's sid (HX).", example="HX" + "3" * 32)}


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group("content", "Content templates, and whether WhatsApp has approved them.")

    @controls.on(
        "GET",
        "/content",
        "list_templates",
        "Content templates, as they read and as they look.",
        gives=TemplateList,
    )
    async def list_templates(control: Control) -> Reply:
        world = control.hosted.world
        held = world[Contents].all(world[Contents].by_account, control.account_sid)
        return json_reply({"contents": [look(each) for each in held]})

    @controls.on(
        "GET",
        "/content/{content}",
        "show_template",
        "A content template, as it reads and as it looks.",
        places=CONTENT,
        gives=ShownTemplate,
    )
    async def show(control: Control) -> Reply:
        world = control.hosted.world
        return json_reply(look(templates.find(world, control.account_sid, control.said["content"])))

    @controls.on(
        "POST",
        "/content/{content}/approval",
        "approve_template",
        "Says what WhatsApp thinks of a template.",
        places=CONTENT,
        body=Thinking,
        choices={"status": tuple(ApprovalStatus)},
        gives=ShownTemplate,
        otherwise={409: "It is not submitted, or too far for that."},
        examples=({"status": "approved"}, {"status": "rejected", "reason": "Too pushy"}),
    )
    async def approve(control: Control) -> Reply:
        wish = control.body(Thinking)
        command = ChangeApproval(
            account=control.account_sid,
            content=control.said["content"],
            status=wish.status,
            rejection_reason=wish.reason,
        )
        return json_reply(look(await control.hosted.gate.perform(command)))


def look(it: Content) -> ShownTemplate:
    """A template, with how it reads as text alone and how each of its types looks."""
    return {
        "sid": it.sid,
        "friendly_name": it.friendly_name,
        "language": it.language,
        "types": json.loads(it.types),
        "variables": json.loads(it.variables),
        "text": templates.render(it, {}).body,
        "looks": [rendered(templates.render(it, {}, (kind,))) for kind in it.type_names],
        "approval": {
            "status": it.approval.status,
            "name": it.approval.name,
            "category": it.approval.category,
            "rejection_reason": it.approval.rejection_reason,
        },
        "date_created": write_instant(it.date_created),
        "date_updated": write_instant(it.date_updated),
    }
