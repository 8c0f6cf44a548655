"""What a phone shows of each type of a template, which never is the word None."""

import json
from collections.abc import Callable

import pytest

from tests.core.conftest import ACCOUNT, ANN
from twilio_emulator.control.phones import look
from twilio_emulator.core.content import content_types, templates
from twilio_emulator.core.content.templates import AddContent, RequestApproval
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.buttons import MessageButton, buttons, press
from twilio_emulator.core.phones.inbox import InboxItems
from twilio_emulator.core.texts.media import TextMedia
from twilio_emulator.core.texts.text import Text, Texts

SENDER = "whatsapp:+14155238886"
Send = Callable[..., Text]
Advance = Callable[..., None]

SITE = {"type": "URL", "title": "Site", "url": "https://example.com/{{1}}"}
CALL = {"type": "PHONE_NUMBER", "title": "Call us", "phone": "+12025550101"}
YES = {"type": "QUICK_REPLY", "title": "Yes {{1}}", "id": "yes-{{1}}"}

TYPES: dict[str, tuple[dict[str, object], str | None, list[tuple[str, str]]]] = {
    "twilio/text": ({"body": "Hi {{1}}"}, "Hi 7", []),
    "twilio/media": ({"body": "Look {{1}}", "media": ["https://example.com/a.png"]}, "Look 7", []),
    "twilio/location": (
        {"latitude": 1.5, "longitude": -2, "label": "Shop {{1}}", "address": "Here"},
        "Shop 7\nHere",
        [],
    ),
    "twilio/quick-reply": (
        {"body": "Sure?", "actions": [YES, {"title": "No"}]},
        "Sure?",
        [("Yes 7", "QUICK_REPLY"), ("No", "QUICK_REPLY")],
    ),
    "twilio/call-to-action": (
        {
            "body": "See {{1}}",
            "actions": [
                SITE,
                CALL,
                {"type": "COPY_CODE", "code": "SALE{{1}}"},
                {"type": "VOICE_CALL"},
                {"type": "VOICE_CALL_REQUEST", "id": "call"},
            ],
        },
        "See 7",
        [
            ("Site", "URL"),
            ("Call us", "PHONE_NUMBER"),
            ("Copy code", "COPY_CODE"),
            ("Call on WhatsApp", "VOICE_CALL"),
            ("Call on WhatsApp", "VOICE_CALL_REQUEST"),
        ],
    ),
    "twilio/list-picker": (
        {
            "body": "Which?",
            "button": "All",
            "items": [{"id": "a", "item": "Apple {{1}}", "description": "red"}, {"id": "b"}, {}],
        },
        "Which?",
        [("Apple 7", "LIST_ITEM"), ("b", "LIST_ITEM")],
    ),
    "twilio/card": (
        {"title": "Shoe {{1}}", "subtitle": "on sale", "media": ["x"], "actions": [SITE, {}]},
        "Shoe 7\non sale",
        [("Site", "URL")],
    ),
    "twilio/carousel": (
        {
            "body": "New {{1}}",
            "cards": [
                {
                    "title": "Hat",
                    "body": "warm",
                    "media": "https://example.com/h",
                    "actions": [YES],
                },
                {"body": "wide", "media": "https://example.com/s", "actions": [YES, SITE]},
            ],
        },
        "New 7",
        [("Yes 7", "QUICK_REPLY"), ("Yes 7", "QUICK_REPLY"), ("Site", "URL")],
    ),
    "twilio/catalog": (
        {
            "title": "Shop {{1}}",
            "body": "Ours",
            "subtitle": "Fresh",
            "id": "cat",
            "items": [
                {"id": "sku-1", "section_title": "Fruit"},
                {"id": "sku-2", "name": "Pear", "price": 1.5, "description": "green"},
            ],
        },
        "Shop 7\nOurs\nFresh",
        [("sku-1", "PRODUCT"), ("Pear", "PRODUCT")],
    ),
    "twilio/flows": (
        {
            "body": "Book {{1}}",
            "button_text": "Start",
            "subtitle": "Soon",
            "pages": [],
            "type": "x",
        },
        "Book 7\nSoon",
        [("Start", "FLOW")],
    ),
    "twilio/schedule": (
        {"id": "s", "title": "When {{1}}?", "timeSlots": "Noon"},
        "When 7?\nNoon",
        [],
    ),
    "twilio/pay": ({"body": "Pay {{1}}"}, "Pay 7", []),
    "whatsapp/card": (
        {"header_text": "Top {{1}}", "body": "Middle", "footer": "End", "actions": [YES, CALL]},
        "Top 7\nMiddle\nEnd",
        [("Yes 7", "QUICK_REPLY"), ("Call us", "PHONE_NUMBER")],
    ),
    "whatsapp/flows": (
        {"body": "Form {{1}}", "button_text": "Fill in", "flow_id": "42", "media_url": "m"},
        "Form 7",
        [("Fill in", "FLOW")],
    ),
    "whatsapp/authentication": (
        {"actions": [{"type": "COPY_CODE", "copy_code_text": "Copy it"}]},
        "*7* is your verification code. For your security, do not share this code.",
        [("Copy it", "COPY_CODE")],
    ),
}


