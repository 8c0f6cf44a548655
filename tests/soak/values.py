"""What is put into parameters: what fits, and what nobody should ever send."""

import json
from random import Random
from typing import Any

PHONES = ("+12025550190", "+12025550191", "whatsapp:+12025550190", "whatsapp:+4915200000001")
NUMBERS = ("+12025550100", "+12025550101", "whatsapp:+14155238886")
IDENTITIES = ("alice", "bob", "zoë@example.com", "a/b", "100%", "+12025550190")
ADDRESSES = PHONES + NUMBERS
MOMENTS = ("2015-12-16T22:18:37Z", "2026-01-05T09:00:00.5+02:00", "2026-01-06T10:00:00Z")
ODD_MOMENTS = (
    "2026-01-07",
    "2100-01-01T00:00:00Z",
    "9999-12-31",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59",
    "2026-02-30T00:00:00Z",
    "Mon, 05 Jan 2026 09:00:00 +0000",
)
DURATIONS = ("PT1M", "PT10M", "PT1H", "P1D", "")
ODD_DURATIONS = ("PT0S", "-PT1M", "P4W", "P1Y", "P99999999999Y", "P" + "9" * 4000 + "D", "60")
TEXTS = ("Hello", "STOP", "START", "HELP", "Grüße, 世界 👩‍👩‍👧", "a\nb\r\nc")
DOCUMENTS = ("{}", '{ "a" : 1 }', "[]", "0", '"x"', "null")
ODD_DOCUMENTS = ("{", '{"a":NaN}', "[" * 5000, "1e999", '{"a":1,"a":2}', '"\\ud800"', "9" * 5000)
VARIABLES = ('{"1":"John"}', "{}")
ODD_VARIABLES = ('{"1":1}', "[]", '{"":""}', '{"1":"' + "x" * 300 + '"}', '{"1":"\\ud800"}', "{")
PEOPLE = (
    '{"identity":"alice"}',
    '{"identity":"bob","attributes":"{}"}',
    '{"messaging_binding":{"address":"+12025550190","proxy_address":"+12025550100"}}',
)
ODD_PEOPLE = (
    '{"messaging_binding":{"projected_address":"+12025550101"}}',
    '{"messaging_binding":[]}',
    '{"identity":1}',
    '{"identity":"\\ud800"}',
    "[]",
    "",
)
PERMISSIONS = ("sendMessage", "joinConversation", "createConversation", "addParticipant")

Pool = tuple[tuple[str, ...], tuple[str, ...]]
"""What fits, and what almost does."""

BY_NAME: dict[str, Pool] = {
    "Address": (ADDRESSES, IDENTITIES),
    "Attributes": (DOCUMENTS, ODD_DOCUMENTS),
    "Author": (IDENTITIES + PHONES, NUMBERS),
    "Body": (TEXTS, ("x" * 1601, "x" * 33_000, "a\x00b", "{{1}}")),
    "Closed": (DURATIONS, ODD_DURATIONS),
    "ContentVariables": (VARIABLES, ODD_VARIABLES),
    "DefaultClosedTimer": (DURATIONS, ODD_DURATIONS),
    "DefaultInactiveTimer": (DURATIONS, ODD_DURATIONS),
    "EndDate": (MOMENTS, ODD_MOMENTS),
    "Filters": (("onMessageAdded", "onMessageAdd", "onConversationUpdated"), ("onNothing",)),
    "From": (NUMBERS, PHONES),
    "Identity": (IDENTITIES, PHONES),
    "Inactive": (DURATIONS, ODD_DURATIONS),
    "IsoCountry": (("US", "DE"), ("us", "XX")),
    "Participant": (PEOPLE, ODD_PEOPLE),
    "Permission": (PERMISSIONS, ("fly",)),
    "PhoneNumber": (("+12025550142", "+15005550006", "+12025550143"), ADDRESSES),
    "ProjectedAddress": (NUMBERS, PHONES),
    "ProxyAddress": (NUMBERS, PHONES),
    "StartDate": (MOMENTS, ODD_MOMENTS),
    "To": (PHONES, (*NUMBERS, "alice", "messenger:1")),
    "UniqueName": (("ticket 1", "ticket 2", "", "a/b"), ("CH" + "0" * 32, "x" * 300)),
    "WebhookFilters": (("onMessageAdded", "onParticipantAdded"), ("onNothing",)),
}
"""By the last part of a parameter's name."""

BY_FORM: dict[str, Pool] = {
    "date": (MOMENTS, ODD_MOMENTS),
    "date-time": (MOMENTS, ODD_MOMENTS),
    "http-method": (("GET", "POST"), ("get", "PUT")),
    "iso-country-code": (("US", "DE"), ("us", "XX")),
    "phone-number": (ADDRESSES, IDENTITIES),
}
"""By the format that Twilio's file names."""

