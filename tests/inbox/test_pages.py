"""The other pages: journal, faults, clock, templates, accounts; addresses and keys."""

import re
from datetime import timedelta

from playwright.sync_api import Route, expect

from tests.inbox.console import Console

ANN = "+12025550199"


def test_the_journal_is_live_and_filtered(console: Console) -> None:
    emulator, page = console.emulator, console.page
    console.open("/journal")
    entry = page.get_by_role("button", name=re.compile("Text delivered"))
    sent = emulator.client().messages.create(to=ANN, from_=emulator.number, body="hello")
    expect(entry).to_be_visible()
    request = page.get_by_role("button", name=re.compile("POST 201"))
    expect(request).to_be_visible()

    page.get_by_role("button", name="Requests", exact=True).click()
    expect(request).to_be_hidden()
    page.get_by_role("searchbox").fill("text delivered nothing")
    expect(entry).to_be_hidden()
    page.get_by_role("searchbox").fill("textstatuschanged delivered")
    expect(page.locator(".log-link")).to_have_count(1)
    entry.click()
    detail = page.get_by_role("complementary", name="Entry")
    expect(detail.get_by_label("JSON")).to_contain_text('"status": "delivered"')
    assert re.search(r"#/journal/\d+", page.url)
    page.reload()
    expect(detail.get_by_label("JSON")).to_contain_text(sent.sid)
    detail.get_by_role("link", name=re.compile("^SM")).click()
    expect(console.inspector().get_by_role("link", name=sent.sid)).to_be_visible()


def test_the_journal_keeps_what_it_hears_while_it_reads(console: Console) -> None:
    page = console.page
    console.emulator.handset("+12025550198", label="Bob")
    added = page.get_by_role("button", name=re.compile("Handset added"))

    def answer_late(route: Route) -> None:
        answer = route.fetch()
        console.emulator.handset(ANN, label="Ann")
        expect(added).to_have_count(1)
        route.fulfill(response=answer)

    page.route("**/journal?**", answer_late)
    console.open("/journal")
    expect(added).to_have_count(2)


def test_the_journal_pauses(console: Console) -> None:
    page = console.page
    console.open("/journal")
    console.emulator.handset(ANN, label="Ann")
    added = page.get_by_role("button", name=re.compile("Handset added"))
    expect(added).to_have_count(1)
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Pause")).to_have_attribute("aria-pressed", "true")
    console.emulator.handset("+12025550198", label="Bob")
    expect(page.get_by_role("link", name="Handsets")).to_be_visible()
    expect(added).to_have_count(1)
    page.keyboard.press("p")
    expect(added).to_have_count(2)


def test_faults_are_made_and_removed(console: Console) -> None:
    emulator, page = console.emulator, console.page
    console.open("/faults")
    page.get_by_label("Error code").select_option("30008")
    page.get_by_label("How often").fill("2")
    page.get_by_label("and says").fill("regex:unlucky")
    page.get_by_role("button", name="Add the rule").click()
    rule = page.get_by_role("row").filter(has_text="30008")
    expect(rule).to_contain_text("2 ×")
    client = emulator.client()
    client.messages.create(to=ANN, from_=emulator.number, body="lucky")
    sent = client.messages.create(to=ANN, from_=emulator.number, body="unlucky")
    expect(rule).to_contain_text("1 ×")
    page.get_by_role("button", name="Remove the rule").click()
    expect(page.get_by_text("Nothing goes wrong on purpose.")).to_be_visible()
    console.open(f"/messages/{sent.sid}")
    expect(console.inspector()).to_contain_text("error 30008")


def test_the_carrier_is_changed(console: Console) -> None:
    console.open("/faults")
    console.page.get_by_label("Profile").select_option("no-dlr")
    console.page.get_by_label("Opt-outs hold").uncheck()
    console.page.reload()
    expect(console.page.get_by_label("Profile")).to_have_value("no-dlr")
    expect(console.page.get_by_label("Opt-outs hold")).not_to_be_checked()


