"""Sync on the console: what is shared, as it changes, and edited in place."""

import re

from playwright.sync_api import Locator, expect

from tests.conftest import CLIENTS, absent
from tests.inbox.console import Console

OPENS = """async ([token, uri]) => {
  const client = new Twilio.Sync.Client(token, { Twilsock: { uri } });
  window.cart = await client.document("cart");
}"""


def of_kind(console: Console, kind: str) -> Locator:
    return console.page.locator(f'[data-test="sync-object"][data-kind="{kind}"]')


def test_a_document_is_shown_as_it_changes(console: Console) -> None:
    emulator, page = console.emulator, console.page
    console.open("/sync")
    expect(page.get_by_text(re.compile("^No document yet"))).to_be_visible()
    cart = emulator.sync.document("cart")
    cart.set({"total": 3})
    card = of_kind(console, "document")
    expect(card).to_contain_text('"total": 3')
    expect(card.get_by_test_id("revision")).to_have_text("revision 0")
    cart.update({"paid": True})
    expect(card).to_contain_text('"paid": true')
    card.get_by_role("button", name="Remove cart").click()
    expect(card).to_have_count(0)


def test_a_value_is_edited_in_place(console: Console) -> None:
    emulator, page = console.emulator, console.page
    cart = emulator.sync.document("cart")
    cart.set({"total": 3})
    console.open("/sync")
    card = of_kind(console, "document")
    card.get_by_test_id("edit").click()
    card.get_by_test_id("value").fill("[4]")
    card.get_by_test_id("save").click()
    expect(page.get_by_test_id("note")).to_contain_text("Expected a JSON object")
    card.get_by_test_id("value").fill('{"total": 4}')
    cart.set({"total": 5})
    expect(card.get_by_test_id("meanwhile")).to_have_text("It has changed meanwhile.")
    card.get_by_test_id("save").click()
    expect(card).to_contain_text('"total": 4')
    assert cart.data == {"total": 4}


def test_items_are_added_and_removed(console: Console) -> None:
    emulator = console.emulator
    emulator.sync.list("orders").push({"number": 1})
    emulator.sync.map("prices").set("apple", {"amount": 2})
    console.open("/sync")
    orders, prices = of_kind(console, "list"), of_kind(console, "map")
    orders.get_by_text("1 item").click()
    expect(orders.get_by_test_id("sync-item")).to_contain_text('"number": 1')
    orders.get_by_label("Value").fill('{"number": 2}')
    orders.get_by_test_id("add-item").click()
    expect(orders.get_by_test_id("sync-item")).to_have_count(2)
    prices.get_by_text("1 item").click()
    prices.get_by_label("Key").fill("pear")
    prices.get_by_label("Value").fill('{"amount": 3}')
    prices.get_by_test_id("add-item").click()
    expect(prices.get_by_test_id("sync-item")).to_have_count(2)
    prices.get_by_role("button", name="Remove item apple").click()
    expect(prices.get_by_test_id("sync-item")).to_have_count(1)
    assert emulator.sync.list("orders").items == [{"number": 1}, {"number": 2}]
    assert emulator.sync.map("prices").items == {"pear": {"amount": 3}}


def test_what_is_said_in_a_stream_is_seen(console: Console) -> None:
    emulator = console.emulator
    emulator.sync.stream("pointers").publish({"x": 1})
    console.open("/sync")
    stream = of_kind(console, "stream")
    expect(stream).to_contain_text("Nothing was said")
    stream.get_by_label("Message").fill('{"x": 2}')
    stream.get_by_test_id("publish").click()
    expect(stream.get_by_test_id("sync-message")).to_contain_text('{"x":2}')


def test_who_watches_is_shown(console: Console) -> None:
    build = CLIENTS / "node_modules/twilio-sync/builds/twilio-sync.min.js"
    if not build.exists():
        absent("Twilio's clients are not installed: `make test` does it")
    emulator, page = console.emulator, console.page
    emulator.sync.document("cart").set({"total": 3})
    console.open("/sync")
    card = of_kind(console, "document")
    expect(card).to_contain_text('"total": 3')
    shop = page.context.new_page()
    shop.goto(f"{emulator.url}/_emulator/v1/health")
    shop.add_script_tag(path=build)
    uri = f"{emulator.url.replace('http', 'ws', 1)}/v3/wsconnect"
    shop.evaluate(OPENS, [emulator.token("alice", sync=True), uri])
    expect(card.get_by_test_id("watcher")).to_have_text("alice")
    assert emulator.sync.document("cart").watched_by == ["alice"]
    emulator.sync.document("cart").set({"total": 4})
    shop.wait_for_function("cart.data.total === 4")
    shop.close()
    expect(card.get_by_test_id("watcher")).to_have_count(0)


def test_a_document_is_made(console: Console) -> None:
    console.open("/sync")
    console.page.get_by_label("Unique name").fill("a/b c")
    console.page.get_by_test_id("make-document").click()
    expect(of_kind(console, "document")).to_contain_text("a/b c")
    assert console.emulator.sync.document("a/b c").data == {}


def test_what_is_there_is_not_made_again(console: Console) -> None:
    emulator, page = console.emulator, console.page
    emulator.sync.document("cart").set({"total": 3})
    prices_held = emulator.sync.map("prices")
    for number in range(100):  # as many as are shown
        prices_held.set(f"a{number:03}", {"amount": 1})
    prices_held.set("apple", {"amount": 2})
    console.open("/sync")
    page.get_by_label("Unique name").fill("cart")
    page.get_by_test_id("make-document").click()
    expect(page.get_by_test_id("note")).to_contain_text("There is a document cart already")
    prices = of_kind(console, "map")
    prices.get_by_text("101 items").click()
    prices.get_by_label("Key").fill("apple")
    prices.get_by_label("Value").fill('{"amount": 3}')
    prices.get_by_test_id("add-item").click()
    expect(page.get_by_test_id("note").last).to_contain_text("There is an item apple already")
    assert emulator.sync.document("cart").data == {"total": 3}
    assert prices_held.items["apple"] == {"amount": 2}


def test_a_name_of_any_length_stays_on_its_card(console: Console) -> None:
    console.emulator.sync.document("m" * 320).set({"total": 3})
    console.open("/sync")
    card = of_kind(console, "document")
    expect(card).to_contain_text("total")
    assert card.evaluate("(card) => card.scrollWidth <= card.clientWidth")
