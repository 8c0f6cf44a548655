"""Services, streams and permissions."""

from typing import Any

import pytest

from tests.core import refused
from tests.core.conftest import ACCOUNT, Told
from tests.core.sync.conftest import Act
from tests.core.sync.test_documents import refusal
from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.core.accounts.subaccounts import AddSubaccount
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync import grants, permissions, services, streams
from twilio_emulator.core.sync.documents import (
    AddSyncDocument,
    RemoveSyncDocument,
    UpdateSyncDocument,
)
from twilio_emulator.core.sync.grants import (
    RemoveSyncDocumentPermission,
    SetSyncDocumentPermission,
)
from twilio_emulator.core.sync.lists import AddSyncList, AddSyncListItem
from twilio_emulator.core.sync.permissions import Right
from twilio_emulator.core.sync.resources import (
    SyncKind,
    SyncPermissionChanged,
    SyncPermissions,
    SyncResources,
    SyncServiceChanged,
)
from twilio_emulator.core.sync.service_removal import RemoveSyncService
from twilio_emulator.core.sync.services import (
    FIRST_SYNC_SERVICE,
    AddSyncService,
    UpdateSyncService,
)
from twilio_emulator.core.sync.streams import (
    AddSyncStream,
    PublishSyncMessage,
    RemoveSyncStream,
    UpdateSyncStream,
)


def fetch(world: World, service: str = "default", account: str = ACCOUNT) -> Any:
    return services.fetch_sync_service(world, account=account, service=service)


def update(world: World, **said: str) -> Any:
    return world.perform(UpdateSyncService(account=ACCOUNT, service="default", **said))


def test_an_account_begins_with_one(world: World) -> None:
    default = fetch(world)
    assert (default.sid, default.unique_name) == (FIRST_SYNC_SERVICE, "default")
    assert fetch(world, FIRST_SYNC_SERVICE) is default
    assert services.default_service_sid(world, ACCOUNT) == FIRST_SYNC_SERVICE


def test_it_can_be_named(empty_world: World) -> None:
    empty_world.perform(OpenAccount(sync_service_sid=f"IS{'a' * 32}"))
    assert fetch(empty_world).sid == f"IS{'a' * 32}"


def test_a_subaccount_has_its_own(world: World) -> None:
    sub = world.perform(AddSubaccount(account=ACCOUNT, friendly_name="sub"))
    own = fetch(world, account=sub.sid)
    assert own.sid != FIRST_SYNC_SERVICE
    assert refusal(lambda: fetch(world, own.sid)) == 20404


def test_what_a_service_is_set_to(world: World, told: Told) -> None:
    made = world.perform(AddSyncService(account=ACCOUNT))
    assert (made.friendly_name, made.webhook_url, made.reachability_debouncing_window) == (
        None,
        None,
        5000,
    )
    changed = update(
        world,
        friendly_name="Carts",
        webhook_url="https://example.com/sync",
        webhooks_from_rest_enabled="TRUE",
        acl_enabled="true",
        reachability_webhooks_enabled="true",
        reachability_debouncing_enabled="false",
        reachability_debouncing_window="1000",
    )
    assert (changed.acl_enabled, changed.reachability_debouncing_window) == (True, 1000)
    changed = update(world, webhook_url="")
    assert (changed.webhook_url, changed.webhooks_from_rest_enabled) == (None, True)
    assert told.of(SyncServiceChanged)[-1].service is changed
    found = services.list_sync_services(world, account=ACCOUNT)
    assert [service.sid for service in found] == [FIRST_SYNC_SERVICE, made.sid]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, 54010),
        ({"friendly_name": ""}, 54053),
        ({"friendly_name": "x" * 256}, 54053),
        ({"webhook_url": "ftp://example.com"}, 54051),
        ({"webhook_url": f"https://example.com/{'x' * 493}"}, 54051),
        ({"acl_enabled": "yes"}, 54008),
        ({"reachability_debouncing_window": "999"}, 54008),
        ({"reachability_debouncing_window": "30001"}, 54008),
        ({"reachability_debouncing_window": "x"}, 54008),
    ],
)
def test_what_cannot_be(world: World, said: dict[str, str], code: int) -> None:
    wish = UpdateSyncService(account=ACCOUNT, service="default", **said)
    assert refused.code(world, wish) == code