def test_the_clock_is_frozen_and_moved(console: Console) -> None:
    emulator, page = console.emulator, console.page
    console.open("/clock")
    page.get_by_role("button", name="Frozen").click()
    expect(page.get_by_role("link", name=re.compile("Clock.*frozen"))).to_be_visible()
    shown, now = page.locator(".clock-time"), emulator.clock.now
    page.get_by_role("button", name="+ 1 h").click()
    now += timedelta(hours=1)
    expect(shown).to_have_text(f"{now:%H:%M:%S}")
    page.get_by_label("Advance by").fill("90")
    page.get_by_role("button", name="Advance by").click()
    now += timedelta(seconds=90)
    expect(shown).to_have_text(f"{now:%H:%M:%S}")
    sent = emulator.client().messages.create(to=ANN, from_=emulator.number, body="later")
    due = page.get_by_role("button", name="Advance to it")
    expect(due).to_be_visible()
    page.get_by_role("button", name="+ 10 s").click()
    expect(page.get_by_text("No timer is set.")).to_be_visible()
    assert emulator.client().messages(sent.sid).fetch().status == "delivered"
    page.get_by_label("Advance to").fill("2001-01-01T00:00:00Z")
    page.get_by_role("button", name="Advance to").click()
    console.noted("no clock runs back")


def test_a_template_is_shown_and_rejected(console: Console) -> None:
    emulator, page = console.emulator, console.page
    types = {
        "twilio/quick-reply": {
            "body": "Shall we bring it, {{1}}?",
            "actions": [{"type": "QUICK_REPLY", "title": "Yes", "id": "yes"}],
        }
    }
    emulator.client().http_client.request(
        "POST",
        "https://content.twilio.com/v1/Content",
        headers={"Content-Type": "application/json"},
        data={"friendly_name": "parcel", "language": "en", "types": types},
        auth=(emulator.account_sid, emulator.auth_token),
    )
    console.open("/templates")
    expect(page.get_by_role("heading", name="parcel")).to_be_visible()
    expect(page.get_by_text("Shall we bring it, {{1}}?")).to_be_visible()
    expect(page.get_by_role("button", name="Yes")).to_be_disabled()
    page.get_by_label("Status").select_option("rejected")
    page.get_by_label("Reason").fill("too pushy")
    page.get_by_role("button", name="Say so").click()
    expect(page.get_by_text("too pushy").first).to_be_visible()
    page.get_by_role("link", name=re.compile("^HX")).click()
    assert "#/templates/HX" in page.url


def test_another_account_is_opened_and_closed(console: Console) -> None:
    page = console.page
    console.emulator.handset(ANN, label="Ann")
    console.open("/accounts")
    page.get_by_role("button", name="New account").click()
    expect(page.get_by_role("heading", name="No phone has rung yet")).to_be_visible()
    sid = re.search(r"account=(AC\w+)", page.url)
    assert sid is not None
    assert sid[1] != console.emulator.account_sid
    console.go("Accounts")
    page.get_by_role("button", name=f"Close {sid[1]}").click()
    expect(page.get_by_role("heading", name=sid[1])).to_be_hidden()
    assert "account=" not in page.url


def test_a_token_is_made_for_a_front_end(console: Console) -> None:
    console.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    console.open("/accounts")
    console.page.get_by_label("Identity").fill("alice")
    console.page.get_by_role("button", name="Copy a token").click()
    console.noted("Access token for alice copied")
    token = console.page.evaluate("navigator.clipboard.readText()")
    assert token.count(".") == 2


def test_what_is_not_there_is_said(console: Console) -> None:
    console.open("/nowhere")
    expect(console.page.get_by_text("There is no page nowhere.")).to_be_visible()
    console.open("/__proto__")
    expect(console.page.get_by_text("There is no page __proto__.")).to_be_visible()


