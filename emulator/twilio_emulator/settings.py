"""Every knob, its default and what it means. No other module reads the environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from twilio_emulator.core.kernel import keeping
from twilio_emulator.core.kernel.parameters import is_sid, is_url
from twilio_emulator.core.kernel.ttids import is_ttid

VERSION = "0.1.0"

ACCOUNT_SID = "AC00000000000000000000000000000001"
AUTH_TOKEN = "00000000000000000000000000000001"
API_KEY = "SK00000000000000000000000000000001"
API_SECRET = "0000000000000000000000000000000a"
CONVERSATION_SERVICE_SID = "IS00000000000000000000000000000001"
MESSAGING_SERVICE_SID = "MG00000000000000000000000000000001"
VERIFY_SERVICE_SID = "VA00000000000000000000000000000001"
SYNC_SERVICE_SID = "IS00000000000000000000000000000002"
CONVERSATION_CONFIGURATION_ID = "conv_configuration_00000000000000000000000001"
MEMORY_STORE_ID = "mem_store_00000000000000000000000001"
OAUTH_CLIENT_ID = "OQ00000000000000000000000000000001"
OAUTH_CLIENT_SECRET = "0000000000000000000000000000000b"
TEST_ACCOUNT_SID = "AC0000000000000000000000000000000f"
TEST_AUTH_TOKEN = "0000000000000000000000000000000f"

OF_VERIFY_SERVICE = ("TWILIO_VERIFY_SERVICE_SID", "TWILIO_VERIFY_SERVICE", "VERIFY_SERVICE_SID")
"""Variables in which apps keep the sid of their Verify service, as Twilio's examples do."""

OF_SYNC_SERVICE = ("TWILIO_SYNC_SERVICE_SID", "TWILIO_SYNC_SERVICE", "SYNC_SERVICE_SID")
"""Variables in which apps keep the sid of their Sync service, or `default`, which names none."""

OF_CONVERSATION_CONFIGURATION = "TWILIO_CONVERSATION_CONFIGURATION_ID"
"""The variable in which Twilio Agent Connect keeps the id of its configuration."""

OF_MEMORY_STORE = ("TWILIO_MEMORY_STORE_ID", "MEMORY_STORE_ID")
"""Variables in which apps keep the id of their memory store."""

TWILIO_HOSTS = "https://twilio.com"
"""As `public_url`: Twilio's own hosts, for apps whose traffic is redirected to us."""

LOOPS = ("auto", "asyncio", "uvloop")

HIGHEST_PORT = 65535

_CLOCK = re.compile(r"real|frozen|x(?P<rate>[0-9]{1,6}(\.[0-9]{1,3})?)")
_ACCOUNT = re.compile(r"AC[0-9A-Za-z]+")
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.?|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*")
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://([\w.-]+|\[[0-9A-Fa-f:.]+\])(:(?P<port>[0-9]{1,5}))?")
_PUBLIC_URL = re.compile(r"https?://[^/\s?#@]+/?")
_OF_NUMBER = re.compile(r"(?:(?P<number>(?:whatsapp:)?\+?[0-9]{3,15})=)?(?P<url>.*)", re.S)


class InvalidSetting(ValueError):
    """A setting is not what it may be. The text is one line, meant for the user.

    Args:
        name: of the setting.
        expected: what it may be, in words.
        given: what it was.
    """

    def __init__(self, name: str, expected: str, given: object) -> None:
        self.name = name
        self.complaint = f"expected {expected}, not {given!r}"
        super().__init__(f"{name}: {self.complaint}")


