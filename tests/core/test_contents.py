import json

import pytest

from tests.core.conftest import ACCOUNT, Told
from tests.core.refused import code
from twilio_emulator.core.content import templates
from twilio_emulator.core.content.templates import (
    AddContent,
    ApprovalStatus,
    ChangeApproval,
    Content,
    ContentAdded,
    ContentRemoved,
    ContentUpdated,
    RemoveContent,
    RequestApproval,
    UpdateContent,
)
from twilio_emulator.core.kernel.world import World

TYPES = json.dumps({"twilio/text": {"body": "Hi {{1}}"}})


def add(world: World, **asked: str) -> Content:
    given = {"account": ACCOUNT, "language": "en", "types": TYPES} | asked
    made = world.perform(AddContent(**given))
    assert isinstance(made, Content)
    return made


def test_a_template_is_made_changed_and_deleted(world: World, told: Told) -> None:
    made = add(world, friendly_name="hello", variables='{"1": "you"}')
    assert (made.friendly_name, made.language, made.type_names) == ("hello", "en", ("twilio/text",))
    assert list(templates.list_contents(world, account=ACCOUNT)) == [made]
    types = json.dumps({"twilio/media": {"media": ["https://example.com/a"]}})
    changed = world.perform(
        UpdateContent(
            account=ACCOUNT,
            content=made.sid,
            types=types,
            language="de",
            friendly_name="hallo",
            variables="{}",
        )
    )
    assert (changed.friendly_name, changed.language, changed.variables) == ("hallo", "de", "{}")
    same = world.perform(UpdateContent(account=ACCOUNT, content=made.sid, types=types))
    assert same == changed
    assert templates.fetch_content(world, account=ACCOUNT, content=made.sid) == same
    world.perform(RemoveContent(account=ACCOUNT, content=made.sid))
    assert told == [
        ContentAdded(content=made),
        ContentUpdated(content=changed),
        ContentUpdated(content=same),
        ContentRemoved(content=same),
    ]
    assert code(world, RemoveContent(account=ACCOUNT, content=made.sid)) == 20404


@pytest.mark.parametrize(
    "asked",
    [
        {"language": ""},
        {"types": "{"},
        {"types": "{}"},
        {"types": "[]"},
        {"types": '{"twilio/pigeon": {}}'},
        {"types": '{"twilio/text": "Hi"}'},
        {"variables": "[]"},
        {"variables": '{"1": 1}'},
    ],
)
def test_what_cannot_be_a_template(world: World, asked: dict[str, str]) -> None:
    given = {"account": ACCOUNT, "language": "en", "types": TYPES} | asked
    assert code(world, AddContent(**given)) == 20001


def test_whatsapp_approves_until_somebody_says_otherwise(world: World) -> None:
    made = add(world)
    assert made.approval.status is ApprovalStatus.UNSUBMITTED
    approved = world.perform(
        RequestApproval(account=ACCOUNT, content=made.sid, name="hello", category="utility")
    )
    assert approved.approval.status is ApprovalStatus.APPROVED
    assert (approved.approval.category, approved.approval.content_type) == (
        "UTILITY",
        "twilio/text",
    )
    rejected = world.perform(
        ChangeApproval(
            account=ACCOUNT, content=made.sid, status="Rejected", rejection_reason="too bold"
        )
    )
    assert rejected.approval.status is ApprovalStatus.REJECTED
    assert (rejected.approval.name, rejected.approval.rejection_reason) == ("hello", "too bold")
    wish = ChangeApproval(account=ACCOUNT, content=made.sid, status="liked")
    assert code(world, wish) == 20001
    anew = world.perform(UpdateContent(account=ACCOUNT, content=made.sid, types=TYPES))
    assert anew.approval.status is ApprovalStatus.UNSUBMITTED


def test_a_type_that_conversations_do_not_know_is_shown_as_it_is(world: World) -> None:
    types = json.dumps(
        {"whatsapp/card": {"body": "Hi {{1}}", "actions": [{"index": 1, "title": "{{1}}"}]}}
    )
    shown = templates.render(add(world, types=types, variables='{"1": "you"}'), {})
    assert (shown.type, shown.body) == ("whatsapp/card", "Hi you")
    assert json.loads(shown.data)["actions"] == [{"index": 1, "title": "you"}]


def test_a_card_is_its_title_and_what_follows(world: World) -> None:
    types = json.dumps({"twilio/card": {"title": "Shoes", "subtitle": "on sale", "media": "x"}})
    shown = templates.render(add(world, types=types), {})
    assert (shown.body, shown.media) == ("Shoes\non sale", ())