def test_everything_is_reached_by_the_keyboard(console: Console) -> None:
    page = console.page
    for name, address in (("Ann", ANN), ("Ben", "+12025550123"), ("Carla", "+12025550145")):
        console.emulator.handset(address, label=name)
    console.open()
    expect(page.get_by_role("link", name="Carla")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("car")
    page.keyboard.press("Enter")
    carla = console.phone("Carla").part
    expect(carla).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(carla).to_be_hidden()
    page.get_by_role("searchbox").fill("")
    page.get_by_role("searchbox").press("Escape")
    page.keyboard.press("j")
    expect(page.locator("[aria-posinset='1'] a")).to_have_attribute("aria-current", "true")
    page.keyboard.press("j")
    first = page.locator("[aria-posinset='2'] a")
    expect(first).to_have_attribute("aria-current", "true")
    page.keyboard.press("k")
    expect(page.locator("[aria-posinset='1'] a")).to_have_attribute("aria-current", "true")
    page.keyboard.press("?")
    help_page = page.get_by_role("dialog", name="Keyboard")
    expect(help_page).to_contain_text("Next phone")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("f")
    expect(page.get_by_role("heading", name="Faults and carrier")).to_be_visible()


def test_the_theme_is_chosen_and_kept(console: Console) -> None:
    page = console.page
    page.emulate_media(color_scheme="dark")
    console.open()

    def ground() -> str:
        colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return colour

    dark = ground()
    page.get_by_role("button", name="Theme of the system").click()
    light = ground()
    assert light != dark
    page.reload()
    assert ground() == light
    page.get_by_role("button", name="Light theme").click()
    page.emulate_media(color_scheme="light")
    assert ground() == dark
    page.get_by_role("button", name="Dark theme").click()
    assert ground() == light


def test_what_people_look_at_is_cleared(console: Console) -> None:
    emulator, page = console.emulator, console.page
    ann = emulator.handset(ANN, label="Ann")
    ann.send("one")

    def clear(name: str) -> None:
        page.get_by_role("button", name=name, exact=True).click()
        page.get_by_test_id("confirm-clear").click()
        expect(page.get_by_role("dialog")).to_have_count(0)

    console.open(f"/handsets/{ANN}")
    phone = console.phone("Ann")
    expect(phone.part.get_by_text("You: one")).to_be_visible()
    clear("Clear this phone")
    expect(phone.part.get_by_text("Nothing yet.")).to_be_visible()

    ann.send("two")
    expect(phone.part.get_by_text("You: two")).to_be_visible()
    console.open("/messages")
    expect(page.locator(".message-link")).to_have_count(2)
    clear("Clear the messages")
    expect(page.get_by_text("No message yet.")).to_be_visible()
    expect(page.get_by_text("0 messages")).to_be_visible()

    console.go("Journal")
    expect(page.locator(".log-row").first).to_be_visible()
    page.get_by_role("button", name="Clear the journal").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".log-row").first).to_be_visible()
    clear("Clear the journal")
    expect(page.get_by_text("Nothing has happened yet.")).to_be_visible()

    console.open(f"/handsets/{ANN}")
    expect(phone.part.get_by_text("Nothing yet.")).to_be_visible()
    clear("Remove all phones")
    expect(page.get_by_text("0 phones")).to_be_visible()
    expect(page.get_by_text("No phone yet.")).to_be_visible()
    expect(phone.part).to_have_count(0)


