"""Served on a port: in a thread here, in a process of its own in test_cli."""

import asyncio
import http.client
import logging
import os
import signal
import socket
import threading
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from twilio_emulator.handle.calling import Calling, CannotCall
from twilio_emulator.server import serving as serving_module
from twilio_emulator.server import uvicorn_insides
from twilio_emulator.server.app import Server
from twilio_emulator.server.serving import CannotServe, Serving
from twilio_emulator.server.startup_scenarios import Stories
from twilio_emulator.settings import Settings


def test_a_free_port() -> None:
    with Serving(Settings(port=0), os.environ) as serving:
        assert serving.url == f"http://localhost:{serving.port}"
        assert serving.local_url == f"http://127.0.0.1:{serving.port}"
        assert Calling(serving.local_url).get("/health")["status"] == "ok"
        assert Calling(serving.local_url).get("/ready") == {"status": "ready"}


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CannotServe) as error:
            Serving(Settings(port=port), os.environ)
    assert str(error.value) == (
        f"cannot listen on 127.0.0.1:{port}: Address already in use; "
        "--port takes another one, --port 0 any that is free"
    )


def test_a_host_that_is_no_address_here() -> None:
    with pytest.raises(CannotServe, match="host: no such host is no address of this machine: "):
        Serving(Settings(host="no such host", port=0), os.environ)


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


IPV4 = [
    ("0.0.0.0", "localhost", "127.0.0.1"),
    ("localhost", "localhost", "127.0.0.1"),
    ("127.0.0.2", "127.0.0.2", "127.0.0.2"),
]
IPV6 = [("::1", "localhost", "[::1]"), ("::", "localhost", "[::1]")]


@pytest.mark.parametrize(("host", "shown", "local"), IPV4 + (IPV6 if _has_ipv6() else []))
def test_how_people_and_programs_reach_it(host: str, shown: str, local: str) -> None:
    with Serving(Settings(host=host, port=0), os.environ) as serving:
        assert serving.url == f"http://{shown}:{serving.port}"
        assert serving.local_url in (
            f"http://{local}:{serving.port}",
            f"http://[::1]:{serving.port}",  # which localhost may be, too
        )
        assert Calling(serving.local_url).get("/health")["status"] == "ok"


def test_long_polls_end_with_the_server() -> None:
    answers: list[object] = []
    serving = Serving(Settings(port=0), os.environ)
    begun = threading.Event()
    with serving:
        calling = Calling(serving.local_url)
        news = serving.server.worlds.default.news
        wait = news.wait

        async def tell() -> None:
            begun.set()
            await wait()

        news.wait = tell  # type: ignore[method-assign]

        def poll() -> None:
            query = {"after": "now", "timeout": 60}
            try:
                calling.get("/wait", query, wait=60)
            except CannotCall as error:
                answers.append(error.status)

        polling = threading.Thread(target=poll)
        polling.start()
        begun.wait()
    polling.join(60)
    assert answers == [408]


def test_a_stream_of_events_over_the_wire_ends_with_the_server() -> None:
    with Serving(Settings(port=0), os.environ) as serving:
        connection = http.client.HTTPConnection("127.0.0.1", serving.port, timeout=60)
        connection.request("GET", "/_emulator/v1/events?types=handset.updated")
        response = connection.getresponse()
        assert response.getheader("content-type") == "text/event-stream"
        assert response.readline() == b"retry: 1000\n"
        Calling(serving.local_url).call("PUT", "/handsets/+12025550199", {})
        assert response.readline() == b"\n"
        assert response.readline().startswith(b"id: ")
        assert response.readline() == b"event: handset.updated\n"
        assert b'"address":"+12025550199"' in response.readline()
    assert response.readline() == b"\n"
    assert response.read() == b""
    connection.close()


def test_the_scenarios_of_the_start_are_over_before_anybody_is_let_in() -> None:
    with Serving(Settings(port=0, scenarios=("support-desk",)), os.environ) as serving:
        assert [report.held for report in serving.reports] == [True]
        shown = Calling(serving.local_url).get("/handsets")["handsets"]
        assert len(shown) == 2


