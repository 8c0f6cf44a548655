import pytest

from tests.control.asking import PREFIX, Control
from twilio_emulator.settings import VERSION

pytestmark = pytest.mark.anyio


async def test_health(control: Control) -> None:
    control.server.holds.sleeps(10.0, 10.0)
    control.server.holds.woke(10.1234)
    assert await control.ask("GET", "/health") == {
        "status": "ok",
        "version": VERSION,
        "longest_hold_ms": {"last_minute": 23.4, "since_start": 23.4},
    }


async def test_it_is_ready_when_the_start_is_over(control: Control) -> None:
    assert "still playing" in await control.mistake("GET", "/ready", status=503)
    await control.server.stories.begin()
    assert await control.ask("GET", "/ready") == {"status": "ready"}


async def test_the_authoritys_certificate(control: Control) -> None:
    response = await control.client.get(f"{PREFIX}/ca.pem")
    assert response.content == b"-----BEGIN CERTIFICATE-----\n"
    assert response.headers["content-type"] == "application/x-pem-file"


async def test_every_call_is_listed(control: Control) -> None:
    shown = await control.ask("GET", "")
    assert shown["openapi"] == f"{PREFIX}/openapi.json"
    calls = {(each["method"], each["path"]): each for each in shown["calls"]}
    assert calls["GET", "/_emulator/v1/clock"]["summary"].startswith("What the clock shows")
    assert ("POST", "/_emulator/v1/handsets/{address}/messages") in calls
    assert len(calls) == len(shown["calls"]) == len({each["name"] for each in calls.values()})


@pytest.mark.parametrize("path", ["/health", "/ca.pem", "/journal", "/events", "/nosuch", "/reset"])
async def test_head_answers_as_get_without_the_body(control: Control, path: str) -> None:
    """As `wget --spider` asks, which checks the health of many a container."""
    head = await control.client.head(f"{PREFIX}{path}")
    assert head.content == b""
    if path != "/events":  # which does not end
        whole = await control.client.get(f"{PREFIX}{path}")
        assert (head.status_code, head.headers) == (whole.status_code, whole.headers)
