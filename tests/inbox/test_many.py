"""Long threads, many phones, and an emulator that goes away and comes back."""

import http.client
import json
import re
import socket
from contextlib import closing

from playwright.sync_api import Browser, expect

from tests.inbox.console import Console
from tests.limits import BROWSER
from twilio_emulator import Emulator, Settings

ANN = "+12025550199"

SEE_ALL = """async (thread) => {
    // Scrolls from the newest to the oldest, a frame at a time; answers the most elements that were
    // there at once, every number that was to be read, and what was wrong with the rows in view.
    const seen = new Set(), wrong = [];
    let most = 0;
    for (let step = 0; step === 0 || thread.scrollTop > 0; step = 300) {
        thread.scrollTop -= step;
        await new Promise(requestAnimationFrame);
        const frame = thread.getBoundingClientRect();
        const rows = [...thread.querySelectorAll("[data-message]")].map((row) => ({
            number: Number(row.querySelector(".text").textContent.split(" ")[1]),
            box: row.getBoundingClientRect(),
        }));
        const inView = rows.filter(({ box }) => box.bottom > frame.top && box.top < frame.bottom);
        inView.forEach(({ number, box }, n) => {
            seen.add(number);
            const next = inView[n + 1];
            if (next && next.number !== number + 1) wrong.push(`${number} before ${next.number}`);
            if (next && Math.abs(next.box.top - box.bottom) > 1) wrong.push(`a gap at ${number}`);
        });
        most = Math.max(most, thread.querySelectorAll("*").length);
    }
    return { most, seen: [...seen], wrong };
}"""

TO_THE_END = """async (list, text) => {
    // Scrolls on, as somebody would, until this is there.
    for (let turn = 0; turn < 500 && !list.textContent.includes(text); turn += 1) {
        list.scrollTop = list.scrollHeight;
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    list.scrollTop = list.scrollHeight;
}"""


def fill(emulator: Emulator, bodies: list[str]) -> None:
    """Send texts from Ann's phone, all on one connection."""
    host = emulator.url.partition("://")[2]
    with closing(http.client.HTTPConnection(host, timeout=60)) as connection:
        path = f"/_emulator/v1/handsets/{ANN}/messages?account={emulator.account_sid}"
        for body in bodies:
            connection.request("POST", path, json.dumps({"to": emulator.number, "body": body}))
            connection.getresponse().read()


def test_two_thousand_messages_are_scrolled_through(console: Console) -> None:
    emulator = console.emulator
    ann = emulator.handset(ANN, label="Ann")
    fill(emulator, [f"message {n} " + "and more " * (n % 7 * 5) for n in range(2000)])
    console.open(f"/handsets/{ANN}/threads/{emulator.number}")
    phone = console.phone("Ann")
    expect(phone.message("message 1999 ")).to_be_visible()
    thread = phone.part.get_by_role("region", name="Thread with")
    drawn = thread.evaluate(SEE_ALL)
    assert drawn["wrong"] == []
    assert sorted(drawn["seen"]) == list(range(2000))
    assert drawn["most"] < 1000
    expect(phone.message("message 0 ")).to_be_visible()

    # What comes while somebody reads what was does not move it away.
    ann.send("the newest")
    expect(phone.part.get_by_role("button", name="Newest")).to_be_visible()
    expect(phone.message("message 0 ")).to_be_in_viewport()
    phone.press("Newest")
    expect(phone.message("the newest")).to_be_in_viewport()
    ann.send("and another")
    expect(phone.message("and another")).to_be_in_viewport()


def test_the_journal_is_read_to_its_beginning(console: Console) -> None:
    emulator, page = console.emulator, console.page
    ann = emulator.handset(ANN, label="Ann")
    fill(emulator, [f"message {n}" for n in range(600)])  # three entries each
    console.open("/journal")
    entries = page.locator(".log-row:visible")
    expect(entries.filter(has_text="message 599").first).to_be_in_viewport()
    shown = entries.evaluate_all("rows => rows.map((row) => Number(row.dataset.row))")
    assert shown == sorted(shown, reverse=True)

    # Newest first, and down to the first as somebody scrolls.
    page.get_by_role("searchbox").fill("handsetadded")
    expect(page.locator(".log-row")).to_have_count(1)
    page.get_by_role("searchbox").fill("")
    page.locator(".windowed").evaluate(TO_THE_END, "message 0")
    expect(page.get_by_role("button", name=re.compile("Upsert handset"))).to_be_visible()
    ann.send("one more")
    expect(page.get_by_role("button", name=re.compile("Upsert handset"))).to_be_in_viewport()
    page.get_by_test_id("newest").click()
    expect(entries.filter(has_text="one more").first).to_be_in_viewport()


def test_the_oldest_message_is_found(console: Console) -> None:
    emulator, page = console.emulator, console.page
    emulator.handset(ANN, label="Ann").send("a needle")
    fill(emulator, [f"straw {n}" for n in range(700)])
    console.open("/messages")
    rows = page.locator(".message-link")
    expect(rows.first).to_contain_text("straw 699")
    expect(page.get_by_text("701 messages")).to_be_visible()
    page.locator(".windowed").evaluate(TO_THE_END, "a needle")
    expect(rows.last).to_contain_text("a needle")
    page.get_by_test_id("newest").click()
    expect(rows.first).to_contain_text("straw 699")
    page.get_by_role("searchbox").fill("needle")
    expect(page.get_by_text("1 of 701 messages")).to_be_visible()
    expect(rows).to_have_text([re.compile("a needle")])
    page.get_by_role("searchbox").fill("haystack")
    expect(page.get_by_text("No message fits.")).to_be_visible()


def test_five_hundred_phones_are_found_as_somebody_types(console: Console) -> None:
    for number in range(500):
        console.emulator.handset(f"+1202555{1000 + number}", label=f"Guest{number:03}")
    console.open()
    page = console.page
    expect(page.get_by_text("500 phones")).to_be_visible()
    rows = page.locator(".handset-row")
    assert rows.count() < 40
    page.get_by_role("searchbox").press_sequentially("guest42")
    expect(page.get_by_text("10 phones of 500")).to_be_visible()
    expect(rows).to_have_count(10)
    page.get_by_role("searchbox").fill("+12025551007")
    expect(page.get_by_role("link", name="Guest007")).to_be_visible()
    expect(rows).to_have_count(1)


def test_it_goes_on_when_the_emulator_was_restarted(browser: Browser) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(port=port, host="127.0.0.1")
    context = browser.new_context()
    context.set_default_timeout(BROWSER)
    page = context.new_page()
    address = f"http://127.0.0.1:{port}/#/handsets/{ANN}/threads/+12025550100"
    with Emulator(settings) as emulator:
        emulator.handset(ANN, label="Ann").send("before")
        page.goto(address)
        expect(page.locator("[data-message]")).to_contain_text("before")
    expect(page.get_by_text("The emulator does not answer")).to_be_attached()
    with Emulator(settings) as emulator:
        expect(page.get_by_text("Live", exact=True)).to_be_attached()
        expect(page.locator("[data-message]")).to_have_count(0)
        emulator.handset(ANN, label="Ann").send("after")
        expect(page.locator("[data-message]")).to_contain_text("after")
    context.close()