def test_a_server_that_cannot_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(self: Server, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no"})

    monkeypatch.setattr(Server, "__call__", fail)
    serving = Serving(Settings(port=0), os.environ)
    monkeypatch.setattr(threading, "excepthook", lambda arguments: None)
    with pytest.raises(CannotServe, match="the server ended before it began"), serving:
        pass
    assert serving._thread is not None
    assert not serving._thread.is_alive()
    serving.close()


def test_a_start_that_fails_ends_the_server(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(self: Stories, _: object) -> None:
        raise LookupError("no such story")

    monkeypatch.setattr(Stories, "begin", fail)
    with pytest.raises(CannotServe, match="the server ended before it began"):
        (serving := Serving(Settings(port=0), os.environ)).__enter__()
    assert serving._thread is not None
    assert not serving._thread.is_alive()
    assert "LookupError: no such story" in caplog.text
    with pytest.raises(CannotServe, match="what happens at the start failed: the log says why"):
        Serving(Settings(port=0), os.environ).run(lambda: None)


def test_ctrl_c_while_it_starts_ends_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    serving = Serving(Settings(port=0), os.environ)

    def wait() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(serving._begun, "wait", wait)
    with pytest.raises(KeyboardInterrupt), serving:
        pytest.fail("it was to end")
    assert serving._thread is not None
    assert not serving._thread.is_alive()


def test_one_that_was_given_up_before_it_started_does_not_begin() -> None:
    serving = Serving(Settings(port=0), os.environ)
    serving.give_up()
    with pytest.raises(CannotServe, match="the server ended before it began"), serving:
        pytest.fail("it was given up")
    assert serving._thread is not None
    assert not serving._thread.is_alive()


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_the_loop_is_the_one_that_is_asked_for(loop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    async def look(self: Stories, _: object) -> list[object]:
        seen.append(type(asyncio.get_running_loop()).__module__.partition(".")[0])
        return []

    monkeypatch.setattr(Stories, "begin", look)
    with Serving(Settings(port=0, loop=loop), os.environ):
        assert seen == [loop]


def test_a_second_ctrl_c_waits_for_nobody() -> None:
    serving = Serving(Settings(port=0), os.environ)
    uvicorn = serving._uvicorn
    uvicorn.handle_exit(signal.SIGINT, None)
    assert (uvicorn.should_exit, uvicorn.force_exit) == (True, False)
    uvicorn.handle_exit(signal.SIGTERM, None)
    assert uvicorn.force_exit is False
    uvicorn.handle_exit(signal.SIGINT, None)
    assert uvicorn.force_exit is True
    serving.close()


def test_a_second_ctrl_c_is_no_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def interrupt() -> None:
        uvicorn.handle_exit(signal.SIGINT, None)

    serving = Serving(Settings(port=0), os.environ)
    monkeypatch.setattr(serving.server, "end", interrupt)  # while it ends from the first
    uvicorn = serving._uvicorn
    serving.run(lambda: uvicorn.handle_exit(signal.SIGINT, None))
    assert uvicorn.force_exit
    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []


def test_the_public_url_is_that_of_the_settings_or_our_own() -> None:
    own = Serving(Settings(port=0), os.environ)
    assert (own.server.listening.public_url, own.server.listening.served) == (None, own.url)
    own.close()
    given = Serving(Settings(port=0, public_url="https://app.test"), os.environ)
    assert given.server.listening.public_url == "https://app.test"
    given.close()


def test_the_authority_is_kept_where_it_is_said(tmp_path: Path) -> None:
    with Serving(Settings(port=0, authority=tmp_path), os.environ) as serving:
        certificate = Calling(serving.local_url).fetch("/ca.pem")
        assert certificate == (tmp_path / "1" / "certificate.pem").read_bytes()


def test_who_finds_it_healthy_finds_the_certificate_where_it_is_said(tmp_path: Path) -> None:
    with Serving(Settings(port=0, authority=tmp_path / "authority"), os.environ) as serving:
        Calling(serving.local_url).get("/health")
        certificate = (tmp_path / "authority/ca.pem").read_bytes()
        assert Calling(serving.local_url).fetch("/ca.pem") == certificate


def test_an_authority_that_cannot_be_kept_is_told_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with Serving(Settings(port=0, authority=tmp_path / "file"), os.environ) as serving:
        with pytest.raises(CannotCall, match="file") as refused:
            Calling(serving.local_url).fetch("/ca.pem")
        assert refused.value.status == 500


def test_what_does_not_end_keeps_nothing_from_ending(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(uvicorn_insides, "GRACE", 0.05)
    with Serving(Settings(port=0), os.environ) as serving:
        monkeypatch.setattr(serving._uvicorn, "_end", never)
    assert serving._thread is not None
    assert not serving._thread.is_alive()
    assert "Not everything had ended" in caplog.text


def test_a_thread_that_hangs_is_left_behind_with_a_word_of_where(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hangs, goes_on = threading.Event(), threading.Event()

    async def hang() -> None:
        hangs.set()
        goes_on.wait(60)

    monkeypatch.setattr(serving_module, "LAST_GRACE", 0.2)
    with Serving(Settings(port=0), os.environ) as serving:
        monkeypatch.setattr(serving._uvicorn, "_end", hang)
        serving._uvicorn.should_exit = True
        assert hangs.wait(60)
    thread = serving._thread
    assert thread is not None
    assert "The server does not end; it is in Condition.wait, " in caplog.text
    goes_on.set()
    thread.join(60)
    assert serving_module._whereabouts(thread) == "over"
