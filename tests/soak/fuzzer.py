"""Makes requests for every operation: most of them sensible, many of them a little off."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from random import Random
from urllib.parse import quote, urlencode

from tests.soak.requests import Got, Sent
from tests.soak.shelf import Credentials, Shelf
from tests.soak.surface import PLACEHOLDER, Field, Place
from tests.soak.values import BY_FORM, BY_NAME, IDENTITIES, Values

FORM = "application/x-www-form-urlencoded"
PAGING = ("PageSize", "Page", "PageToken")
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW")
CONTENT_TYPES = (
    "application/json",
    "text/plain",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=x",
    "Application/X-WWW-Form-Urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded;;",
    "\xff",
    "",
)
BROKEN = ("%", "%z", "%zz", "%u1234", "%00", "%ff", "%ed%a0%80", "%2F", "%25", "+", ";", "..")
HOSTS = ("conversations.ie1.twilio.com", "api.dublin.ie1.twilio.com", "foo.twilio.com")

TOGETHER = (
    ("Body",),
    ("Body", "From"),
    ("Body", "MessagingServiceSid"),
    ("MediaSid",),
    ("MediaUrl", "From"),
    ("Identity",),
    ("MessagingBinding.Address", "MessagingBinding.ProxyAddress"),
    ("MessagingBinding.Address",),
    ("Address",),
    ("PhoneNumber",),
    ("Configuration.Url", "Configuration.Filters"),
    ("Configuration.Url", "Configuration.Triggers"),
    ("AutoCreation.Enabled", "AutoCreation.Type"),
)
"""Parameters that make a request one that Twilio would grant, wherever they are all known."""

SELDOM = {"closed", "suspended"}
"""Values that end what they are given to."""

Spoil = Callable[["Fuzzer", Sent], Sent]


class Fuzzer:
    """Requests to one account, from one stream of random numbers.

    Args:
        account: whose sid and auth token most requests carry.
        others: further credentials: of another account, and ones that are never good.
    """

    def __init__(
        self,
        dice: Random,
        places: list[Place],
        account: Credentials,
        others: list[Credentials],
        values: Values,
    ) -> None:
        self.dice = dice
        self.places = places
        self.account = account
        self.others = others
        self.values = values
        self.shelf = Shelf(dice, places)
        self._weights = [_weight(place) for place in places]

    def request(self) -> Sent:
        """The next request."""
        dice = self.dice
        if self.shelf.pages and dice.random() < 0.03:
            path, _, query = dice.choice(self.shelf.pages).partition("?")
            host = "api.twilio.com" if path.startswith("/2010") else "conversations.twilio.com"
            headers = (("Authorization", self._authorization()),)
            sent = Sent(method="GET", host=host, path=path, query=query, headers=headers)
        else:
            (place,) = dice.choices(self.places, self._weights)
            sent = self._to(place)
        while dice.random() < 0.15:
            sent = dice.choice(SPOILS)(self, sent)
        return sent

    def log_in_anew(self, auth_token: str) -> None:
        """The account's own token may have changed."""
        old, self.account = self.account, (self.account[0], auth_token)
        if old != self.account:
            self.shelf.log_in_anew(basic(old), basic(self.account))

    def learn(self, sent: Sent, got: Got) -> None:
        """Look at the answer to a request."""
        if got.status < 300 and got.body is not None:
            self.shelf.learn(sent.host, dict(sent.headers).get("Authorization", ""), got.body)

    def _to(self, place: Place) -> Sent:
        path, authorization = self._path(place)
        query, headers = self._pairs(place.query), [("Authorization", authorization)]
        body, content_type = b"", ""
        if place.method in ("POST", "PUT"):
            body, content_type = self._body(place)
        if content_type:
            headers.append(("Content-Type", content_type))
        if self.dice.random() < 0.3:
            loud = self.dice.choice(("true", "True", "false", ""))
            headers.append(("X-Twilio-Webhook-Enabled", loud))
        return Sent(
            method=place.method,
            host=place.host,
            path=path,
            query=urlencode(query),
            headers=tuple(headers),
            body=body,
        )

    def _body(self, place: Place) -> tuple[bytes, str]:
        dice = self.dice
        if place.kind == "json":
            return self.values.body(), "application/json"
        if place.kind == "file":
            part = 'Content-Disposition: form-data; name="a"; filename="ü.png"\r\n\r\nabc\r\n--x--'
            return dice.choice(
                (
                    (b"\x89PNG", "image/png"),
                    (b"", dice.choice(("", "text/plain", "nonsense"))),
                    (f"--x\r\n{part}\r\n".encode(), "multipart/form-data; boundary=x"),
                    (self.values.naughty().encode(), self.values.naughty()[:40].encode().hex()),
                )
            )
        return urlencode(self._pairs(place.form)).encode(), FORM

    def _path(self, place: Place) -> tuple[str, str]:
        known = self.shelf.path(place)
        if known is not None and self.dice.random() < 0.9:
            path, authorization = known
            return path, authorization if self.dice.random() < 0.97 else self._authorization()
        prefixes = iter(place.prefixes)
        path = PLACEHOLDER.sub(lambda _: quote(self._segment(next(prefixes)), safe=""), place.path)
        return path, self._authorization()

    def _segment(self, prefix: str) -> str:
        """What stands in a path, unencoded."""
        if prefix == "AC":
            return self.account[0]
        chance = self.dice.random()
        if chance < 0.1 and self.shelf.names:
            return self.dice.choice(self.shelf.names)
        if chance < 0.15:
            return self.values.naughty()[:2000]
        if not prefix:
            return self.dice.choice((*IDENTITIES, "US", "DE"))
        return self.shelf.sid(prefix) if chance < 0.95 else self.shelf.any_sid()

    def _pairs(self, fields: tuple[Field, ...]) -> list[tuple[str, str]]:
        dice = self.dice
        much = dice.choice((0.02, 0.1, 0.3, 0.9))
        bad = dice.choice((0.0, 0.0, 0.0, 0.0, 0.1, 0.5))
        known = {field.name for field in fields}
        sensible = [group for group in TOGETHER if known.issuperset(group)]
        usual = dice.choice(sensible) if sensible and dice.random() < 0.85 else ()
        pairs = []
        for field in fields:
            if dice.random() < (0.95 if field.required or field.name in usual else much):
                times = dice.choice((1, 1, 2, 3)) if field.kind == "array" else 1
                pairs += [(field.name, self._value(field, bad)) for _ in range(times)]
        return pairs

    def _value(self, field: Field, bad: float) -> str:
        value = self.values.naughty() if self.dice.random() < bad else self._fitting(field)
        return self._fitting(field) if value in SELDOM and self.dice.random() < 0.8 else value

    def _fitting(self, field: Field) -> str:
        dice, values = self.dice, self.values
        last = field.name.rpartition(".")[2]
        if field.name in PAGING:
            return values.of((("1", "2", "3", "50"), ("0", "1000", "PA1CH" + "0" * 32)))
        if field.choices:
            return values.of((field.choices, tuple(each.swapcase() for each in field.choices)))
        if field.prefix or last.endswith("Sid"):
            return self.shelf.sid(field.prefix) if field.prefix else self.shelf.any_sid()
        if field.kind == "boolean":
            return values.of((("true", "false"), ("True", "1")))
        if field.kind in ("integer", "number"):
            return values.of((("0", "1", "5"), ("-1", "1.5", "99999")))
        if field.form == "uri" or last.endswith(("Url", "Callback")):
            return values.of(values.urls)
        known = BY_NAME.get(last) or BY_FORM.get(field.form)
        return values.of(known) if known else dice.choice((*IDENTITIES, "Support"))

    def _authorization(self) -> str:
        chance = self.dice.random()
        if chance < 0.02:
            return basic(self.dice.choice(self.others))
        if chance < 0.08 and self.shelf.credentials:
            return basic(self.dice.choice(self.shelf.credentials))
        return basic(self.account)


