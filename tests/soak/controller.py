"""Makes calls of the control API: most of them sensible, many of them a little off."""

import json
import re
from collections.abc import Iterable
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

from tests.soak.requests import Sent
from tests.soak.values import ADDRESSES, IDENTITIES, MOMENTS, NUMBERS, PHONES, TEXTS, Values

PREFIX = "/_emulator/v1"
HOLE = re.compile(r"\{(\w+)\}")
SIDS = re.compile(rb"\b[A-Z]{2}[0-9a-f]{32}\b")
REWRITTEN = "\x00raw\x00"

EDGES = (
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999Z",
    "9999-12-31T23:59:59-14:00",
    "9999-01-01T00:00:00Z",
)
RAW = (
    *("1e999", "-1e999", "NaN", "Infinity", "9" * 5000, "-" + "9" * 400, "1" + "0" * 19),
    *("[" * 600 + "]" * 600, '{"a":' * 600 + "1" + "}" * 600, '"\\ud800"', '"\\udfff\\ud800"'),
    *('"\\u0000"', '"a\\r\\nX-Injected: yes"', "1.5", "-0", "0.1e-400", "tru", "'x'", ""),
)
"""Values as they stand in a body that no library would write."""

NUMBERS_ODD = (0, -1, 1, 2, 10**18, 10**19, 2**63, -(2**63), 2**70, 1.5, 1e300, True, None)

COLOURS: dict[str, tuple[Any, ...]] = {
    "account": (),
    "address": PHONES,
    "advance": (1, 60, "PT10M", 0.5, "P1D", 0, "P36500D", 3e9, "-PT1M", -1, 1e18),
    "after": (0, 1, 50, "now", -1, 10**6),
    "as": ("delivered", "undelivered", "read", "sent", "failed", "lost"),
    "attributes": ("{}", '{"a":1}', "{", "[" * 500 + "]" * 500, "1e999", '"\\ud800"'),
    "author": IDENTITIES,
    "base64": ("aGVsbG8=", "", "!", "iVBORw0KGgo="),
    "before": (1, 100, 10**6, 0, -1),
    "blocked_senders": ([], ["+12025550100"], "x"),
    "body": TEXTS,
    "button": ("Yes", "No", "x"),
    "carrier": ("ideal", "flaky", "realistic", "strict-us", "no-dlr", "lossy"),
    "channel": ("sms", "whatsapp", "rcs", "fax", ""),
    "channels": (["sms"], ["sms", "whatsapp"], [], ["fax"], "sms"),
    "clock": ("frozen", "real", "x60", "x0", "x" + "9" * 6, "x1" + "0" * 400, "y"),
    "code": (20103, 51205, -1),
    "contains": ("Hello", "", "é"),
    "content_type": ("image/png", "text/plain", "x", "a/b\r\nc: d"),
    "count": (1, 2, 0, -1),
    "cursor": ("1-SM" + "0" * 32, "x", "0-", "999999999999999999-a"),
    "direction": ("inbound", "outbound", "to_handset", "from_handset", "up"),
    "error_code": (30003, 30008, 21610, 0, -1, 99999),
    "event": ("onMessageAdded", "x"),
    "extra_inbound_params": ({"A": "b"}, {}, {"A\r\nB": "c"}),
    "extra_params": ({"A": "b"}, {}),
    "filename": ("a.png", "ü\r\n.png", "\ud800", "../x"),
    "filters": ([], ["lottery"], ["("], ["(a+)+$"], ["a{99999999999}"]),
    "friendly_name": ("Support", "", "x" * 300),
    "from": ADDRESSES,
    "handset": PHONES,
    "identity": IDENTITIES,
    "index": (0, 1, -1, 10**6),
    "keyword": ("STOP", "START", "HELP", ""),
    "kinds": ("command", "event,webhook", "x"),
    "label": ("Ann", "", None),
    "latitude": ("52.5", 52.5, 1e300),
    "limit": (1, 10, 100, 0, -1, 10**18, "9" * 19),
    "line_type": ("mobile", "landline", "x"),
    "link_domain": ("links.example", "", "a/b"),
    "longitude": ("13.4", 13.4),
    "mode": ("real", "frozen", "x60", "frozen", "frozen", "xx"),
    "name": ("body", "a.yaml", "../x"),
    "network": ("online", "airplane", "roaming_lossy", "x"),
    "newest": (1, 100, 0, -1, 10**19),
    "now": (*MOMENTS, "2026-01-07", *EDGES),
    "numbers": ([], ["+12025550142"], ["whatsapp:+12025550142"], ["x"], ["+1202555\u0660142"]),
    "open": (True, False, None),
    "open_until": (*MOMENTS, *EDGES),
    "others": ([], ["+12025550191"], ["x"]),
    "peer": NUMBERS,
    "power": ("on", "off", "x"),
    "profile": ("ideal", "flaky", "realistic", "strict-us", "no-dlr", "lossy"),
    "proxy_address": NUMBERS,
    "public_url": ("http://emulator.test", "https://twilio.com", "x", "http://[", "http://a\r\nb"),
    "read_receipts": ("auto", "off", "x"),
    "receipts": ("auto", "hold", "none", "x"),
    "recipient": PHONES,
    "reconnect_min_ms": (0, 1000, -1, 10**19),
    "regex": ("H.l", "(", "(a+)+$", "a{99999999999}", "(?=a)", "[[:x:]]", "\ud800"),
    "reply_limit": (0, 15, -1),
    "reply_to": (),
    "retry_window": (0, 60, 172800, 10**19, -1),
    "sandbox_code": ("join me", "abc", ""),
    "scope": NUMBERS,
    "seed": (0, 1, -1, 2**70),
    "send_at": MOMENTS,
    "since": (0, 1, -1, 10**19),
    "sms_method": ("POST", "GET", "PUT"),
    "sms_url": ("", "http://127.0.0.1:9/sms", "x", "http://127.0.0.1:9/\r\nx", "http://[::1"),
    "state": ("pending", "delivered", "active", "inactive", "closed", "x"),
    "status": ("delivered", "undelivered", "approved", "rejected", 308, 410, -1, "lost"),
    "text": ("Hello",),
    "throughput": ({"long_code": 1}, {"toll_free": 0}, {"x": 1}, {"long_code": 1e-320}),
    "timeout": (0, 0, 0, -1, 601, 1e300, "nan", "inf"),
    "times": (1, 2, 0, -1, 10**19),
    "title": ("Recorded", "", "a\nb", "x" * 3000),
    "to": ADDRESSES,
    "ttl": (3600, 1, 0, -1, 10**19, 86400),
    "types": ("message.status", "*", "webhook.failed", "x,y"),
    "unique_name": ("ticket 1", "ticket 2", "a/b", "x" * 300),
    "url": ("http://127.0.0.1:9/a.png", "x", "http://127.0.0.1:9/a b", "http://127.0.0.1:9/\r\n"),
    "wait": ("webhook", "x"),
    "webhook_rewrites": ({"http://a": "http://b"}, {}, {"x": 1}),
    "without": ("", "SM" + "0" * 32),
}
"""What a field may hold, by its name, and some of it almost."""