class NumberWebhook(NamedTuple):
    """A webhook that numbers have from the start.

    Attributes:
        setting: which: `sms-url`, `sms-fallback-url` or `status-callback`.
        number: whose; None for those of all numbers.
    """

    setting: str
    number: str | None
    url: str


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How an emulator runs.

    Attributes:
        host: address to listen on.
        port: port to listen on; 0 takes a free one.
        scenarios: files or names of the shipped library, played at start.
        seed: of all sids and dice.
        numbers: further numbers of the default account, in E.164, `whatsapp:` in front for senders.
        sms_urls: where inbound texts to the default account's numbers are reported from the start:
            an URL for all of them, or `+12025550100=http://...` for one; what stands last wins.
        sms_fallback_urls: where, when that one fails; likewise.
        status_callbacks: where the status of their texts is reported; likewise.
        clock: `real`, `frozen` or `xN`, which runs N times as fast.
        carrier: the profile of the telephone network.
        state: file that keeps the world over a restart.
        public_url: what we call ourselves where no request gives the form, as in webhooks; the
            served address when None.
        account_sid: of the default account; auth token, key, Verify service, OAuth client and
            secrets likewise.
        authority: folder of the certificate authority; the user's state folder when None.
        proxy_only_twilio: refuse to forward to other hosts.
        allow_hosts: further names that we answer to.
        allow_origins: further origins whose pages may call the control API.
        webhook_timeout: seconds that a pre-event webhook has.
        twiml_timeout: seconds that an inbound webhook has.
        loop: the event loop that serves: `asyncio`, `uvloop`, or `auto`, which is `uvloop` where
            that is installed.
        keep: how much an account keeps for people to look at, such as `log=50000`, `log=64MB`,
            `commands=...`, `alerts=...`, `bodies=100kB`; the defaults of the rest.
        record: have every account keep all its commands from its opening, for recordings.
        access_log: log every request, a line each.

    Raises:
        InvalidSetting: one of them is not what it may be.
    """

    host: str = "127.0.0.1"
    port: int = 8008
    scenarios: tuple[str, ...] = ()
    seed: int = 0
    numbers: tuple[str, ...] = ()
    sms_urls: tuple[str, ...] = ()
    sms_fallback_urls: tuple[str, ...] = ()
    status_callbacks: tuple[str, ...] = ()
    clock: str = "real"
    carrier: str = "ideal"
    state: Path | None = None
    public_url: str | None = None
    account_sid: str = ACCOUNT_SID
    auth_token: str = field(default=AUTH_TOKEN, repr=False)
    api_key: str = API_KEY
    api_secret: str = field(default=API_SECRET, repr=False)
    verify_service_sid: str = VERIFY_SERVICE_SID
    sync_service_sid: str = SYNC_SERVICE_SID
    conversation_configuration_id: str = CONVERSATION_CONFIGURATION_ID
    memory_store_id: str = MEMORY_STORE_ID
    oauth_client_id: str = OAUTH_CLIENT_ID
    oauth_client_secret: str = field(default=OAUTH_CLIENT_SECRET, repr=False)
    authority: Path | None = None
    proxy_only_twilio: bool = False
    allow_hosts: tuple[str, ...] = ()
    allow_origins: tuple[str, ...] = ()
    webhook_timeout: float = 5.0
    twiml_timeout: float = 15.0
    loop: str = "auto"
    keep: tuple[str, ...] = ()
    record: bool = False
    access_log: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.port <= HIGHEST_PORT:
            raise InvalidSetting("port", f"a number from 0 to {HIGHEST_PORT}", self.port)
        clock_rate(self.clock)
        if self.loop not in LOOPS or (self.loop == "uvloop" and find_spec("uvloop") is None):
            expected = "auto, asyncio or, where it is installed, uvloop"
            raise InvalidSetting("loop", expected, self.loop)
        if not _ACCOUNT.fullmatch(self.account_sid):
            expected = "AC and 32 hexadecimal digits"
            raise InvalidSetting("account_sid", expected, self.account_sid)
        check_public_url(self.public_url)
        try:
            keeping.read(self.keep)
        except ValueError as wrong:
            raise InvalidSetting("keep", keeping.EXPECTED, str(wrong)) from None
        for name, values in self._webhooks.items():
            for value in values:
                if not is_url(_split(value)[1]):
                    raise InvalidSetting(name, "an URL, or NUMBER=URL", value)
        for host in self.allow_hosts:
            if not _HOST.fullmatch(host):
                expected = "a name or an address alone, such as emulator.test"
                raise InvalidSetting("allow-host", expected, host)
        for origin in self.allow_origins:
            found = _ORIGIN.fullmatch(origin)
            if found is None or int(found["port"] or 0) > HIGHEST_PORT:
                expected = "a scheme, a host and a port, such as http://localhost:3000"
                raise InvalidSetting("allow-origin", expected, origin)

    @property
    def kept(self) -> keeping.Keep:
        """How much an account keeps of each kind."""
        return keeping.read(self.keep)

    @property
    def _webhooks(self) -> dict[str, tuple[str, ...]]:
        return {
            "sms-url": self.sms_urls,
            "sms-fallback-url": self.sms_fallback_urls,
            "status-callback": self.status_callbacks,
        }

    @property
    def webhooks(self) -> list[NumberWebhook]:
        """The webhooks that the default account's numbers have from the start: first those of all
        numbers, then those of one."""
        found = [
            NumberWebhook(name, *_split(value))
            for name, values in self._webhooks.items()
            for value in values
        ]
        return sorted(found, key=lambda webhook: webhook.number is not None)

    @property
    def printable_auth_token(self) -> str | None:
        """The auth token, unless it is a secret that came from outside."""
        return self.auth_token if self.auth_token == AUTH_TOKEN else None

    @property
    def printable_api_secret(self) -> str | None:
        """The API secret, unless it is a secret that came from outside."""
        return self.api_secret if self.api_secret == API_SECRET else None

    @property
    def printable_oauth_client_secret(self) -> str | None:
        """The secret of the OAuth client, unless it is one that came from outside."""
        return self.oauth_client_secret if self.oauth_client_secret == OAUTH_CLIENT_SECRET else None


def _split(webhook: str) -> tuple[str | None, str]:
    """The number that a webhook is for, if it is for one, and its URL."""
    found = _OF_NUMBER.fullmatch(webhook)
    assert found is not None  # it takes every text
    return found["number"], found["url"]


def check_public_url(url: str | None) -> None:
    """Raises:
    InvalidSetting: it is not an URL, or has more than scheme, host and port.
    """
    if url is not None and not (_PUBLIC_URL.fullmatch(url) and is_url(url)):
        raise InvalidSetting("public_url", "an URL of scheme, host and port alone", url)


def clock_rate(clock: str) -> float:
    """How fast a clock runs: 1 is `real`, 0 is `frozen`, N is `xN`.

    Raises:
        InvalidSetting: it is not one of these.
    """
    found = _CLOCK.fullmatch(clock)
    if found is None:
        raise InvalidSetting("clock", "real, frozen or xN, such as x60", clock)
    if found["rate"] is None:
        return 1.0 if clock == "real" else 0.0
    return float(found["rate"])


def from_environment(environment: Mapping[str, str]) -> Settings:
    """What the app's own variables say, so that a stack keeps its `.env`; the defaults else.

    `TWILIO_ACCOUNT_SID`, `TWILIO_AUTH_TOKEN`, `TWILIO_API_KEY`, `TWILIO_API_SECRET` rename the
    default account; `TWILIO_PHONE_NUMBER` gives it the number that the app sends from. Its Verify
    service has the sid that one of `OF_VERIFY_SERVICE` holds, if it is one, its Sync service that
    of one of `OF_SYNC_SERVICE`, its configuration the id that `OF_CONVERSATION_CONFIGURATION`
    holds, and its memory store that of one of `OF_MEMORY_STORE`, if it is one. The OAuth client is
    `TWILIO_CLIENT_ID` and `TWILIO_CLIENT_SECRET`, or as in the examples of Twilio's libraries
    `OAUTH_CLIENT_ID` and `OAUTH_CLIENT_SECRET`, if these are of Twilio's.

    Raises:
        InvalidSetting: one of them cannot be what it should name.
    """
    number = environment.get("TWILIO_PHONE_NUMBER")
    verify = (environment.get(name, "") for name in OF_VERIFY_SERVICE)
    sync = (environment.get(name, "") for name in OF_SYNC_SERVICE)
    configuration = environment.get(OF_CONVERSATION_CONFIGURATION, "")
    stores = (environment.get(name, "") for name in OF_MEMORY_STORE)
    ours = environment.get("OAUTH_CLIENT_ID", "").startswith("OQ")
    prefix = "OAUTH" if ours and "TWILIO_CLIENT_ID" not in environment else "TWILIO"
    return Settings(
        account_sid=environment.get("TWILIO_ACCOUNT_SID") or ACCOUNT_SID,
        auth_token=environment.get("TWILIO_AUTH_TOKEN") or AUTH_TOKEN,
        api_key=environment.get("TWILIO_API_KEY") or API_KEY,
        api_secret=environment.get("TWILIO_API_SECRET") or API_SECRET,
        verify_service_sid=next((sid for sid in verify if is_sid(sid, "VA")), VERIFY_SERVICE_SID),
        sync_service_sid=next((sid for sid in sync if is_sid(sid, "IS")), SYNC_SERVICE_SID),
        conversation_configuration_id=(
            configuration
            if is_ttid(configuration, "conv_configuration")
            else CONVERSATION_CONFIGURATION_ID
        ),
        memory_store_id=next(
            (each for each in stores if is_ttid(each, "mem_store", "mem_service")), MEMORY_STORE_ID
        ),
        oauth_client_id=environment.get(f"{prefix}_CLIENT_ID") or OAUTH_CLIENT_ID,
        oauth_client_secret=environment.get(f"{prefix}_CLIENT_SECRET") or OAUTH_CLIENT_SECRET,
        numbers=(number,) if number else (),
    )
