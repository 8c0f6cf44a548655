import pytest

from tests.control.asking import PREFIX, Control
from twilio_emulator.control.access import Access

pytestmark = pytest.mark.anyio

CLOCK = f"{PREFIX}/clock"


@pytest.mark.parametrize(
    "host",
    [
        "localhost:8008",
        "LOCALHOST",
        "localhost.:8008",
        "app.localhost:8008",
        "twilio:8008",
        "127.0.0.1:8008",
        "192.168.0.7",
        "[::1]:8008",
        "host.docker.internal:8008",
        "api.twilio.com",
    ],
)
async def test_names_that_no_stranger_can_point_at_us(control: Control, host: str) -> None:
    response = await control.client.get(CLOCK, headers={"host": host})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8008",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "twilio.com.evil.example",
        "eviltwilio.com",
        "127.1",
        "docker.internal",
        "evil.example.",
    ],
)
async def test_a_name_with_a_dot_may_be_rebound_to_us(control: Control, host: str) -> None:
    response = await control.client.post(CLOCK, headers={"host": host}, json={"mode": "frozen"})
    assert response.status_code == 403
    assert response.json()["message"].startswith(f"Host {host}: expected")


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://localhost:3000",
        "http://localhost",
        "null",
        "file://",
        "ftp://localhost:8008",
        "http://localhost:8008.evil.example",
        "localhost:8008",
    ],
)
async def test_a_page_of_another_origin_is_refused(control: Control, origin: str) -> None:
    for method in ("GET", "POST", "OPTIONS", "DELETE"):
        response = await control.client.request(method, CLOCK, headers={"origin": origin})
        assert response.status_code == 403
        assert "access-control-allow-origin" not in response.headers
        assert response.json() == {
            "status": 403,
            "message": f"Origin {origin}: expected our own or none; --allow-origin adds others",
        }


async def test_a_page_of_our_own_may_call(control: Control) -> None:
    response = await control.client.get(CLOCK, headers={"origin": "http://localhost:8008"})
    assert response.status_code == 200


async def test_a_rebound_page_is_of_its_own_origin_and_refused_all_the_same(
    control: Control,
) -> None:
    headers = {"host": "evil.example:8008", "origin": "http://evil.example:8008"}
    assert (await control.client.get(CLOCK, headers=headers)).status_code == 403


@pytest.mark.parametrize(
    "origin",
    ["http://localhost:3000", "https://127.0.0.1", "http://[::1]:5173", "http://app.localhost"],
)
async def test_pages_of_local_origins_may_read_a_bare_token(control: Control, origin: str) -> None:
    url = f"{PREFIX}/token?identity=ann"
    response = await control.client.get(url, headers={"origin": origin})
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == origin
    assert response.headers["vary"] == "origin"


async def test_a_browser_is_told_what_a_local_page_may_send(control: Control) -> None:
    response = await control.client.options(
        f"{PREFIX}/token",
        headers={
            "origin": "http://localhost:3000",
            "access-control-request-headers": "authorization",
        },
    )
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert response.headers["access-control-allow-headers"] == "authorization"
    assert "GET" in response.headers["access-control-allow-methods"]


async def test_a_program_that_asks_for_options_gets_none(control: Control) -> None:
    response = await control.client.options(CLOCK)
    assert response.status_code == 204
    assert "access-control-allow-methods" not in response.headers


async def test_other_pages_may_not_read_a_token(control: Control) -> None:
    url = f"{PREFIX}/token?identity=ann"
    response = await control.client.get(url, headers={"origin": "http://evil.example"})
    assert response.status_code == 403


def test_what_the_user_allows_is_allowed() -> None:
    access = Access(hosts=["Emulator.Test"], origins=["http://app.test:3000/"])
    headers = {b"host": b"emulator.test:8008", b"origin": b"http://App.test:3000"}
    assert access.refusal(headers, "/clock") is None
    assert access.reader(headers, "/clock") == b"http://App.test:3000"
    assert access.refusal({b"host": b"other.test"}, "/clock")
    assert access.refusal({**headers, b"origin": b"http://app.test"}, "/clock")


def test_a_program_without_host_or_origin_may_call() -> None:
    assert Access().refusal({}, "/clock") is None
    assert Access().reader({}, "/token") is None