PHONE = (
    *("label", "country", "profile_name", "channels", "line_type", "carrier_name", "mcc", "mnc"),
    *("power", "network", "mms_supported", "storage_full", "receipts", "read_receipts"),
    *("blocked_senders", "tags", "city", "state", "zip"),
)
FILTER = ("to", "from", "peer", "channel", "direction", "contains", "regex", "state")
CARRIER = (
    *("profile", "auto_provision", "any_sender", "opt_outs", "whatsapp_window", "filters"),
    *("magic_numbers_on_live", "lookup_at_api", "retry_window", "forbidden_countries"),
    *("throughput", "queue_seconds", "reply_limit", "approval_mode", "extra_inbound_params"),
    "webhook_rewrites",
)
MATCH = ("to", "from", "channel", "body", "service", "direction", "identity")

QUERIES: dict[str, tuple[str, ...]] = {
    "GET /token": ("identity", "service_sid", "ttl"),
    "GET /journal": ("after", "before", "limit", "newest", "kinds"),
    "GET /events": ("types", "handset", "after"),
    "GET /messages": (
        "contains",
        "to",
        "from",
        "channel",
        "direction",
        "status",
        "limit",
        "cursor",
    ),
    "GET /alerts": ("limit", "error_code"),
    "GET /webhooks": ("after", "before", "limit", "subject", "event"),
    "GET /handsets": ("limit", "cursor"),
    "GET /handsets/{address}/messages": (*FILTER, "since", "before", "limit"),
    "GET /handsets/{address}/messages/wait": (*FILTER, "after", "count", "timeout", "without"),
    "GET /wait": (*FILTER, "after", "count", "timeout", "without"),
    "POST /handsets/{address}/messages": ("wait",),
    "POST /handsets/{address}/optout": ("wait",),
    "DELETE /connections": ("status", "code", "message", "reconnect_min_ms"),
    "DELETE /connections/{connection}": ("status", "code", "message", "reconnect_min_ms"),
    "GET /conversations": ("limit", "cursor"),
    "GET /conversations/{conversation}/messages": ("after", "before", "limit"),
    "DELETE /optouts": ("recipient", "scope"),
    "GET /content": ("limit", "cursor"),
    "GET /recording": ("title",),
    "POST /scenarios": ("name",),
    "POST /scenarios/check": ("name",),
}

