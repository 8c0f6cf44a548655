"""What apps are told where no request gives the form: links to media in webhooks."""

import logging
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from tests.server.conftest import ACCOUNT, ANN, NUMBER, Served, Site
from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.senders.messaging_services import UpdateMessagingService
from twilio_emulator.core.senders.resources import MessagingServices
from twilio_emulator.core.senders.twiml_apps import AddApplication, RemoveApplication
from twilio_emulator.core.texts.media import Enclosure
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.server.app import Server
from twilio_emulator.server.public_urls import PublicUrls, before_hosts
from twilio_emulator.settings import InvalidSetting, Settings

pytestmark = pytest.mark.anyio

AUTH = (ACCOUNT, "00000000000000000000000000000001")
PICTURE = Enclosure(content_type="image/png", digest="0" * 64, size=3)


class Whatever(dict[str, Served]):
    """Has the same at every path, with any query."""

    def __missing__(self, path: str) -> bytes:
        return b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 11\r\n\r\n<Response/>"


@pytest.mark.parametrize(
    ("url", "before"),
    [
        ("https://twilio.com", "https://"),
        ("https://api.twilio.com", "https://"),
        ("https://API.Twilio.com/", "https://"),
        ("https://conversations.ie1.twilio.com", "https://"),
        ("http://api.twilio.com", "http://"),
        ("http://twilio:8008", "http://twilio:8008/"),
        ("https://twilio.example/", "https://twilio.example/"),
        ("https://nottwilio.com", "https://nottwilio.com/"),
    ],
)
def test_a_host_of_twilios_means_all_of_them(url: str, before: str) -> None:
    assert before_hosts(url) == before


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server(Settings(clock="frozen"), lambda: b"")
    server.listening.served = "http://localhost:8008"
    yield server
    await server.end()


@pytest.fixture
async def client(server: Server) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=server)) as client:
        yield client


async def told(server: Server, site: Site) -> str:
    """The link to the media of a text that comes in now."""
    gate = server.worlds.default.gate
    gate.perform_now(SendFromHandset(address=ANN, to=NUMBER, body="Look", media=(PICTURE,)))
    settle = server.worlds.default.pace.settle
    assert settle is not None
    await settle()
    (said,) = parse_qs(urlsplit(site.asked[-1]).query)["MediaUrl0"]
    return said.partition("/2010-04-01")[0]


async def configure(client: httpx2.AsyncClient, base: str, url: str) -> None:
    root = f"{base}/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers"
    listed = (await client.get(f"{root}.json", auth=AUTH)).json()["incoming_phone_numbers"]
    sid = next(each["sid"] for each in listed if each["phone_number"] == NUMBER)
    form = {"SmsUrl": url, "SmsMethod": "GET"}
    answer = await client.post(f"{root}/{sid}.json", data=form, auth=AUTH)
    assert answer.status_code == 200


async def test_a_server_on_every_address_goes_by_how_it_was_called(
    server: Server, client: httpx2.AsyncClient, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    server.listening.everywhere = True
    url = f"{site.url}/sms"
    site.files = Whatever()
    await configure(client, "http://twilio:8008", url)
    assert await told(server, site) == "http://twilio:8008/api.twilio.com"
    # A person looks from the machine around: that is no app's webhook.
    await client.get(
        f"http://localhost:8008/2010-04-01/Accounts/{ACCOUNT}/Messages.json", auth=AUTH
    )
    assert await told(server, site) == "http://twilio:8008/api.twilio.com"
    begin = f"{ACCOUNT}: links to media in webhooks begin with http://twilio:8008/"
    line = f"{begin}, since {url} was set that way; --public-url sets it"
    assert caplog.messages.count(line) == 1
    await configure(client, "https://api.twilio.com", f"{url}?2")
    assert await told(server, site) == "https://api.twilio.com"


@pytest.mark.parametrize(
    ("settings", "account", "before"),
    [
        ({}, None, "http://localhost:8008/api.twilio.com"),
        ({"public_url": "https://api.twilio.com"}, None, "https://api.twilio.com"),
        ({"public_url": "http://emulator:80"}, None, "http://emulator:80/api.twilio.com"),
        ({"public_url": "http://emulator:80"}, "https://a.test", "https://a.test/api.twilio.com"),
    ],
)
async def test_what_was_said_counts(
    site: Site, settings: dict[str, str], account: str | None, before: str
) -> None:
    server = Server(Settings(clock="frozen", **settings), lambda: b"")
    server.listening.served = "http://localhost:8008"
    server.listening.everywhere = bool(settings)
    server.worlds.default.public_url = account
    site.files = Whatever()
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=server)) as client:
        await configure(client, "http://twilio:8008", f"{site.url}/sms")
        assert await told(server, site) == before
    await server.end()


def test_it_is_guessed_by_what_is_set_else_by_the_last_request(
    gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    urls = PublicUrls(lambda: None, lambda: "http://localhost:8008", gate)
    with caplog.at_level(logging.WARNING):
        assert urls.of("api.twilio.com", "http://app/") == "http://localhost:8008/api.twilio.com"
    assert "no request has come yet" in caplog.text
    sms_url = "http://app/sms"
    gate.perform_now(AddApplication(account=ACCOUNT, friendly_name="x", sms_url=sms_url))
    gate.reached = "http://one:1/"
    assert urls.of("api.twilio.com", sms_url) == "http://one:1/api.twilio.com"
    app = gate.perform_now(AddApplication(account=ACCOUNT, friendly_name="y", sms_url=sms_url))
    service = next(iter(gate.world[MessagingServices])).sid
    gate.perform_now(
        UpdateMessagingService(
            account=ACCOUNT, messaging_service=service, inbound_request_url="http://b/"
        )
    )
    gate.reached = "http://two:2/"
    assert urls.of("api.twilio.com", sms_url) == "http://one:1/api.twilio.com"
    assert urls.of("api.twilio.com", "http://b/") == "http://one:1/api.twilio.com"
    assert urls.of("api.twilio.com", "http://other/") == "http://two:2/api.twilio.com"
    gate.perform_now(RemoveApplication(account=ACCOUNT, application=app.sid))
    assert urls.of("api.twilio.com", sms_url) == "http://two:2/api.twilio.com"


def test_the_url_of_an_account_is_checked_too() -> None:
    server = Server(Settings(), lambda: b"")
    for wrong in ("app", "http://app/path", "ftp://app"):
        with pytest.raises(InvalidSetting, match="public_url: expected an URL of scheme"):
            server.worlds.open(OpenAccount(), public_url=wrong)