NAUGHTY = (
    "",
    " ",
    "null",
    "undefined",
    "true",
    "-1",
    "0",
    "²",
    "٣",
    "1_000",
    "1e309",
    "9" * 25,
    "9" * 5000,
    "NaN",
    "\x00",
    "\ufeff",
    "\u202egnip",
    "e\u0301" * 50,
    "👩‍👩‍👧",
    "a\r\nX-Injected: yes",
    "../../../etc/passwd",
    "%",
    "%00",
    "%ff",
    "{}",
    "[]",
    '{"a":',
    "[" * 20_000,
    "(",
    "a{9999999999}",
    "(?P<a>",
    "\\",
    "<Response/>",
    "http://[::1",
    "http://127.0.0.1:99999/",
    "http:///",
    "ftp://127.0.0.1/",
    "whatsapp:",
    "messenger:1",
    "client:",
    "+",
    "+1",
    "+" + "1" * 40,
    "x" * 257,
    "x" * 70_000,
    "🙂" * 20_000,
    "CH" + "G" * 32,
    "ch" + "0" * 32,
    "__class__",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "PT",
    "P1Y2M3W4DT5H6M7.8S",
    "2026-13-45T99:99:99Z",
    "0000-00-00T00:00:00Z",
    "-99999-01-01",
)

TEMPLATES: tuple[Any, ...] = (
    {"twilio/text": {"body": "Hello {{1}}"}},
    {"twilio/media": {"body": "See", "media": ["http://127.0.0.1:1/a.png"]}},
    {
        "twilio/quick-reply": {
            "body": "Well?",
            "actions": [{"title": "Yes", "id": "y"}, {"title": "No", "id": "n"}],
        }
    },
    {"twilio/card": {"title": "A", "actions": [{"type": "URL", "url": "x", "title": "B"}]}},
    {"twilio/list-picker": {"body": "a", "button": "b", "items": [{"id": "1", "item": "c"}]}},
    {"whatsapp/card": None},
    {"twilio/text": []},
    {"unknown/type": {}},
    {},
    [],
)


class Values:
    """Values, from one stream of random numbers.

    Args:
        urls: addresses that may be called without harm, and some that are none.
    """

    def __init__(self, dice: Random, urls: Pool) -> None:
        self.dice = dice
        self.urls = urls

    def of(self, pool: Pool) -> str:
        """One that fits, or rarely one that almost does."""
        return self.dice.choice(pool[self.dice.random() < 0.06])

    def naughty(self) -> str:
        """What nobody should ever send."""
        choice = self.dice.choice(NAUGHTY)
        return choice if self.dice.random() < 0.8 else choice + self.dice.choice(NAUGHTY)

    def document(self, depth: int = 0) -> Any:
        """Some JSON."""
        dice = self.dice
        kind = dice.randrange(9 if depth < 3 else 7)
        match kind:
            case 0:
                return dice.choice((None, True, False))
            case 1:
                return dice.choice((0, -1, 1.5, 2**70, 1e300))
            case 2:
                return dice.choice(("\ud800", "\udfff\ud800", "\x00"))
            case 3 | 4:
                return self.naughty()
            case 5 | 6:
                return dice.choice(IDENTITIES + ADDRESSES + TEXTS)
            case 7:
                return [self.document(depth + 1) for _ in range(dice.randrange(4))]
            case _:
                return {
                    dice.choice(("body", "media", "actions", "1", "", "\ud800")): self.document(
                        depth + 1
                    )
                    for _ in range(dice.randrange(4))
                }

    def template(self) -> Any:
        """What a content template may be made of, or a little less."""
        said = {
            "friendly_name": self.dice.choice(("greeting", "", self.document(2))),
            "language": self.dice.choice(("en", "en", "de", "", self.document(2))),
            "variables": self.dice.choice(({"1": "John"}, {}, None, self.document(1))),
            "types": self.dice.choice((*TEMPLATES, self.document())),
            "name": self.dice.choice(("greeting", "Not So", self.document(2))),
            "category": self.dice.choice(("UTILITY", "utility", "", self.document(2))),
            "sender_id": self.dice.choice((*ADDRESSES, "whatsapp:+4915200000002", "x")),
            "configuration": self.dice.choice(({"waba_id": "1"}, {}, self.document(1))),
            "webhook": self.dice.choice(({"callback_url": ""}, {}, self.document(1))),
            "profile": self.dice.choice(({"name": "Shop"}, {"vertical": "x"}, self.document(1))),
            "command": "get",
            "list": self.dice.choice(([{"media_sid": "ME" + "0" * 32}], [], self.document(1))),
        }
        for name in list(said):
            if self.dice.random() < 0.1:
                del said[name]
        return said

    def body(self) -> bytes:
        """A JSON body, rarely a broken one."""
        if self.dice.random() < 0.1:
            return self.dice.choice((b"", b"{", b"\xff", b"[" * 100_000, b'"', b"nul", b"[]", b"7"))
        said = self.template() if self.dice.random() < 0.85 else self.document()
        return json.dumps(said).encode()