def test_a_service_takes_everything_along(world: World, rest: Act, told: Told) -> None:
    rest(AddSyncDocument, unique_name="cart", ttl="10")
    rest(AddSyncList, unique_name="l")
    rest(AddSyncListItem, "l", data="{}")
    rest(SetSyncDocumentPermission, "cart", identity="alice", read="true")
    told.clear()
    world.perform(RemoveSyncService(account=ACCOUNT, service="default"))
    assert (len(world[SyncResources]), len(world[SyncPermissions])) == (0, 0)
    assert list(world.timers) == []
    default = fetch(world)
    assert default.sid != FIRST_SYNC_SERVICE
    assert told == [
        SyncServiceChanged(sid=FIRST_SYNC_SERVICE, service=None),
        SyncServiceChanged(sid=default.sid, service=default),
    ]
    made = world.perform(AddSyncService(account=ACCOUNT))
    world.perform(RemoveSyncService(account=ACCOUNT, service=made.sid))
    assert len(list(services.list_sync_services(world, account=ACCOUNT))) == 1


def test_streams_keep_nothing(world: World, rest: Act, client: Act, told: Told) -> None:
    made = rest(AddSyncStream, unique_name="s", ttl="10")
    assert rest(UpdateSyncStream, "s", ttl="0").date_expires is None
    message = client(PublishSyncMessage, "s", data='{"a": 1}')
    assert (message.sid[:2], message.data) == ("TZ", '{"a":1}')
    assert refusal(rest, PublishSyncMessage, "s", data=f'{{"a":"{"x" * 4089}"}}') == 54006
    assert refusal(rest, PublishSyncMessage, "s") == 20001
    where = {"account": ACCOUNT, "service": "default"}
    assert [found.sid for found in streams.list_sync_streams(world, **where)] == [made.sid]
    rest(RemoveSyncStream, "s")
    assert refusal(client, PublishSyncMessage, made.sid, data="{}") == 54250
    assert refusal(streams.fetch_sync_stream, world, resource="s", **where) == 20404


def test_without_acl_every_client_may(rest: Act, client: Act) -> None:
    rest(AddSyncDocument, unique_name="cart")
    client(UpdateSyncDocument, "cart", data="{}")
    client(AddSyncStream, unique_name="s")


def test_with_acl_a_client_may_what_it_was_given(world: World, rest: Act, client: Act) -> None:
    made = rest(AddSyncDocument, unique_name="cart")
    update(world, acl_enabled="true")
    assert refusal(client, UpdateSyncDocument, "cart", data="{}") == 54007
    rest(SetSyncDocumentPermission, "cart", identity="alice", write="true", manage="false")
    client(UpdateSyncDocument, "cart", data="{}")
    assert refusal(client, RemoveSyncDocument, "cart") == 54007
    assert not permissions.may(world, made, Right.READ, "alice")
    rest(SetSyncDocumentPermission, "cart", identity="alice", manage="true")
    client(RemoveSyncDocument, "cart")
    assert len(world[SyncPermissions]) == 0


def test_with_acl_who_makes_something_may_do_all(world: World, client: Act) -> None:
    update(world, acl_enabled="true")
    client(AddSyncList, unique_name="l")
    client(AddSyncListItem, "l", data="{}")
    assert refusal(client, AddSyncListItem, "l", identity="ben", data="{}") == 54007


def test_with_acl_streams_are_made_by_rest_alone(world: World, rest: Act, client: Act) -> None:
    update(world, acl_enabled="true")
    assert refusal(client, AddSyncStream, unique_name="s") == 54007
    rest(AddSyncStream, unique_name="s")
    client(PublishSyncMessage, "s", data="{}")
    assert refusal(client, RemoveSyncStream, "s") == 54007


def test_permissions_are_set_and_taken_away(world: World, rest: Act, told: Told) -> None:
    made = rest(AddSyncDocument, unique_name="cart")
    fetch_permission = grants.permission_fetcher(SyncKind.DOCUMENT)
    where = {"account": ACCOUNT, "service": "default", "resource": made.sid}
    for identity in ("ben", "alice"):
        rest(SetSyncDocumentPermission, "cart", identity=identity, read="true")
    listed = grants.permission_lister(SyncKind.DOCUMENT)(world, **where)
    assert [found.identity for found in listed] == ["alice", "ben"]
    assert fetch_permission(world, identity="ben", **where).read
    rest(RemoveSyncDocumentPermission, "cart", identity="ben")
    assert told.of(SyncPermissionChanged)[-1].permission.read is False
    assert refusal(fetch_permission, world, identity="ben", **where) == 20404
    assert refusal(rest, RemoveSyncDocumentPermission, "cart", identity="ben") == 20404
    assert refusal(rest, SetSyncDocumentPermission, "cup", identity="ben") == 20404
    for identity in ("", "x" * 257):
        assert refusal(rest, SetSyncDocumentPermission, "cart", identity=identity) == 54351
    assert refusal(rest, SetSyncDocumentPermission, "cart", identity="b", read="x") == 54008
