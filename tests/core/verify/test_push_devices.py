"""Access tokens, fake devices and what they are told, and webhooks: what is refused, and what goes
with its service."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.core.verify.factor_world import (
    ANN,
    HERS,
    KEY,
    SERVICE,
    WHERE,
    app,
    asked,
    device,
    proved,
    refused,
)
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import access_tokens, notifications, webhooks
from twilio_emulator.core.verify.access_tokens import (
    AddFactorByToken,
    AddFactorToken,
    FactorToken,
    FactorTokens,
)
from twilio_emulator.core.verify.factor_commands import RemoveFactor
from twilio_emulator.core.verify.factors import Factors
from twilio_emulator.core.verify.notifications import AddPushNotification, PushNotifications
from twilio_emulator.core.verify.push_devices import (
    AddPushDevice,
    DrawDeviceKey,
    EnrollPushDevice,
    PushDevice,
    RemovePushDevice,
    UpdatePushDevice,
)
from twilio_emulator.core.verify.services import RemoveVerifyService, UpdateVerifyService
from twilio_emulator.core.verify.webhooks import (
    AddVerifyWebhook,
    RemoveVerifyWebhook,
    UpdateVerifyWebhook,
    VerifyWebhooks,
)

PUSH: dict[str, Any] = {**WHERE, "identity": ANN, "factor_type": "push"}


def enrolled(world: World, **said: Any) -> PushDevice:
    """A fake device that has Ann's push factor."""
    factor = proved(world, device(world))
    assert factor.push is not None
    made = world.perform(AddPushDevice(**said))
    world.perform(DrawDeviceKey(device=made.sid))
    return world.perform(
        EnrollPushDevice(
            device=made.sid,
            account_sid=factor.account_sid,
            service_sid=SERVICE,
            identity=ANN,
            factor_sid=factor.sid,
            credential_sid=factor.push.credential_sid,
        )
    )


@pytest.mark.parametrize(
    "said",
    [
        {"identity": None},
        {"identity": "short"},
        {"factor_type": None},
        {"factor_type": "totp"},
        {"ttl": "59"},
        {"ttl": "301"},
        {"ttl": "x"},
        {"factor_friendly_name": "x" * 65},
    ],
)
def test_what_is_wrong_is_no_access_token(world: World, said: dict[str, Any]) -> None:
    assert refused(lambda: world.perform(AddFactorToken(**{**PUSH, **said}))) == 60305


def test_an_access_token_says_whose_it_is(world: World) -> None:
    token = world.perform(AddFactorToken(**PUSH, factor_friendly_name="Pixel"))
    assert access_tokens.account_of(token.access_token) == (token.account_sid, token.sid)
    assert access_tokens.account_of("x") is None
    assert access_tokens.account_of("a.b.c.é.e") is None
    assert access_tokens.account_of("a.b.c.dw.e") is None
    assert access_tokens.account_of("a.b.c.gICA.e") is None
    assert access_tokens.fetch_token(world, **WHERE, access_token=token.sid) == token
    assert refused(lambda: access_tokens.fetch_token(world, **WHERE, access_token="YK1")) == 20404
    assert (token.ttl, world.perform(AddFactorToken(**PUSH, ttl="300")).ttl) == (60, 300)


def test_an_access_token_is_good_once(world: World) -> None:
    token = world.perform(AddFactorToken(**PUSH))
    template = device(world, KEY + 1)
    assert template.push is not None

    def wish(token: FactorToken | str, **said: Any) -> AddFactorByToken:
        assert template.push is not None
        sid = token if isinstance(token, str) else token.sid
        return AddFactorByToken(
            **{
                **HERS,
                "friendly_name": "Phone",
                "factor_type": "push",
                "binding_alg": "ES256",
                "binding_public_key": template.push.public_key,
                "config_app_id": "a",
                "config_notification_platform": "none",
                "config_sdk_version": "1",
                "token": sid,
                **said,
            }
        )

    other = "bob-00000001"
    assert refused(lambda: world.perform(wish("YK1"))) == 60313
    assert refused(lambda: world.perform(wish(token, entity=other))) == 60313
    assert refused(lambda: world.perform(wish(token))) == 60317
    world.perform(RemoveFactor(**HERS, factor=template.sid))
    world.perform(wish(token))
    assert refused(lambda: world.perform(wish(token))) == 60313