BODIES: dict[str, tuple[str, ...]] = {
    "POST /accounts": (
        *("friendly_name", "numbers", "seed", "clock", "now", "carrier", "public_url"),
    ),
    "POST /tokens": ("identity", "service_sid", "ttl"),
    "POST /clock": ("mode", "now", "advance", "settle"),
    "PUT /handsets/{address}": PHONE,
    "PATCH /handsets/{address}": PHONE,
    "POST /handsets/{address}/messages": (
        *("to", "body", "channel", "media", "others", "reply_to", "forwarded", "location"),
        *("referral", "extra_params"),
    ),
    "POST /handsets/{address}/optout": ("to", "keyword"),
    "POST /handsets/{address}/messages/{item}/press": ("button", "id", "list_id", "card"),
    "POST /messages/{message}/receipt": ("status", "error_code", "after_ms"),
    "POST /receipts/release": ("match", "as", "error_code"),
    "POST /conversations": ("friendly_name", "unique_name", "service_sid"),
    "PATCH /conversations/{conversation}": (
        *("friendly_name", "unique_name", "attributes", "state", "timers_inactive"),
    ),
    "POST /conversations/{conversation}/participants": (
        *("identity", "address", "proxy_address", "projected_address"),
    ),
    "POST /conversations/{conversation}/participants/{participant}/read": ("index",),
    "POST /conversations/{conversation}/messages": ("author", "body", "attributes", "media"),
    "PUT /optouts": ("recipient", "scope"),
    "PUT /services/{service}/advanced-optout": ("wordings",),
    "PATCH /whatsapp/windows/{address}/{sender}": ("open", "open_until"),
    "POST /content/{content}/approval": ("status", "reason"),
    "PATCH /numbers/{address}": (
        *("sms_url", "sms_method", "verified", "sandbox_code", "status_callback"),
        *("sms_fallback_url", "sms_fallback_method"),
    ),
    "PATCH /services/{service}": ("us_app_to_person_registered", "link_domain"),
    "PATCH /carrier": CARRIER,
    "PATCH /address-rules": ("own_addresses_only", "group_mms"),
    "POST /faults": ("do", "match", "times"),
}

USUALLY: dict[str, tuple[str, ...]] = {
    "POST /tokens": ("identity",),
    "GET /token": ("identity",),
    "POST /handsets/{address}/messages": ("to", "body"),
    "POST /handsets/{address}/optout": ("to",),
    "PUT /optouts": ("recipient", "scope"),
    "DELETE /optouts": ("recipient", "scope"),
    "POST /content/{content}/approval": ("status",),
    "POST /faults": ("do",),
    "GET /wait": ("after", "timeout"),
    "GET /handsets/{address}/messages/wait": ("after", "timeout"),
    "POST /conversations/{conversation}/messages": ("body",),
    "PUT /services/{service}/advanced-optout": ("wordings",),
}
"""Fields without which a call is refused."""

FAULTS: tuple[Any, ...] = (
    {"final": {"status": "undelivered", "error_code": 30003}},
    {"final": {"status": "lost"}},
    {"final": {"status": "delivered", "error_code": 99999}},
    {"delay": {"stage": "sent", "ms": 60_000}},
    {"delay": {"stage": "x", "ms": -5}},
    {"delay": {"stage": "sent", "ms": 10**19}},
    {"api_error": {"status": 429, "code": 20429}},
    {"api_error": {"status": 999, "code": -1, "message": "a\r\nb"}},
    {"hold": True},
    {"drop_callback": True},
    {"duplicate_callback": True, "reorder_callbacks": True, "corrupt_signature": True},
    {"webhook_timeout": True},
    {"segment_loss": 1},
    {"segment_loss": -1},
    {"socket": {"drop_after": 1}},
    {"socket": {"refuse": {"status": 401, "code": 20104}}},
    {"socket": {"delay_ms": -1, "throttle": 10**19}},
    {},
)

