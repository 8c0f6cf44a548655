"""Python's own way to an emulator, in this process and as a `sitecustomize`."""

import asyncio
import importlib
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import httpx2
import pytest
import urllib3

from twilio_emulator.redirection.folder import written
from twilio_emulator.redirection.python_lead import IPV4, Lead, is_twilios
from twilio_emulator.server.serving import Serving
from twilio_emulator.settings import Settings

URL = "https://api.twilio.com/2010-04-01/Accounts.json"
UNAUTHORIZED = 401


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    directory = tmp_path_factory.mktemp("authority")
    with Serving(Settings(port=0, authority=directory), os.environ) as serving:
        yield serving


@pytest.fixture
def lead(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lead]:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    lead = Lead("127.0.0.1", serving.port, serving.authority.certificate.decode())
    lead.begin()
    yield lead
    lead.end()


def test_which_names_are_twilios() -> None:
    for host in ("api.twilio.com", "tsock.us1.Twilio.com", "api.twilio.com.", b"api.twilio.com"):
        assert is_twilios(host)
    for host in ("twilio.com.example", "nottwilio.com", "localhost", b"localhost", None, 5):
        assert not is_twilios(host)


@pytest.mark.usefixtures("lead")
def test_clients_that_heed_no_variable(loop: str) -> None:
    async def ask() -> tuple[int, int]:
        async with aiohttp.ClientSession() as session, session.get(URL) as answer:
            by_aiohttp = answer.status
        async with httpx2.AsyncClient(trust_env=False) as client:
            return by_aiohttp, (await client.get(URL)).status_code

    assert asyncio.run(ask()) == (UNAUTHORIZED, UNAUTHORIZED)
    with urllib3.PoolManager() as pool:
        assert pool.request("GET", URL).status == UNAUTHORIZED
    with httpx2.Client(trust_env=False) as client:
        assert client.get(URL).status_code == UNAUTHORIZED


def test_a_context_that_was_made_before(serving: Serving) -> None:
    """As aiohttp makes one when it is imported."""
    context = ssl.create_default_context()
    lead = Lead("127.0.0.1", serving.port, serving.authority.certificate.decode())
    lead.begin()
    try:
        with (
            socket.create_connection(("api.twilio.com", 443), timeout=60) as connection,
            context.wrap_socket(connection, server_hostname="api.twilio.com") as secure,
        ):
            assert secure.getpeername() == ("127.0.0.1", serving.port)
    finally:
        lead.end()


@pytest.mark.usefixtures("lead")
def test_what_is_not_checked_stays_unchecked() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="api.twilio.com")
    assert context.get_ca_certs() == []


def test_what_is_asked_of_a_name(lead: Lead) -> None:
    assert socket.gethostbyname("api.twilio.com") == IPV4
    for port in ("https", 443, b"443"):
        (found,) = socket.getaddrinfo("api.twilio.com", port, type=socket.SOCK_STREAM)
        assert found[4] == (IPV4, 443)
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("api.twilio.com", 443, socket.AF_INET6)
    assert socket.getaddrinfo("127.0.0.1", 443, type=socket.SOCK_STREAM)[0][4] == ("127.0.0.1", 443)
    assert socket.gethostbyname("127.0.0.1") == "127.0.0.1"


def test_a_connection_to_a_name(lead: Lead) -> None:
    for host in ("api.twilio.com", IPV4):
        with socket.socket() as connection:
            assert connection.connect_ex((host, 443)) == 0
            assert connection.getpeername() == ("127.0.0.1", lead.port)


@pytest.mark.usefixtures("lead")
def test_other_hosts_are_left_alone(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname(), timeout=60) as connection:
            assert connection.getpeername() == server.getsockname()
        with socket.socket() as plain:
            plain.connect(server.getsockname())
    with (
        socket.socket(socket.AF_UNIX) as local,
        socket.socket(socket.AF_UNIX) as server_here,
    ):
        server_here.bind(str(tmp_path / "socket"))
        server_here.listen()
        local.connect(str(tmp_path / "socket"))


