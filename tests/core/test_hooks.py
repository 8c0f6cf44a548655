import pytest

from tests.core.conftest import ACCOUNT
from tests.core.refused import code
from twilio_emulator.core.conversations import webhook_configurations
from twilio_emulator.core.conversations.webhook_configurations import (
    ConfigureAccountWebhooks,
    ConfigureServiceWebhooks,
)
from twilio_emulator.core.kernel.world import World

SERVICE = "IS00000000000000000000000000000001"
PRE, POST = "https://example.com/pre", "http://example.com/post"


def test_a_fresh_account_fires_nothing(world: World) -> None:
    fresh = webhook_configurations.fetch_account_webhooks(world, account=ACCOUNT)
    assert (fresh.method, fresh.filters, fresh.target) == ("POST", None, "webhook")
    assert not fresh.is_configured
    own = webhook_configurations.fetch_service_webhooks(world, service=SERVICE)
    assert (own.method, own.filters, own.account_sid) == (None, None, ACCOUNT)
    assert webhook_configurations.in_force(world, ACCOUNT, SERVICE) == fresh


def test_a_services_own_replace_the_accounts(world: World) -> None:
    whole = world.perform(
        ConfigureAccountWebhooks(
            account=ACCOUNT,
            method="get",
            filters=("onMessageAdd", ""),
            pre_webhook_url=PRE,
            post_webhook_url=POST,
            target="Flex",
        )
    )
    assert (whole.method, whole.filters, whole.target) == ("GET", ("onMessageAdd",), "flex")
    assert webhook_configurations.in_force(world, ACCOUNT, SERVICE) == whole
    own = world.perform(ConfigureServiceWebhooks(service=SERVICE, filters=("onUserAdded",)))
    assert webhook_configurations.in_force(world, ACCOUNT, SERVICE) == whole
    own = world.perform(ConfigureServiceWebhooks(service=SERVICE, post_webhook_url=POST))
    assert own.filters == ("onUserAdded",)
    assert webhook_configurations.in_force(world, ACCOUNT, SERVICE) == own
    world.perform(ConfigureServiceWebhooks(service=SERVICE, post_webhook_url=""))
    assert webhook_configurations.in_force(world, ACCOUNT, SERVICE) == whole


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"method": "PUT"}, 50055),
        ({"filters": ("onMessageSend",)}, 50365),
        ({"pre_webhook_url": "http://"}, 50054),
        ({"post_webhook_url": "ftp://example.com"}, 50054),
        ({"post_webhook_url": POST + "x" * 2048}, 50372),
        ({"target": "studio"}, 20001),
    ],
)
def test_what_cannot_be_configured(world: World, asked: dict[str, object], expected: int) -> None:
    wish = ConfigureAccountWebhooks(account=ACCOUNT, **asked)  # type: ignore[arg-type]
    assert code(world, wish) == expected