def test_a_text_that_nobody_hears_says_what_to_do(console: Console) -> None:
    emulator, page = console.emulator, console.page
    emulator.handset(ANN, label="Ann")
    console.open(f"/handsets/{ANN}/threads/{emulator.number}")
    phone = console.phone("Ann")
    phone.write("Anybody?")
    note = page.get_by_test_id("note").filter(has_text=f"{emulator.number} has no SmsUrl.")
    expect(note).to_have_count(1)
    phone.write("Nobody?")
    expect(phone.message("Nobody?")).to_be_visible()
    expect(note).to_have_count(1)  # once is enough
    phone.do("Nobody?", "Inspect this message")
    expect(console.inspector()).to_contain_text("Webhook not sent: inbound text")
    expect(console.inspector()).to_contain_text(f"{emulator.number} has no SmsUrl: set it with")

    console.go("Alerts")
    hint = page.get_by_test_id("hint")
    expect(hint).to_have_count(1)
    expect(hint).to_contain_text(f"PATCH /_emulator/v1/numbers/{emulator.number}")
    hint.get_by_role("link", name="Webhooks of numbers and services").click()
    form = page.get_by_test_id(f"webhooks-of-{emulator.number}")
    form.get_by_text("All its webhooks").click()
    form.get_by_label("A text comes in", exact=True).fill("http://127.0.0.1:1/sms")
    form.get_by_label("Method, when a text comes in").select_option("GET")
    form.get_by_test_id("save-webhooks").click()
    quick = page.get_by_label(f"Webhook of {emulator.number}")
    expect(quick).to_have_value("http://127.0.0.1:1/sms")
    console.open(f"/handsets/{ANN}/threads/{emulator.number}")
    phone.write("And now?")
    console.go("Alerts")
    alert = page.get_by_test_id("alert")
    expect(alert.locator("summary")).to_contain_text("GET http://127.0.0.1:1/sms")
    expect(alert.get_by_label("Parameters")).to_be_hidden()
    alert.locator("summary").click()
    expect(alert.get_by_label("Parameters")).to_contain_text("And now?")


def test_webhooks_of_a_whatsapp_sender_and_of_conversations_are_set(console: Console) -> None:
    emulator, page = console.emulator, console.page
    console.open(f"/numbers/{emulator.whatsapp_number}")
    form = page.get_by_test_id(f"webhooks-of-{emulator.whatsapp_number}")
    form.get_by_text("All its webhooks").click()
    form.get_by_label("A text comes in", exact=True).fill("http://localhost:3000/whatsapp")
    form.get_by_label("A message has another status", exact=True).fill("http://localhost:3000/st")
    form.get_by_test_id("save-webhooks").click()
    quick = page.get_by_label(f"Webhook of {emulator.whatsapp_number}")
    expect(quick).to_have_value("http://localhost:3000/whatsapp")
    number = emulator.client().messaging.v2.channels_senders.list(channel="whatsapp")[0]
    assert number.sid is not None
    shown = emulator.client().messaging.v2.channels_senders(number.sid).fetch()
    assert shown.webhook is not None
    assert shown.webhook["callback_url"] == "http://localhost:3000/whatsapp"

    account = page.get_by_test_id("webhooks-of-account")
    account.locator("summary").click()
    account.get_by_label("After it happened").fill("not an address")
    account.get_by_test_id("save-webhooks").click()
    expect(account.locator("summary")).to_contain_text("nobody is told")
    account.get_by_label("After it happened").fill("http://localhost:3000/talk")
    account.get_by_test_id("save-webhooks").click()
    expect(account.locator("summary")).to_contain_text("no event is named")
    account.get_by_label("onMessageAdded", exact=True).check()
    account.get_by_test_id("save-webhooks").click()
    expect(account.locator("summary")).to_contain_text("http://localhost:3000/talk")
    hooks = emulator.client().conversations.v1.configuration.webhooks().fetch()
    assert (hooks.post_webhook_url, hooks.filters) == (
        "http://localhost:3000/talk",
        ["onMessageAdded"],
    )


def test_faults_are_chosen_from_what_is_known(console: Console) -> None:
    page = console.page
    console.open("/faults")
    kind = page.get_by_test_id("fault-kind")
    kind.select_option("api_error")
    page.locator("select[name=api_error]").select_option("21610 400")
    page.get_by_test_id("add-fault").click()
    expect(page.get_by_role("row").filter(has_text="21610")).to_contain_text('"status":400')
    kind.select_option("delay")
    page.get_by_label("While it is").select_option("queued")
    page.get_by_label("Milliseconds").fill("")
    page.get_by_test_id("add-fault").click()
    expect(page.get_by_role("row").filter(has_text="queued")).to_have_count(0)
    page.get_by_label("Milliseconds").fill("500")
    page.get_by_test_id("add-fault").click()
    expect(page.get_by_role("row").filter(has_text="queued")).to_contain_text("500")
    kind.select_option("refuse")
    page.get_by_label("If its identity is").fill("alice")
    page.get_by_test_id("add-fault").click()
    expect(page.get_by_role("row").filter(has_text="alice")).to_contain_text("refuse")


