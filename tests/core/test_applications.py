from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, Told
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.twiml_apps import (
    AddApplication,
    ApplicationChanged,
    Applications,
    RemoveApplication,
    UpdateApplication,
    fetch_application,
    list_applications,
)


def test_an_app_is_made_changed_and_deleted(world: World, told: Told) -> None:
    app = world.perform(
        AddApplication(account=ACCOUNT, friendly_name="Desk", sms_url="https://example.com/sms")
    )
    assert (app.sid[:2], app.friendly_name, app.sms_method) == ("AP", "Desk", "POST")
    changed = world.perform(
        UpdateApplication(
            account=ACCOUNT,
            application=app.sid,
            sms_url="",
            sms_method="GET",
            friendly_name="",
            voice_caller_id_lookup=True,
        )
    )
    assert (changed.sms_url, changed.sms_method, changed.friendly_name) == (None, "GET", None)
    assert changed.voice_caller_id_lookup
    assert fetch_application(world, account=ACCOUNT, application=app.sid) == changed
    world.perform(RemoveApplication(account=ACCOUNT, application=app.sid))
    assert [event.application for event in told.of(ApplicationChanged)] == [app, changed, None]
    for account, sid in ((ACCOUNT, app.sid), ("AC2", app.sid)):
        with pytest.raises(Refused) as refused:
            fetch_application(world, account=account, application=sid)
        assert refused.value.code == 20404


def test_apps_are_listed_with_the_newest_first(world: World) -> None:
    one = world.perform(AddApplication(account=ACCOUNT, friendly_name="One"))
    two = world.perform(AddApplication(account=ACCOUNT, friendly_name="Two"))
    assert [app.sid for app in list_applications(world, account=ACCOUNT)] == [two.sid, one.sid]
    listed = list_applications(world, account=ACCOUNT, friendly_name="One")
    assert [app.sid for app in listed] == [one.sid]


@pytest.mark.parametrize(
    "fields",
    [
        {"sms_method": "PUT"},
        {"api_version": "2011"},
        {"sms_url": "example"},
        {"message_status_callback": "ftp://example.com"},
        {"friendly_name": "x" * 65},
    ],
)
def test_what_an_app_cannot_say(world: World, fields: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        world.perform(AddApplication(account=ACCOUNT, **fields))
    assert refused.value.code in (20001, 50003)
    assert not len(world[Applications])