STORIES = (
    "scenario: A\npeople: {Ann: +12025550199}\nstory:\n- Ann texts: Hello\n",
    "scenario: A\nclock: 0001-01-01T00:00:00+14:00\npeople: {Ann: +12025550199}\nstory: []\n",
    "scenario: A\npeople: {Ann: +12025550199}\nstory:\n- Ann texts: STOP\n- 5 minutes pass\n",
    "scenario",
    "",
    "{" * 100,
    "a: &a [*a]",
    '{"scenario": "A", "people": {"Ann": "+12025550199"}, "story": [{"Ann texts": "Hi"}]}',
)

SELDOM = {
    "DELETE /accounts/{account}": 0.05,
    "POST /accounts": 0.1,
    "POST /scenarios": 0.05,
    "POST /scenarios/check": 0.1,
    "GET /snapshot": 0.05,
    "PUT /snapshot": 0.05,
    "GET /recording": 0.02,
    "GET /journal": 0.3,
    "GET /webhooks": 0.3,
    "GET /wait": 0.5,
    "DELETE /handsets": 0.02,
    "DELETE /handsets/{address}": 0.1,
    "DELETE /conversations/{conversation}": 0.2,
    "DELETE /faults": 0.2,
    "DELETE /journal": 0.1,
    "DELETE /messages": 0.1,
}
OFTEN = (
    "PUT /handsets/{address}",
    "POST /conversations",
    "POST /conversations/{conversation}/participants",
    "POST /handsets/{address}/messages",
    "POST /conversations/{conversation}/messages",
)