def _weight(place: Place) -> float:
    """How often an operation is asked for: state should grow, in conversations above all."""
    if place.method == "GET":
        return 1.0
    if place.path.endswith(("/Services/{Sid}", "/Accounts.json")):
        return 0.05 if place.method == "DELETE" else 0.5
    if place.method == "DELETE":
        return 0.3
    grows = place.path.endswith(("/Messages", "/Participants", "/Messages.json"))
    return 6.0 if grows else 2.0 if "Conversation" in place.path else 1.0


def basic(credentials: Credentials) -> str:
    """Credentials as a header says them."""
    return "Basic " + b64encode(":".join(credentials).encode()).decode()


def _other_method(fuzzer: Fuzzer, sent: Sent) -> Sent:
    return replace(sent, method=fuzzer.dice.choice(METHODS))


def _other_type(fuzzer: Fuzzer, sent: Sent) -> Sent:
    kept = tuple(pair for pair in sent.headers if pair[0] != "Content-Type")
    return replace(sent, headers=(*kept, ("Content-Type", fuzzer.dice.choice(CONTENT_TYPES))))


def _other_login(fuzzer: Fuzzer, sent: Sent) -> Sent:
    account_sid, _ = fuzzer.account
    said = fuzzer.dice.choice(
        (
            None,
            "",
            "Basic",
            "Basic ",
            "Basic !",
            "Basic =",
            "Basic /w==",
            "Bearer abc",
            "basic \xff",
            basic((account_sid, "")),
            basic((account_sid, "0" * 5000)),
            basic(("", "")),
            *map(basic, fuzzer.others),
        )
    )
    kept = tuple(pair for pair in sent.headers if pair[0] != "Authorization")
    return replace(sent, headers=kept if said is None else (*kept, ("Authorization", said)))