def arrived(world: World, send: Send, advance: Advance, types: dict[str, object]) -> Text:
    """A text with an approved template that says these, on Ann's phone."""
    sid = world.perform(AddContent(account=ACCOUNT, language="en", types=json.dumps(types))).sid
    world.perform(RequestApproval(account=ACCOUNT, content=sid, name="x", category="utility"))
    text = send(
        to=f"whatsapp:{ANN}",
        from_=SENDER,
        body=None,
        content_sid=sid,
        content_variables='{"1":"7"}',
    )
    for media in list(world[TextMedia]):
        world[TextMedia].put(media)
    advance(seconds=1)
    return world[Texts][text.sid]


def test_every_type_is_tried() -> None:
    assert set(TYPES) == set(content_types.RICHEST)


@pytest.mark.parametrize("kind", TYPES)
def test_a_type_shows_its_words_and_buttons(world: World, kind: str) -> None:
    fields, words, titles = TYPES[kind]
    wish = AddContent(account=ACCOUNT, language="en", types=json.dumps({kind: fields}))
    shown = templates.render(world.perform(wish), {"1": "7"})
    assert (shown.type, shown.body) == (kind, words)
    said = look.rendered(shown)
    assert said["text"] == words
    assert [(each["title"], each["kind"]) for each in said["buttons"]] == titles  # type: ignore[attr-defined]
    assert "None" not in json.dumps(said)


@pytest.mark.parametrize("kind", TYPES)
def test_a_type_arrives_at_a_phone(world: World, send: Send, advance: Advance, kind: str) -> None:
    fields, words, titles = TYPES[kind]
    fields = {name: fields[name] for name in fields if not name.startswith("media")}
    cards = [{**card, "media": None} for card in fields.get("cards", ())]  # type: ignore[attr-defined]
    text = arrived(world, send, advance, {kind: {**fields, **({"cards": cards} if cards else {})}})
    assert (text.status, text.body) == ("delivered", words)
    shown = look.item(world, world[InboxItems][text.sid])
    assert shown["body"] == words
    assert [each.title for each in buttons(world[InboxItems][text.sid])] == [
        title for title, _ in titles
    ]
    assert "None" not in json.dumps(shown, default=str)


def test_whatsapp_shows_the_richest_and_sms_what_it_can(
    world: World, send: Send, advance: Advance
) -> None:
    types = {"twilio/text": {"body": "Plain"}, "whatsapp/card": {"body": "Rich"}}
    text = arrived(world, send, advance, types)
    assert text.content is not None
    assert (text.content.type, text.body) == ("whatsapp/card", "Plain")
    by_sms = send(body=None, content_sid=text.content_sid)
    assert by_sms.content is not None
    assert (by_sms.content.type, by_sms.body) == ("twilio/text", "Plain")


