"""Sync, as a test holds it."""

import os
from collections.abc import Iterator

import pytest

from twilio_emulator import AsyncEmulator, Emulator, Settings
from twilio_emulator.handle.calling import CannotCall
from twilio_emulator.handle.waits import NotReceived
from twilio_emulator.server.serving import Serving


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with Serving(Settings(port=0), os.environ) as serving:
        yield serving.local_url


@pytest.fixture
def emulator(url: str) -> Iterator[Emulator]:
    with Emulator(url=url) as emulator:
        yield emulator


def test_a_document_has_a_value(emulator: Emulator) -> None:
    cart = emulator.sync.document("cart")
    with pytest.raises(CannotCall, match="there is no document cart"):
        assert cart.data
    assert cart.set({"total": 3}, ttl=60) == cart.data == {"total": 3}
    assert cart.update({"paid": True}, identity="alice") == {"total": 3, "paid": True}
    assert cart.wait(total=3) == cart.wait({"paid": True}) == cart.wait() == cart.data
    shown = cart.fetch()
    assert (shown["revision"], shown["service_sid"]) == ("1", emulator.sync_service_sid)
    assert (cart.name, cart.service_sid, cart.watched_by) == ("cart", emulator.sync_service_sid, [])
    assert emulator.sync.document(shown["sid"]).data == cart.data
    with pytest.raises(NotReceived, match=r'(?s)document cart .*"total": 4.*"total": 3'):
        cart.wait(total=4, timeout=0)
    cart.remove()
    with pytest.raises(NotReceived, match="There is nothing"):
        cart.wait(timeout=0)
    with pytest.raises(CannotCall, match="too large"):
        cart.set({"much": "x" * 17_000})
    assert str(cart) == "<SharedDocument cart>"
    assert str(emulator.sync) == f"<SharedService {emulator.sync_service_sid}>"


def test_a_list_has_items_in_order(emulator: Emulator) -> None:
    orders = emulator.sync.list("orders")
    assert orders.items == []
    assert [orders.push({"number": n}) for n in range(3)] == [0, 1, 2]
    orders.set(1, {"number": 7}, ttl=60)
    orders.remove_item(0)
    assert orders.items == [{"number": 7}, {"number": 2}]
    assert orders.wait(number=7) == {"number": 7}
    with pytest.raises(NotReceived, match=r"(?s)list orders .*2: .*1: "):
        orders.wait(number=8, timeout=0)
    with pytest.raises(CannotCall, match="no item 0"):
        orders.remove_item(0)
    orders.remove()
    assert orders.items == []


def test_a_map_has_items_by_key(emulator: Emulator) -> None:
    prices = emulator.sync.map("prices / today")
    assert prices.items == {}
    prices.set("pear", {"amount": 1})
    prices.set("a/b", {"amount": 2})
    assert prices.items == {"a/b": {"amount": 2}, "pear": {"amount": 1}}
    assert prices.wait("pear") == prices.wait(amount=1) == {"amount": 1}
    with pytest.raises(NotReceived, match="pear: "):
        prices.wait("pear", amount=2, timeout=0)
    prices.remove_item("a/b")
    assert list(prices.items) == ["pear"]


def test_a_stream_is_heard_message_by_message(emulator: Emulator) -> None:
    pointers = emulator.sync.stream("pointers")
    for n in (1, 2, 3):
        pointers.publish({"x": n}, identity="alice")
    assert pointers.wait() == {"x": 1}
    assert emulator.sync.stream("pointers").wait({"x": 3}) == {"x": 3}
    with pytest.raises(NotReceived, match="There is nothing"):
        pointers.wait(timeout=0)
    pointers.publish({"x": 4})
    emulator.mark()
    with pytest.raises(NotReceived):
        pointers.wait(timeout=0)


def test_another_service_has_objects_of_its_own(emulator: Emulator) -> None:
    emulator.sync.document("cart").set({"n": 1})
    other = emulator.sync.service("IS1")
    assert other.service_sid == "IS1"
    with pytest.raises(CannotCall, match="there is no Sync service IS1"):
        assert other.document("cart").data
    with pytest.raises(CannotCall, match="there is no Sync service IS1"):
        other.map("prices").set("a", {})


def test_a_token_opens_sync_too(emulator: Emulator) -> None:
    assert emulator.token("alice", sync=True) != emulator.token("alice")
    with pytest.raises(CannotCall, match="sync: expected true"):
        emulator.token("alice", sync="IS1")


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_all_of_it_can_be_awaited(url: str, anyio_backend: str) -> None:
    async with AsyncEmulator(url=url) as emulator:
        cart, orders = emulator.sync.document("cart"), emulator.sync.list("orders")
        await cart.set({"total": 3})
        assert await cart.wait(total=3) == await cart.data
        assert await orders.push({"n": 1}) == 0
        assert await orders.items == [{"n": 1}]
        assert await emulator.sync.map("prices").items == {}
        await emulator.sync.stream("s").publish({"x": 1})
        assert await emulator.sync.stream("s").wait(x=1) == {"x": 1}
        assert await cart.watched_by == []
        assert str(emulator.sync).startswith("<AsyncSharedService IS")
        assert str(cart) == "<AsyncSharedDocument cart>"
