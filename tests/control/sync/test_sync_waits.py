"""Waits for what becomes of what is shared by Sync."""

import asyncio

import pytest

from tests.control.asking import Control

pytestmark = pytest.mark.anyio

CART = "/sync/documents/cart"


async def test_a_document_comes_to_have_a_value(control: Control) -> None:
    waiting = asyncio.ensure_future(
        control.ask("GET", f"{CART}/wait", data='{"total": 3, "of": {"x": [1]}}')
    )
    await control.ask("PUT", CART, {"data": {"total": 2}})
    await control.ask("PUT", CART, {"data": {"total": 3, "of": {"x": [1], "y": 2}, "paid": True}})
    met = await waiting
    assert (met["data"]["paid"], met["revision"]) == (True, "1")
    assert (await control.ask("GET", f"{CART}/wait"))["revision"] == "1"
    later = await control.ask("GET", f"{CART}/wait", status=408, after="1", timeout=0)
    assert later["object"]["revision"] == "1"
    gone = await control.ask("GET", "/sync/documents/no/wait", status=408, timeout=0)
    assert gone["object"] is None


async def test_what_others_bring_about_meanwhile_is_enough(control: Control) -> None:
    """Then no timer of a frozen clock is performed, and no further news is waited for."""
    pace, began = control.default.pace, control.default.world.clock.now()
    settle = pace.settle

    async def meanwhile() -> None:
        pace.settle = settle
        await control.ask("PUT", CART, {"data": {"total": 3}, "ttl": 60})

    pace.settle = meanwhile
    met = await control.ask("GET", f"{CART}/wait", timeout=0)
    assert met["data"] == {"total": 3}
    assert control.default.world.clock.now() == began


@pytest.mark.parametrize("data", ['{"paid": 1}', '{"paid": null}', '{"no": 1}', '{"paid": {}}'])
async def test_another_value_will_not_do(control: Control, data: str) -> None:
    await control.ask("PUT", CART, {"data": {"paid": True, "one": 1}})
    await control.ask("GET", f"{CART}/wait", status=408, data=data, timeout=0)


@pytest.mark.parametrize("kind", ["list", "map"])
async def test_an_item_comes_to_have_a_value(control: Control, kind: str) -> None:
    path = f"/sync/{kind}s/them"
    waiting = asyncio.ensure_future(control.ask("GET", f"{path}/wait", data='{"n": 2}'))
    for n in (1, 2):
        method, name, status = ("POST", "", 201) if kind == "list" else ("PUT", f"/{n}", 200)
        await control.ask(method, f"{path}/items{name}", {"data": {"n": n}}, status=status)
    met = await waiting
    assert (met["data"], met["revision"]) == ({"n": 2}, "1")
    first = "0" if kind == "list" else "1"
    assert (await control.ask("GET", f"{path}/wait", item=first))["data"] == {"n": 1}
    missed = await control.ask("GET", f"{path}/wait", status=408, after="1", timeout=0)
    assert [each["data"]["n"] for each in missed["items"]] == [1, 2]


async def test_a_message_is_published(control: Control) -> None:
    path = "/sync/streams/pointers"
    waiting = asyncio.ensure_future(control.ask("GET", f"{path}/wait", data='{"x": 2}'))
    for n in (1, 2):
        await control.ask("POST", f"{path}/messages", {"data": {"x": n}}, status=201)
    other = await control.ask("POST", "/sync/streams/s/messages", {"data": {}}, status=201)
    met = await waiting
    assert [each["data"]["x"] for each in met["messages"]] == [2]
    first = await control.ask("GET", f"{path}/wait")
    assert first["messages"][0]["data"] == {"x": 1}
    missed = await control.ask("GET", f"{path}/wait", status=408, data='{"x": 3}', timeout=0)
    assert [each["data"]["x"] for each in missed["messages"]] == [1, 2]
    after = str(met["next_seq"])
    assert await control.ask("GET", f"{path}/wait", status=408, after=after, timeout=0)
    assert other["seq"] > met["next_seq"]


async def test_a_frozen_clock_comes_to_what_is_due(control: Control) -> None:
    await control.ask("POST", "/clock", {"mode": "frozen"})
    await control.ask("PUT", CART, {"data": {}, "ttl": 3600})
    await control.ask("GET", f"{CART}/wait", status=408, data='{"n": 1}', timeout=0)
    assert "no document" in await control.mistake("GET", CART, status=404)


@pytest.mark.parametrize(
    ("path", "query", "word"),
    [
        (CART, {"data": "[1]"}, "JSON object"),
        (CART, {"data": "{"}, "JSON object"),
        (CART, {"after": "soon"}, "a revision"),
        (CART, {"timeout": "-1"}, "timeout"),
        (CART, {"service": "IS1"}, "no Sync service"),
        ("/sync/lists/orders", {"data": "1"}, "JSON object"),
        ("/sync/streams/pointers", {"after": "x"}, "a seq"),
    ],
)
async def test_what_cannot_be_waited_for(
    control: Control, path: str, query: dict[str, str], word: str
) -> None:
    status = 404 if "service" in query else 400
    assert word in await control.mistake("GET", f"{path}/wait", status=status, **query)
