"""Content templates by the control API: what they say, and what WhatsApp thinks of them."""

import json

from twilio_emulator.control.phones.look import rendered
from twilio_emulator.control.routes import Control, Controls, Fields, Reply, json_reply
from twilio_emulator.core.content import templates
from twilio_emulator.core.content.templates import ChangeApproval, Content, Contents
from twilio_emulator.core.kernel.records import write_instant


class Thinking(Fields):
    """What WhatsApp thinks of a template, and why when it is against it."""

    status: str
    reason: str = ""


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    @controls.on("GET", "/content")
    async def list_templates(control: Control) -> Reply:
        world = control.hosted.world
        held = world[Contents].all(world[Contents].by_account, control.account_sid)
        return json_reply({"contents": [look(each) for each in held]})

    @controls.on("GET", "/content/{content}")
    async def show(control: Control) -> Reply:
        world = control.hosted.world
        return json_reply(look(templates.find(world, control.account_sid, control.said["content"])))

    @controls.on("POST", "/content/{content}/approval")
    async def approve(control: Control) -> Reply:
        wish = control.body(Thinking)
        command = ChangeApproval(
            account=control.account_sid,
            content=control.said["content"],
            status=wish.status,
            rejection_reason=wish.reason,
        )
        return json_reply(look(await control.hosted.gate.perform(command)))


def look(it: Content) -> dict[str, object]:
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