def test_a_device_that_comes_online_is_told_what_was_kept(
    world: World, advance: Callable[..., None]
) -> None:
    phone = enrolled(world, online=False)
    assert phone.factor_sid is not None
    assert phone.new_private_key is None
    factor = device_factor(world, phone)
    challenge = asked(world, factor)
    lost = AddPushNotification(**HERS, challenge=challenge.sid, ttl="0")
    assert world.perform(lost).date_received is None
    advance(seconds=299)
    world.perform(UpdatePushDevice(device=phone.sid, name="Tablet", online=True))
    told = notifications.told(world, phone)
    assert [each.date_received for each in told] == [world.now, None]
    again = world.perform(AddPushNotification(**HERS, challenge=challenge.sid))
    assert (again.ttl, again.date_received) == (300, world.now)
    renamed = world.perform(UpdatePushDevice(device=phone.sid, token="u" * 40))
    assert (renamed.name, renamed.token, renamed.online) == ("Tablet", "u" * 40, True)
    world.perform(RemoveFactor(**HERS, factor=factor.sid))
    assert len(world[PushNotifications]) == 0


def device_factor(world: World, phone: PushDevice) -> Any:

    return world[Factors][phone.factor_sid or ""]


def test_what_cannot_be_told_is_refused(world: World, advance: Callable[..., None]) -> None:
    codes = proved(world, app(world))
    challenge = asked(world, codes)
    wish = AddPushNotification(**HERS, challenge=challenge.sid)
    assert refused(lambda: world.perform(wish)) == 60307
    pushed = asked(world, proved(world, device(world)))
    for ttl in ("301", "-1", "x"):
        wrong = AddPushNotification(**HERS, challenge=pushed.sid, ttl=ttl)
        assert refused(lambda wrong=wrong: world.perform(wrong)) == 60306
    again = AddPushNotification(**HERS, challenge=pushed.sid)
    for _ in range(3):
        world.perform(again)
    assert refused(lambda: world.perform(again)) == 60309
    advance(minutes=5)
    assert refused(lambda: world.perform(again)) == 60323


def test_a_device_needs_a_platform_and_a_token_that_can_be(world: World) -> None:
    nothing = world.perform(AddPushDevice(platform="none"))
    assert (nothing.token, notifications.told(world, nothing)) == (None, [])
    given = world.perform(AddPushDevice(token="t" * 32, platform="APN"))
    assert given.token == "t" * 32
    assert refused(lambda: world.perform(AddPushDevice(platform="web"))) == 60306
    assert refused(lambda: world.perform(AddPushDevice(token="t"))) == 60306
    assert refused(lambda: world.perform(AddPushDevice(app_id=""))) == 60306
    world.perform(RemovePushDevice(device=given.sid))
    assert refused(lambda: world.perform(RemovePushDevice(device=given.sid))) == 20404


def test_a_webhook_is_changed_in_what_is_given(world: World) -> None:
    wish = {"friendly_name": "App", "event_types": ("*",), "webhook_url": "https://example.com"}
    made = world.perform(AddVerifyWebhook(**WHERE, **wish, status="DISABLED", version="V1"))
    assert (made.status, made.version) == ("disabled", "v1")
    changed = world.perform(UpdateVerifyWebhook(**WHERE, webhook=made.sid))
    assert (changed.event_types, changed.webhook_url) == (("*",), "https://example.com")
    other = {"event_types": ("factor.created",), "webhook_url": "http://example.org"}
    changed = world.perform(UpdateVerifyWebhook(**WHERE, webhook=made.sid, **other))
    assert changed.event_types == ("factor.created",)
    assert changed.webhook_url == "http://example.org"
    assert [each.sid for each in webhooks.list_webhooks(world, **WHERE)] == [made.sid]
    assert refused(lambda: webhooks.fetch_webhook(world, **WHERE, webhook="YW1")) == 20404
    for wrong in ({"status": "on"}, {"webhook_url": "x"}, {"event_types": ("x",)}):
        update = UpdateVerifyWebhook(**WHERE, webhook=made.sid, **wrong)
        assert refused(lambda update=update: world.perform(update)) == 60200
    world.perform(RemoveVerifyWebhook(**WHERE, webhook=made.sid))
    assert len(world[VerifyWebhooks]) == 0


def test_what_a_service_has_goes_with_it(world: World) -> None:
    wish = {"friendly_name": "App", "event_types": ("*",), "webhook_url": "https://example.com"}
    world.perform(AddVerifyWebhook(**WHERE, **wish))
    world.perform(AddFactorToken(**PUSH))
    phone = enrolled(world)
    world.perform(UpdateVerifyService(**WHERE, friendly_name="Owl House"))
    assert len(world[VerifyWebhooks]) == len(world[FactorTokens]) == 1
    world.perform(RemoveVerifyService(**WHERE))
    assert len(world[VerifyWebhooks]) == len(world[FactorTokens]) == 0
    shown = world.perform(UpdatePushDevice(device=phone.sid))
    assert (shown.factor_sid, shown.credential_sid) == (None, None)