@pytest.mark.parametrize("kind", sorted(set(TYPES) - {"twilio/text", "twilio/media"}))
def test_sms_shows_no_other_type(world: World, send: Send, kind: str) -> None:
    types = json.dumps({kind: TYPES[kind][0]})
    sid = world.perform(AddContent(account=ACCOUNT, language="en", types=types)).sid
    with pytest.raises(Refused) as refused:
        send(body=None, content_sid=sid, content_variables='{"1":"7"}')
    assert refused.value.code == 216602


def test_a_place_is_a_place(world: World, send: Send, advance: Advance) -> None:
    by_template = arrived(world, send, advance, {"twilio/location": TYPES["twilio/location"][0]})
    shown = look.item(world, world[InboxItems][by_template.sid])
    assert shown["location"] == {
        "latitude": "1.5",
        "longitude": "-2",
        "address": "Here",
        "label": "Shop 7",
    }
    nameless = arrived(
        world, send, advance, {"twilio/location": {"latitude": 1.5, "longitude": -2}}
    )
    assert nameless.body == ""
    assert look.item(world, world[InboxItems][nameless.sid])["location"] is not None
    geo = ("geo:37.78,-122.39|375 Beale St", "geo:1,2", "elsewhere")
    for action, label in zip(geo, ("375 Beale St", "", None), strict=True):
        text = send(to=f"whatsapp:{ANN}", from_=SENDER, body="", persistent_action=(action,))
        advance(seconds=1)
        place = look.item(world, world[InboxItems][text.sid])["location"]
        assert (place and place["label"]) == label  # type: ignore[index]


def test_a_button_of_a_card_is_pressed(world: World, send: Send, advance: Advance) -> None:
    cards = [{"body": "a", "actions": [YES]}, {"body": "b", "actions": [YES, SITE]}, "odd"]
    text = arrived(world, send, advance, {"twilio/carousel": {"body": "x", "cards": cards}})
    item = world[InboxItems][text.sid]
    assert [(each.title, each.card) for each in buttons(item)] == [
        ("Yes 7", 0),
        ("Yes 7", 1),
        ("Site", 1),
    ]
    first, second = press(world, ANN, text.sid, "Yes 7"), press(world, ANN, text.sid, "yes-7", 1)
    assert first is not None
    assert first == second
    assert press(world, ANN, text.sid, "Site", 1) is None
    with pytest.raises(Refused):
        press(world, ANN, text.sid, "Site", 0)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, [MessageButton(id="catalog", title="View catalog", kind="CATALOG")]),
        (
            {"id": "9", "dynamic_items": "{{2}}"},
            [MessageButton(id="9", title="View catalog", kind="CATALOG")],
        ),
        (
            {"dynamic_items": '[{"id":"sku"}]'},
            [MessageButton(id="sku", title="sku", kind="PRODUCT")],
        ),
    ],
)
def test_a_catalog_is_its_products_or_itself(
    world: World, fields: dict[str, object], expected: list[MessageButton]
) -> None:
    types = json.dumps({"twilio/catalog": {"body": "x", **fields}})
    made = world.perform(AddContent(account=ACCOUNT, language="en", types=types))
    assert look.rendered(templates.render(made, {}))["buttons"] == [
        look.button(each) for each in expected
    ]


@pytest.mark.parametrize(
    ("value", "shown"), [(True, ""), (None, ""), ({}, ""), ([1], ""), (1, "1"), ("x", "x")]
)
def test_only_texts_and_numbers_are_words(value: object, shown: str) -> None:
    assert content_types.said(value) == shown  # type: ignore[arg-type]


def test_files_are_those_of_the_type_and_its_cards() -> None:
    fields = {"media": ["a", "", 1], "media_url": "b", "cards": [{"media": "c"}, "odd", {}]}
    assert content_types.media(fields) == ("a", "b", "c")  # type: ignore[arg-type]
    assert content_types.media({"media": "a", "cards": "x"}) == ()
