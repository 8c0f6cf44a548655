"""Every operation of Sync by Twilio's library for Python."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.rest.sync.v1.service import ServiceContext

from tests.conformance.inside import Inside
from tests.conformance.verify_checks.operations import described, reached
from tests.conformance.verify_checks.test_operations import Noting

CART = '{"apples": 3}'
KEY = "a:b@c d"


@pytest.fixture
def http(inside: Inside) -> Noting:
    return Noting(inside.library.http_client)


@pytest.fixture
def client(inside: Inside, http: Noting) -> Client:
    return Client(inside.account_sid, inside.auth_token, http_client=http, environment={})


def test_every_operation_answers_the_library(client: Client, http: Noting) -> None:
    services = client.sync.v1.services
    made = services.create(friendly_name="Shop", acl_enabled=True)
    service = services(str(made.sid))
    assert service.update(reachability_debouncing_window=1500).acl_enabled
    assert service.fetch().reachability_debouncing_window == 1500
    assert [each.unique_name for each in services.list()] == ["default", None]
    _documents(service)
    _lists(service)
    _maps(service)
    _streams(service)
    assert service.delete()

    operations = described("sync.twilio.com")
    assert len(operations) == 48
    assert set(operations) <= reached(operations, http.asked)


def _documents(service: ServiceContext) -> None:
    made = service.documents.create(unique_name="cart", data=CART, ttl=60)
    assert (made.data, made.revision, made.created_by) == ({"apples": 3}, "0", "system")
    cart = service.documents("cart")
    assert cart.update(if_match="0", data='{"apples": 4}').revision == "1"
    with pytest.raises(TwilioRestException) as refused:
        cart.update(if_match="0", data="{}")
    assert (refused.value.status, refused.value.code) == (412, 54103)
    assert refused.value.msg.endswith(
        "The revision of the Document does not match the expected revision"
    )
    assert cart.fetch().data == {"apples": 4}
    assert [each.sid for each in service.documents.list()] == [made.sid]
    permissions = cart.document_permissions
    assert permissions("alice").update(read=True, write=False, manage=False).read
    assert permissions("alice").fetch().document_sid == made.sid
    assert [each.identity for each in permissions.list()] == ["alice"]
    assert permissions("alice").delete()
    assert cart.delete()


def _lists(service: ServiceContext) -> None:
    made = service.sync_lists.create(unique_name="orders", collection_ttl=60)
    orders = service.sync_lists("orders")
    assert orders.update(ttl=0).date_expires is None
    items = orders.sync_list_items
    assert [items.create(data=CART).index for _ in range(3)] == [0, 1, 2]
    assert items("1").update(if_match="1", data="{}", item_ttl=10).revision == "3"
    assert items("1").fetch().data == {}
    assert items("1").delete(if_match="3")
    found = items.list(order="desc", from_="2", bounds="inclusive", page_size=1)
    assert [each.index for each in found] == [2, 0]
    assert orders.fetch().revision == "5"
    assert [each.sid for each in service.sync_lists.list()] == [made.sid]
    permissions = orders.sync_list_permissions
    assert permissions("alice").update(read=True, write=True, manage=True).manage
    assert permissions("alice").fetch().list_sid == made.sid
    assert len(permissions.list()) == 1
    assert permissions("alice").delete()
    assert orders.delete()


def _maps(service: ServiceContext) -> None:
    made = service.sync_maps.create(unique_name="players", ttl=60)
    players = service.sync_maps("players")
    assert players.update(collection_ttl=0).date_expires is None
    items = players.sync_map_items
    assert items.create(key=KEY, data=CART, ttl=5).key == KEY
    assert items(KEY).update(data="{}").revision == "1"
    assert items(KEY).fetch().map_sid == made.sid
    assert [each.key for each in items.list(from_="a")] == [KEY]
    assert items(KEY).delete(if_match="1")
    assert players.fetch().revision == "3"
    assert [each.sid for each in service.sync_maps.list()] == [made.sid]
    permissions = players.sync_map_permissions
    assert permissions("ann@example.com").update(read=False, write=True, manage=False).write
    assert permissions("ann@example.com").fetch().map_sid == made.sid
    assert [each.identity for each in permissions.list()] == ["ann@example.com"]
    assert permissions("ann@example.com").delete()
    assert players.delete()


def _streams(service: ServiceContext) -> None:
    made = service.sync_streams.create(unique_name="taps", ttl=60)
    taps = service.sync_streams("taps")
    assert taps.update(ttl=0).date_expires is None
    assert taps.stream_messages.create(data=CART).data == {"apples": 3}
    assert taps.fetch().sid == made.sid
    assert [each.unique_name for each in service.sync_streams.list()] == ["taps"]
    assert taps.delete()