class Controller:
    """Calls of the control API, from one stream of random numbers.

    Args:
        calls: such as `GET /clock`.
    """

    def __init__(self, dice: Random, calls: Iterable[str], values: Values) -> None:
        self.dice = dice
        self.values = values
        self.calls = list(calls)
        self.snapshots: list[bytes] = []
        self.accounts: list[str] = []
        self._sids: dict[str, list[str]] = {}
        self._weights = [4.0 if call in OFTEN else SELDOM.get(call, 1.0) for call in self.calls]

    def call(self) -> Sent:
        """The next call."""
        dice = self.dice
        (call,) = dice.choices(self.calls, self._weights)
        method, _, path = call.partition(" ")
        query = [(name, self._said(name)) for name in self._some(QUERIES.get(call, ()), call)]
        if path.endswith("/wait") and dict(query).get("timeout") is None:
            query.append(("timeout", "0"))
        if dice.random() < 0.2:
            query.append(("account", dice.choice(self.accounts or [""])))
        if dice.random() < 0.02:
            query.append((dice.choice(("x", "Limit", "")), self._text()))
        headers = [("X-Twilio-Webhook-Enabled", "true")]
        if call == "GET /events" and dice.random() < 0.5:
            headers.append(("Last-Event-ID", dice.choice(("1", "", "9" * 5000, "²", "-1", "\xff"))))
        body = self._body(call)
        if dice.random() < 0.02:
            method = dice.choice(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "X"))
        path = HOLE.sub(lambda found: quote(self._place(found[1], call), safe=""), path)
        if dice.random() < 0.02:
            path += dice.choice(("/", "//", "/%", "/..", "/%00", "/%ff", "?", "%ed%a0%80"))
        said = urlencode(query, errors="surrogatepass")
        if dice.random() < 0.01:
            said += dice.choice(("&limit=%ff", "&account=%ed%a0%80", "&&=&%", "&limit=1&limit=2"))
        return Sent(
            method=method,
            host="localhost:8008",
            scheme="http",
            path=PREFIX + path,
            query=said,
            headers=tuple(headers),
            body=body,
        )

    def learn(self, content: bytes) -> None:
        """Look at an answer: what it names is asked about."""
        if content.startswith(b'{"account_sid"') and b"auth_token" in content:
            self.accounts.append(json.loads(content)["account_sid"])
        for found in SIDS.findall(content[:20_000]):
            known = self._sids.setdefault(found[:2].decode(), [])
            known.append(found.decode())
            del known[:-200]

    def _some(self, fields: tuple[str, ...], call: str) -> list[str]:
        much = self.dice.choice((0.05, 0.2, 0.5))
        usual = USUALLY.get(call, ())
        return [name for name in fields if self.dice.random() < (0.95 if name in usual else much)]

    def _body(self, call: str) -> bytes:
        dice = self.dice
        if call.startswith("POST /scenarios"):
            return dice.choice(STORIES).encode()
        if call == "PUT /snapshot":
            return self._snapshot()
        fields = BODIES.get(call)
        if fields is None:
            return b"" if dice.random() < 0.98 else dice.choice((b"{}", b"{", b"\xff", b"[1]"))
        if dice.random() < 0.03:
            return self.values.body()
        said = {name: self._value(name) for name in self._some(fields, call)}
        if dice.random() < 0.02:
            said[dice.choice(("x", "", "Body", "\ud800"))] = self._value("body")
        raw = None
        if said and dice.random() < 0.04:
            raw = dice.choice(RAW)
            said[dice.choice(list(said))] = REWRITTEN
        text = json.dumps(said)
        return (text if raw is None else text.replace(json.dumps(REWRITTEN), raw)).encode()

    def _snapshot(self) -> bytes:
        """A snapshot that there was, with something else in some place."""
        if not self.snapshots or self.dice.random() < 0.1:
            return self.values.body()
        snapshot = json.loads(self.dice.choice(self.snapshots))
        spoilt = snapshot
        while isinstance(spoilt, dict | list) and spoilt:
            at: Any = self.dice.choice(list(spoilt)) if isinstance(spoilt, dict) else 0
            if self.dice.random() < 0.3 or not isinstance(spoilt[at], dict | list):
                spoilt[at] = self._odd()
                break
            spoilt = spoilt[at]
        return json.dumps(snapshot).encode()

    def _said(self, name: str) -> str:
        value = self._value(name)
        return value if isinstance(value, str) else json.dumps(value)

    def _value(self, name: str) -> Any:
        dice = self.dice
        if dice.random() < 0.06:
            return self._odd()
        if name == "do":
            return dice.choice(FAULTS)
        if name == "match":
            return {each: self._value(each) for each in MATCH if dice.random() < 0.3}
        if name == "media":
            kinds = (("url",), ("base64", "content_type"), ("url", "base64"), ("filename",))
            return [{each: self._value(each) for each in dice.choice(kinds)}]
        if name == "location":
            return {"latitude": self._value("latitude"), "longitude": self._value("longitude")}
        if name == "referral":
            return {"body": self._value("body"), "source_id": "1"}
        if name == "wordings":
            words = {"stop": ["STOP"], "start": ["START"], "stopped": "", "started": "Hi"}
            return dice.choice(({}, {"US": words}, {"": {**words, "help": self._odd()}}))
        if name.endswith("_sid") or name in ("service", "reply_to", "subject", "id"):
            return self._sid(dice.choice(("IS", "MG", "SM", "CH", "AC")))
        known = COLOURS.get(name)
        return dice.choice(known) if known else dice.choice((True, False, "x", None))

    def _odd(self) -> Any:
        kind = self.dice.randrange(4)
        if kind == 0:
            return self.dice.choice(NUMBERS_ODD)
        if kind == 1:
            return self.values.document(2)
        return self._text()

    def _text(self) -> str:
        return self.values.naughty() if self.dice.random() < 0.8 else self.dice.choice(EDGES)

    def _place(self, name: str, call: str) -> str:
        """What stands in a path, unencoded."""
        dice = self.dice
        if dice.random() < 0.05:
            return self._text().encode("utf-8", "replace").decode()[:2000]
        if name in ("sender", "peer"):
            return dice.choice(NUMBERS)
        if name == "address":
            return dice.choice(NUMBERS if call.endswith("/numbers/{address}") else PHONES)
        if name in ("webhook", "connection"):
            return str(dice.choice((1, 5, 20, 100, "9" * 5000, "²")))
        kinds = {
            "account": "AC",
            "conversation": "CH",
            "participant": "MB",
            "service": "MG",
            "content": "HX",
            "fault": "FR",
            "media": "ME",
        }
        return self._sid(kinds.get(name) or dice.choice(("SM", "MM", "IM")))

    def _sid(self, prefix: str) -> str:
        if self.dice.random() < 0.9 and self._sids.get(prefix):
            return self.dice.choice(self._sids[prefix][-self.dice.choice((3, 30, 200)) :])
        return prefix + "0" * 31 + self.dice.choice("01")