def test_all_is_taken_back(serving: Serving) -> None:
    changed = (
        (socket, "getaddrinfo"),
        (socket, "gethostbyname"),
        (socket.socket, "connect"),
        (socket.socket, "connect_ex"),
        (ssl.SSLContext, "wrap_socket"),
        (ssl.SSLContext, "wrap_bio"),
        (importlib.import_module("aiohttp.resolver").AsyncResolver, "resolve"),
    )
    before = [getattr(owner, name) for owner, name in changed]
    finders = list(sys.meta_path)
    lead = Lead("127.0.0.1", serving.port, None)
    lead.begin()
    assert socket.socket.connect is not before[2]
    lead.end()
    lead.end()
    assert [getattr(owner, name) for owner, name in changed] == before
    assert sys.meta_path == finders
    assert "connect" not in vars(socket.socket)


# uvloop and aiodns ask for addresses by themselves.
CLIENT = """
import asyncio, sys, types
if "uvloop" in sys.argv:
    import uvloop
    asyncio.new_event_loop = uvloop.new_event_loop
import aiohttp, httpx2

class AioDns(aiohttp.resolver.AsyncResolver):
    def __init__(self): pass
    async def close(self): pass

async def main():
    connector = aiohttp.TCPConnector(resolver=AioDns())
    for own in (None, connector):
        async with aiohttp.ClientSession(connector=own) as session:
            async with session.get(URL) as answer:
                print(answer.status)
    async with httpx2.AsyncClient(trust_env=False) as client:
        print((await client.get(URL)).status_code)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_connection(asyncio.Protocol, "api.twilio.com", 443, ssl=True)
    print(transport.get_extra_info("peername")[1])
    transport.close()
    print((await loop.getaddrinfo("127.0.0.1", 443))[0][4][0])
    server = await loop.create_server(asyncio.Protocol, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    other, _ = await loop.create_connection(asyncio.Protocol, "127.0.0.1", port)
    print(other.get_extra_info("peername")[1] == port)
    other.close()
    server.close()

asyncio.run(main())
"""


def run(serving: Serving, tmp_path: Path, code: str, *arguments: str, **environment: str) -> str:
    """What a Python says that is redirected by nothing but its PYTHONPATH."""
    certificate = serving.authority.certificate
    home = written(tmp_path / "trust", serving.local_url, certificate, {})
    path = ":".join((str(home / "python"), *filter(None, [environment.pop("PYTHONPATH", "")])))
    done = subprocess.run(
        [sys.executable, "-c", code.replace("URL", repr(URL)), *arguments],
        env={"PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=tmp_path,
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("kind", ["asyncio", "uvloop"])
def test_a_program_that_heeds_no_variable(serving: Serving, tmp_path: Path, kind: str) -> None:
    said = run(serving, tmp_path, CLIENT, kind).splitlines()
    assert said == [*["401"] * 3, str(serving.port), "127.0.0.1", "True"]


def test_a_program_loads_nothing_for_it(serving: Serving, tmp_path: Path) -> None:
    said = run(
        serving, tmp_path, "import sys; print({'socket', 'ssl', 'asyncio'} & {*sys.modules})"
    )
    assert said == "set()\n"


def test_the_sitecustomize_that_ours_hides(serving: Serving, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "sitecustomize.py").write_text("import builtins\nbuiltins.seen = 1\n")
    other = written(tmp_path / "other", "http://127.0.0.1:1", serving.authority.certificate, {})
    code = """
        import socket, sitecustomize
        print(seen, "theirs" in sitecustomize.__file__)
        with socket.create_connection(("api.twilio.com", 443)) as connection:
            print(connection.getpeername()[1])
    """
    path = f"{other}/python:{tmp_path}/theirs"
    said = run(
        serving,
        tmp_path,
        "\n".join(map(str.strip, code.splitlines())).replace(
            "\nprint(connection", "\n    print(connection"
        ),
        PYTHONPATH=path,
    )
    assert said == f"1 True\n{serving.port}\n"


def test_an_emulator_that_is_gone(serving: Serving, tmp_path: Path) -> None:
    home = written(tmp_path / "trust", serving.local_url, serving.authority.certificate, {})
    (home / "authority.pem").unlink()
    code = "import socket; print(socket.getaddrinfo.__module__, socket.socket.connect.__name__)"
    assert run(serving, tmp_path, code) == "socket connect\n"
