"""The part of the walk that comes by every operation of Sync."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conformance.messaging_walk import Walk

SYNC = "https://sync.twilio.com/v1"
DATA = '{"apples":3}'


def sync(it: "Walk") -> None:
    """Come by every operation."""
    made = it.post(f"{SYNC}/Services", FriendlyName="Shop", WebhookUrl="https://example.com/a")
    service = f"{SYNC}/Services/{made['sid']}"
    it.post(
        service,
        WebhooksFromRestEnabled="true",
        AclEnabled="true",
        ReachabilityWebhooksEnabled="true",
        ReachabilityDebouncingEnabled="true",
        ReachabilityDebouncingWindow="1000",
    )
    it.get(service)
    it.get(f"{SYNC}/Services")
    _documents(it, service)
    _lists(it, service)
    _maps(it, service)
    _streams(it, service)
    it.delete(service)


def _documents(it: "Walk", service: str) -> None:
    it.post(f"{service}/Documents", UniqueName="cart", Data=DATA, Ttl="60")
    it.get(f"{service}/Documents")
    cart = f"{service}/Documents/cart"
    it.post(cart, Data=DATA, Ttl="0")
    it.get(cart)
    _permissions(it, cart)
    it.delete(cart)


def _lists(it: "Walk", service: str) -> None:
    it.post(f"{service}/Lists", UniqueName="cart", Ttl="60", CollectionTtl="70")
    it.get(f"{service}/Lists")
    cart = f"{service}/Lists/cart"
    it.post(cart, CollectionTtl="0")
    it.get(cart)
    it.post(f"{cart}/Items", Data=DATA, Ttl="60", ItemTtl="70", CollectionTtl="80")
    it.get(f"{cart}/Items", Order="desc", From="0", Bounds="inclusive")
    it.post(f"{cart}/Items/0", Data=DATA, ItemTtl="0")
    it.get(f"{cart}/Items/0")
    it.delete(f"{cart}/Items/0")
    _permissions(it, cart)
    it.delete(cart)


def _maps(it: "Walk", service: str) -> None:
    it.post(f"{service}/Maps", UniqueName="cart", Ttl="60")
    it.get(f"{service}/Maps")
    cart = f"{service}/Maps/cart"
    it.post(cart, Ttl="0")
    it.get(cart)
    it.post(f"{cart}/Items", Key="fruit", Data=DATA)
    it.get(f"{cart}/Items", Order="asc", From="a", Bounds="exclusive")
    it.post(f"{cart}/Items/fruit", Data=DATA, CollectionTtl="60")
    it.get(f"{cart}/Items/fruit")
    it.delete(f"{cart}/Items/fruit")
    _permissions(it, cart)
    it.delete(cart)


def _permissions(it: "Walk", where: str) -> None:
    it.post(f"{where}/Permissions/alice", Read="true", Write="true", Manage="false")
    it.get(f"{where}/Permissions")
    it.get(f"{where}/Permissions/alice")
    it.delete(f"{where}/Permissions/alice")


def _streams(it: "Walk", service: str) -> None:
    it.post(f"{service}/Streams", UniqueName="cart", Ttl="60")
    it.get(f"{service}/Streams")
    it.post(f"{service}/Streams/cart", Ttl="0")
    it.get(f"{service}/Streams/cart")
    it.post(f"{service}/Streams/cart/Messages", Data=DATA)
    it.delete(f"{service}/Streams/cart")