def test_what_is_empty_says_so(console: Console) -> None:
    emulator, page = console.emulator, console.page
    emulator.handset(ANN, label="Ann")
    page.route("**/_emulator/v1/journal?**", lambda route: route.continue_())
    console.open(f"/handsets/{ANN}/threads/{emulator.number}")
    expect(page.get_by_text("Nothing was said yet.")).to_be_visible()
    console.open("/handsets")
    page.get_by_test_id("search").fill("nobody")
    expect(page.get_by_text("No phone fits.")).to_be_visible()
    console.open("/conversations")
    expect(page.get_by_text("No conversation yet.")).to_be_visible()
    console.open("/webhooks")
    expect(page.get_by_text("Nothing has happened yet.")).to_be_visible()
    console.open("/journal")
    page.get_by_test_id("search").fill("nobody at all")
    expect(page.get_by_text("No entry fits.")).to_be_visible()
    console.open("/alerts")
    expect(page.get_by_text("No alerts. A webhook that fails raises one.")).to_be_visible()


def test_a_number_that_is_none_is_told_what_one_looks_like(console: Console) -> None:
    page = console.page
    console.open("/handsets")
    page.get_by_test_id("add-phone").click()
    number = page.get_by_label("Number")
    number.fill("Ann")
    page.keyboard.press("Enter")
    assert number.evaluate("input => !input.validity.valid && input.title") == (
        "A number with its country code, such as +12025550199"
    )
    # What the emulator refuses is told above the dialog, which would cover it.
    number.fill("+1 555")
    page.keyboard.press("Enter")
    note = page.get_by_test_id("note")
    expect(note).to_be_visible()
    box = note.bounding_box()
    assert box is not None
    on_top = "([x, y]) => document.elementsFromPoint(x, y).length > 0"
    assert page.evaluate(on_top, [box["x"] + 5, box["y"] + 5])
    assert page.evaluate("document.querySelector('[data-test=notes]').matches(':popover-open')")


def test_every_control_call_can_be_tried(console: Console) -> None:
    page = console.page
    console.open("/calls")
    page.keyboard.press("/")
    page.keyboard.type("faults post")
    call = page.get_by_test_id("call").locator("visible=true")
    expect(call).to_have_count(1)
    call.get_by_text("/faults").click()
    expect(page).to_have_url(re.compile("#/calls/add_fault"))
    expect(call.get_by_label("times")).to_have_value("1")

    call.get_by_label("Example").select_option("1")
    code = call.get_by_role("group", name="api_error").get_by_label("code")
    expect(code).to_have_value("20429")
    code.fill("")
    call.get_by_role("button", name="Try it").click()
    expect(call.get_by_role("status")).to_contain_text("400")
    expect(code).to_be_focused()
    expect(code).to_have_attribute("aria-invalid", "true")
    expect(code).to_have_accessible_description(re.compile("missing required field code"))

    code.fill("20429")
    call.get_by_role("button", name="As JSON").click()
    expect(call.get_by_label("Body", exact=True)).to_have_value(re.compile("20429"))
    call.get_by_role("button", name="Try it").press("Enter")
    expect(call.get_by_role("status")).to_contain_text("201")
    expect(call.get_by_test_id("call-answer")).to_contain_text('"id"')
    assert len(console.call("/faults", None, "GET")["faults"]) == 1

    page.get_by_test_id("search").fill("remove_faults")
    call.get_by_text("/faults").click()
    call.get_by_role("button", name="Try it").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert len(console.call("/faults", None, "GET")["faults"]) == 1
    call.get_by_role("button", name="Try it").click()
    page.get_by_role("button", name="Do it").click()
    expect(call.get_by_role("status")).to_contain_text("204")
    assert len(console.call("/faults", None, "GET")["faults"]) == 0