def _broken_escape(fuzzer: Fuzzer, sent: Sent) -> Sent:
    dice, piece = fuzzer.dice, fuzzer.dice.choice(BROKEN)
    where = dice.randrange(3)
    if where == 0:
        at = dice.randrange(1, len(sent.path) + 1)
        return replace(sent, path=sent.path[:at] + piece + sent.path[at:])
    if where == 1:
        at = dice.randrange(len(sent.query) + 1)
        return replace(sent, query=sent.query[:at] + piece + sent.query[at:])
    at = dice.randrange(len(sent.body) + 1)
    return replace(sent, body=sent.body[:at] + piece.encode() + sent.body[at:])


def _other_path(fuzzer: Fuzzer, sent: Sent) -> Sent:
    dice, path = fuzzer.dice, sent.path
    segments = path.split("/")
    at = dice.randrange(1, len(segments))
    other = fuzzer.values.naughty()[:3000]
    swapped = [*segments[:at], quote(other, safe=""), *segments[at + 1 :]]
    foreign = [*segments[:at], fuzzer.shelf.any_sid(), *segments[at + 1 :]]
    return replace(
        sent,
        path=dice.choice(
            (
                path + "/",
                path + ".json",
                path.removesuffix(".json"),
                "/" + path,
                path.upper(),
                path.rpartition("/")[0] or "/",
                path + path,
                "/".join(swapped),
                "/".join(foreign),
                "/".join(foreign),
            )
        ),
    )


def _other_form(fuzzer: Fuzzer, sent: Sent) -> Sent:
    """The same path of Conversations in a service, or without it."""
    segments = sent.path.split("/")
    if segments[2:3] == ["Services"]:
        return replace(sent, path="/".join([*segments[:2], *segments[4:]]))
    return replace(
        sent, path="/".join([*segments[:2], "Services", fuzzer.shelf.sid("IS"), *segments[2:]])
    )


def _twice(fuzzer: Fuzzer, sent: Sent) -> Sent:
    """The same parameters in query and form, each of them twice."""
    form = sent.body.decode("latin-1") if sent.body.isascii() and len(sent.body) < 9999 else ""
    query = "&".join(filter(None, (sent.query, sent.query, form)))
    return replace(sent, query=query, body=b"&".join(filter(None, (sent.body, sent.body))))


def _other_page(fuzzer: Fuzzer, sent: Sent) -> Sent:
    dice = fuzzer.dice
    token = (
        f"P{dice.choice('ABC')}{dice.choice((0, -1, 5, 10**17, 10**30))}{fuzzer.shelf.any_sid()}"
    )
    page = urlencode(
        {
            "PageSize": dice.choice(("1", "2", "0", "-1", "1000", "x", "٣")),
            "Page": dice.choice(("0", "1", "-1", "99999999999", "x")),
            "PageToken": dice.choice((token, token, fuzzer.values.naughty())),
        }
    )
    return replace(sent, query="&".join(filter(None, (sent.query, page))))


def _other_host(fuzzer: Fuzzer, sent: Sent) -> Sent:
    if sent.host.startswith("localhost"):
        return sent
    if fuzzer.dice.random() < 0.5:
        return replace(sent, scheme="http", host="localhost:8008", path=f"/{sent.host}{sent.path}")
    return replace(sent, host=fuzzer.dice.choice(HOSTS))


def _other_body(fuzzer: Fuzzer, sent: Sent) -> Sent:
    dice, body = fuzzer.dice, sent.body
    at = dice.randrange(len(body) + 1)
    garbage = dice.randbytes(dice.choice((1, 20, 3000)))
    return replace(
        sent,
        body=dice.choice(
            (body[:at], body[:at] + garbage + body[at:], garbage, b"&&=&=%00&" + body, body * 3)
        ),
    )


SPOILS: tuple[Spoil, ...] = (
    _other_method,
    _other_type,
    _other_login,
    _broken_escape,
    _broken_escape,
    _other_path,
    _other_path,
    _other_form,
    _twice,
    _other_page,
    _other_host,
    _other_body,
)
