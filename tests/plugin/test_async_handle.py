"""The asynchronous handle: what the other one does, while the event loop goes on."""

import asyncio
import gc
import inspect
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args, get_origin

import anyio
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient

from twilio_emulator import AsyncEmulator, Emulator, Settings
from twilio_emulator.handle.authenticator import AsyncAuthenticator, Authenticator
from twilio_emulator.handle.awaiting import Awaiting, Blocking, at_once
from twilio_emulator.handle.calling import CannotCall
from twilio_emulator.handle.clock import AccountClock, AsyncAccountClock
from twilio_emulator.handle.emulator import DidNotHold
from twilio_emulator.handle.handset import (
    AsyncExpectation,
    AsyncHandset,
    Expectation,
    Handset,
    NotReceived,
)
from twilio_emulator.handle.journal import AsyncJournal, Journal
from twilio_emulator.handle.mailbox import AsyncMailbox, Mailbox
from twilio_emulator.handle.why import HELD_UP
from twilio_emulator.server.serving import Serving
from twilio_emulator.server.startup_scenarios import Stories

pytestmark = pytest.mark.anyio

ANN, BEN = "+12025550199", "+12025550123"
DEFAULT = "AC00000000000000000000000000000001"

PAIRS: dict[type, type] = {
    Emulator: AsyncEmulator,
    Handset: AsyncHandset,
    Expectation: AsyncExpectation,
    AccountClock: AsyncAccountClock,
    Journal: AsyncJournal,
    Mailbox: AsyncMailbox,
    Authenticator: AsyncAuthenticator,
}

ONE_HAS: dict[type, set[str]] = {
    Emulator: {"of"},  # which makes the asynchronous one of this
    Handset: {"await_text", "address"},  # the other one's wait; and the other's attribute
    Mailbox: {"address"},
    Authenticator: {"identity"},
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with Serving(Settings(port=0), os.environ) as serving:
        yield serving.local_url


@pytest.fixture
async def emulator(url: str) -> AsyncIterator[AsyncEmulator]:
    async with AsyncEmulator(url=url) as emulator:
        yield emulator


@asynccontextmanager
async def app(answer: str) -> AsyncIterator[str]:
    """An app in this loop that answers every webhook; its URL."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(answer)}\r\nContent-Type: text/xml\r\n"
        writer.write(f"{head}Connection: close\r\n\r\n{answer}".encode())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/sms"


async def report_to(emulator: AsyncEmulator, where: str) -> None:
    client = emulator.async_client()
    (number,) = await client.incoming_phone_numbers.list_async(phone_number=emulator.number)
    await number.update_async(sms_url=where)


def public(kind: type) -> dict[str, Any]:
    """What a class has for the world, by name."""
    return {
        name: value
        for each in reversed(kind.__mro__)
        for name, value in vars(each).items()
        if not name.startswith("_")
    }


def shape(member: Any) -> tuple[object, ...]:
    """What kind of thing it is, what it takes, and what it gives when that is awaited."""
    function = getattr(member, "fget", None) or getattr(member, "__func__", member)
    signature = inspect.signature(inspect.unwrap(function))
    gives = signature.return_annotation
    if get_origin(gives) is Coroutine:
        gives = get_args(gives)[-1]
    said = str(gives).replace("Async", "").replace("AbstractContextManager", "Iterator")
    return type(member), list(signature.parameters.values())[1:], said.rpartition(".")[2]


@pytest.mark.parametrize("kind", PAIRS, ids=lambda kind: kind.__name__)
async def test_both_handles_have_the_same_methods(kind: type) -> None:
    ours, theirs = public(kind), public(PAIRS[kind])
    assert ours.keys() ^ theirs.keys() == ONE_HAS.get(kind, set())
    for name in ours.keys() & theirs.keys():
        assert shape(ours[name]) == shape(theirs[name]), name
        assert ours[name].__doc__
        assert theirs[name].__doc__


async def test_both_handles_know_the_same_of_their_account() -> None:
    ours, theirs = (
        {name for each in kind.__mro__ for name in inspect.get_annotations(each)}
        for kind in (Emulator, AsyncEmulator)
    )
    assert ours == {name for name in theirs if not name.startswith("_")}


@pytest.fixture
def left() -> Iterator[Callable[[], set[threading.Thread]]]:
    """The threads of emulators that are there, and were not before the test."""
    before = set(threading.enumerate())

    def left() -> set[threading.Thread]:
        return {each for each in set(threading.enumerate()) - before if "emulator" in each.name}

    yield left
    assert left() == set()


async def test_an_emulator_of_its_own(left: Callable[[], set[threading.Thread]]) -> None:
    async with AsyncEmulator() as emulator:
        assert (emulator.account_sid, emulator.number) == (DEFAULT, "+12025550100")
        ann = await emulator.handset(ANN, label="Ann")
        await emulator.async_client().messages.create_async(
            to=ann.address, from_=emulator.number, body="Your code is 424242"
        )
        assert (await ann.wait(contains="code")).codes == ["424242"]
        assert [each.body for each in await ann.inbox] == ["Your code is 424242"]
        assert len(left()) == 1
    assert left() == set()


async def begin() -> None:
    async with AsyncEmulator():
        pytest.fail("it was given up")


async def test_an_emulator_that_is_given_up_while_it_starts_leaves_nothing(
    left: Callable[[], set[threading.Thread]],
) -> None:
    beginning = asyncio.create_task(begin())
    await asyncio.sleep(0)  # a thread has begun to start it
    beginning.cancel()
    with pytest.raises(asyncio.CancelledError):
        await beginning
    assert left() == set()


async def test_one_that_is_given_up_again_and_again_leaves_nothing_either(
    left: Callable[[], set[threading.Thread]],
) -> None:
    with anyio.CancelScope() as scope:  # which cancels in each round of the loop
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(begin)
            await asyncio.sleep(0)
            scope.cancel()
    assert left() == set()


def test_one_whose_loop_ends_while_it_starts_leaves_nothing(
    left: Callable[[], set[threading.Thread]],
) -> None:
    async def end() -> None:
        beginning = asyncio.create_task(begin())
        await asyncio.sleep(0)
        assert not beginning.done()

    asyncio.run(end())
    assert left() == set()


async def test_one_that_is_given_up_waits_for_no_scenario_of_its_start(
    left: Callable[[], set[threading.Thread]], monkeypatch: pytest.MonkeyPatch
) -> None:
    plays = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def play(self: Stories, narrator: object) -> None:
        loop.call_soon_threadsafe(plays.set)
        await asyncio.Event().wait()

    monkeypatch.setattr(Stories, "begin", play)
    beginning = asyncio.create_task(begin())
    async with asyncio.timeout(60):
        await plays.wait()
        beginning.cancel()
        with pytest.raises(asyncio.CancelledError):
            await beginning
    assert left() == set()


async def test_a_fresh_account_that_is_given_back(url: str) -> None:
    async with AsyncEmulator(url=f"{url}/") as emulator:
        sid = emulator.account_sid
        assert emulator.client().api.accounts(sid).fetch().sid == sid
    with pytest.raises(CannotCall, match=sid):
        await AsyncEmulator.attach(url, sid)


async def test_what_does_not_begin(url: str) -> None:
    with pytest.raises(CannotCall, match=r"no emulator answers at http://127.0.0.1:1: .*refused"):
        async with AsyncEmulator(url="http://127.0.0.1:1"):
            pytest.fail("there is none")
    with pytest.raises(CannotCall, match=r"expected an URL such as http://localhost:8008"):
        await AsyncEmulator.attach("localhost")
    with pytest.raises(TypeError, match="begins with `async with`"):
        await AsyncEmulator(url=url)


async def test_an_answer_of_an_app_in_the_same_loop(emulator: AsyncEmulator) -> None:
    answer = "<Response><Message>Hello Ann</Message><Message>Bye</Message></Response>"
    async with app(answer) as where:
        await report_to(emulator, where)
        ann = await emulator.handset(ANN)
        sent = await ann.send("Hello?")
        got = await ann.wait(count=2, peer=emulator.number)
    assert [each.body for each in got] == ["Hello Ann", "Bye"]
    (webhook,) = await emulator.webhooks
    assert (webhook["url"], webhook["status"]) == (where, 200)
    assert sent.sid in [each.message_sid for each in await ann.inbox]


async def test_advancing_waits_for_an_app_in_the_same_loop(emulator: AsyncEmulator) -> None:
    await emulator.clock.freeze(datetime(2126, 7, 1, tzinfo=UTC))
    async with app("") as where:
        client = emulator.async_client()
        sent = await client.messages.create_async(
            to=ANN, from_=emulator.number, body="Hi", status_callback=where
        )
        shown = await emulator.clock.advance(minutes=5)
        (*_, last) = await emulator.webhooks
    assert shown == await emulator.clock.now == datetime(2126, 7, 1, 0, 5, tzinfo=UTC)
    assert "MessageStatus=delivered" in str(last.details)
    assert (await client.messages(sent.sid).fetch_async()).status == "delivered"


async def test_a_wait_that_gets_nothing_says_why(emulator: AsyncEmulator) -> None:
    ann = await emulator.handset(ANN)
    with pytest.raises(NotReceived) as missed:
        await ann.wait(timeout=0)
    first, last = str(missed.value).split("\n")
    assert first == f"Nothing came to {ANN}: no text was sent to {ANN}"
    assert last == f"{ANN} did not receive a message in 0 s."


async def test_many_phones_wait_at_once(emulator: AsyncEmulator) -> None:
    addresses = [f"+120255501{number}" for number in range(10, 50)]
    phones = await asyncio.gather(*map(emulator.handset, addresses))
    waits = asyncio.gather(*(phone.wait(timeout=60) for phone in phones))
    client = emulator.async_client()
    for phone in phones:
        await client.messages.create_async(
            to=phone.address, from_=emulator.number, body=phone.address
        )
    assert [each.body for each in await waits] == addresses


async def test_a_wait_that_is_given_up_takes_nothing(emulator: AsyncEmulator) -> None:
    ann = await emulator.handset(ANN)
    given_up = asyncio.create_task(ann.wait(timeout=60))
    await asyncio.sleep(0)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    for body in ("one", "two"):
        await emulator.async_client().messages.create_async(
            to=ANN, from_=emulator.number, body=body
        )
    assert [(await ann.wait()).body, (await ann.wait()).body] == ["one", "two"]


async def test_a_phone_that_is_not_awaited_is_named_when_it_is_used(
    emulator: AsyncEmulator,
) -> None:
    ann = emulator.handset(ANN, label="Ann")
    await emulator.async_client().messages.create_async(to=ANN, from_=emulator.number, body="Hi")
    assert (await ann.wait()).body == "Hi"
    assert repr(ann) == f"<AsyncHandset {ANN}>"
    ben = emulator.handset(BEN)
    await ben.airplane()
    await ben.online()
    assert (await ben.inbox, ben.address) == ([], BEN)
    with pytest.raises(CannotCall):
        await emulator.handset("x y")


async def test_what_a_phone_does(emulator: AsyncEmulator, tmp_path: Path) -> None:
    ann = await emulator.handset(ANN)
    client, number = emulator.async_client(), emulator.number
    (tmp_path / "cat.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    await ann.send("Is this yours?", to=emulator.whatsapp_number, files=[tmp_path / "cat.png"])
    await client.messages.create_async(
        to=f"whatsapp:{ANN}", from_=emulator.whatsapp_number, body="It is!"
    )
    got = await ann.wait(channel="whatsapp")
    await ann.read(got)
    await ann.reply_to(got, "Then come")
    assert (await ann.inbox)[-1].reply_to == got.id
    with pytest.raises(CannotCall, match="the message has no button 'Yes': it has none"):
        await ann.press(got, "Yes")
    await ann.change(receipts="hold")

    async with ann.expect(contains="19:00") as text:
        await client.messages.create_async(to=ANN, from_=number, body="Doors open at 19:00")
    assert (await text.one()).peer == number
    assert [each.body for each in await text.some(1)] == ["Doors open at 19:00"]
    with pytest.raises(AssertionError, match="should not have received"):
        await text.none(within=1)


async def test_a_phone_that_is_called(emulator: AsyncEmulator) -> None:
    ann = await emulator.handset(ANN, calls="hold")
    client = emulator.client()

    def ask() -> str:
        request = client.validation_requests.create(phone_number=ANN)
        return str(request.validation_code)

    code = await asyncio.to_thread(ask)
    call = await ann.wait_for_call()
    assert (call.status, call.spoken, call.handset) == ("ringing", [], ANN)
    assert str(call).endswith("call from +14157234000, ringing: ''")
    assert (await ann.hang_up(call)).status == "busy"
    with pytest.raises(NotReceived, match="was not called as expected in 0 s"):
        await ann.wait_for_call(timeout=0)
    code = await asyncio.to_thread(ask)
    second = await ann.wait_for_call()
    assert "enter the six digit code" in (await ann.answer(second)).spoken[0]
    heard = await ann.press_digits(second, code)
    assert heard.pressed == code
    assert heard.spoken[-1].endswith("Your number is verified.")
    assert [each.status for each in await ann.calls] == ["busy", "in-progress"]
    with pytest.raises(NotReceived, match="was not called as expected"):
        await ann.wait_for_call(contains="pizza", timeout=0, peer=call.peer)
    with pytest.raises(CannotCall, match="cannot be answered"):
        await ann.answer(call)
    with pytest.raises(CannotCall, match="digits is one of"):
        await ann.press_digits(second, "x")
    await emulator.reset()
    await asyncio.to_thread(ask)
    assert (await ann.wait_for_call(status="in-progress")).asks == "code"


async def test_a_mailbox(emulator: AsyncEmulator) -> None:
    ann = emulator.mailbox("Ann@example.com")
    assert await ann is ann is emulator.mailbox("ann@Example.com ")
    assert repr(ann) == "<AsyncMailbox Ann@example.com>"
    assert await ann.inbox == []
    with pytest.raises(NotReceived, match=r"Ann@example\.com did not receive the expected e-mail"):
        await ann.wait(timeout=0)
    client = emulator.client()
    (service,) = await asyncio.to_thread(client.verify.v2.services.list)

    def write(to: str = "ann@example.com") -> None:
        client.verify.v2.services(str(service.sid)).verifications.create(to=to, channel="email")

    await asyncio.to_thread(write)
    first = await ann.wait(contains="code")
    assert (first.to, first.sender) == ("ann@example.com", "verify@example.com")
    assert (first.codes[0] in first.subject, first.codes[0] in first.html) == (True, True)
    assert str(first).endswith(f"from verify@example.com: {first.subject!r}")
    with pytest.raises(NotReceived, match="expected"):
        await ann.wait(timeout=0)
    await asyncio.to_thread(write)
    with pytest.raises(NotReceived, match="This came instead:"):
        await ann.wait(subject="pizza", timeout=0)
    assert [each.codes for each in await ann.wait(count=1)] == [first.codes]
    assert len(await ann.inbox) == 2
    await ann.clear()
    assert await ann.inbox == []
    await emulator.reset()
    await asyncio.to_thread(write)
    assert (await ann.wait()).id == first.id  # as an account that begins anew has it


def test_a_mailbox_at_once(url: str) -> None:
    with Emulator(url=url) as emulator:
        service = emulator.client().verify.v2.services.list()[0]
        said = {"to": "ann@example.com", "channel": "email"}
        emulator.client().verify.v2.services(str(service.sid)).verifications.create(**said)
        ann = emulator.mailbox("ann@example.com")
        assert emulator.mailbox("ann@example.com").wait().codes == ann.inbox[0].codes
        assert (ann.address, repr(ann)) == ("ann@example.com", "<Mailbox ann@example.com>")
        ann.clear()
        assert ann.inbox == []


def test_an_authenticator_at_once(url: str) -> None:
    with Emulator(url=url) as emulator:
        services = emulator.client().verify.v2.services
        entities = services(str(services.list()[0].sid)).entities
        ann = emulator.authenticator("ann-00000001")
        assert (ann.identity, repr(ann)) == ("ann-00000001", "<Authenticator ann-00000001>")
        with pytest.raises(CannotCall, match="no TOTP factor"):
            ann.code()
        with pytest.raises(CannotCall, match="has no device"):
            ann.approve()
        emulator.clock.freeze()
        app = entities("ann-00000001").new_factors.create(friendly_name="App", factor_type="totp")
        sid = str(app.sid)
        assert entities("ann-00000001").factors(sid).update(auth_payload=ann.code()).status == (
            "verified"
        )
        assert ann.code(sid) == ann.code()
        factor = ann.enroll(friendly_name="Phone")
        asked = entities("ann-00000001").challenges
        first, second = (asked.create(factor, details_message=each) for each in ("In?", "Pay?"))
        assert (ann.deny(), ann.approve(str(first.sid))) == (second.sid, first.sid)
        assert [each.status for each in asked.list()] == ["approved", "denied"]
        ann.enroll(friendly_name="Tablet")
        third, fourth = (asked.create(factor, details_message=each) for each in ("In?", "Pay?"))
        assert (ann.approve(str(third.sid)), ann.deny()) == (third.sid, fourth.sid)
        with pytest.raises(CannotCall, match="already responded"):
            ann.deny(str(third.sid))


async def test_an_authenticator(emulator: AsyncEmulator) -> None:
    ann = emulator.authenticator("ann-00000001")
    assert repr(ann) == "<AsyncAuthenticator ann-00000001>"
    assert (await ann.enroll()).startswith("YF")
    with pytest.raises(CannotCall, match="no challenge waits"):
        await ann.deny()


async def test_a_phone_that_opens_an_address(emulator: AsyncEmulator) -> None:
    ann = await emulator.handset(ANN)
    with pytest.raises(CannotCall, match=r"expected what a verification has as sna\.url"):
        await ann.open_link("https://example.com")
    with pytest.raises(CannotCall, match="There is no such address"):
        await ann.open_link(f"http://x/_emulator/v1/sna/{'0' * 32}", over="wifi")


async def test_faults_and_their_end(emulator: AsyncEmulator) -> None:
    await emulator.fail(21211, http=400, times=1)
    client = emulator.async_client()
    with pytest.raises(TwilioRestException, match="Injected by a fault rule"):
        await client.messages.create_async(to=ANN, from_=emulator.number, body="Hi")
    assert (await emulator.lookup(ANN, valid=False))["validation_errors"]
    await emulator.reset()
    assert (await emulator.lookup(ANN))["valid"]
    assert await emulator.webhooks == []


async def test_scenarios_tokens_and_the_journal(emulator: AsyncEmulator, tmp_path: Path) -> None:
    assert (await emulator.play("support-desk"))["held"]
    assert (await emulator.token("alice", ttl=60)).count(".") == 2
    seen = [entry.seq async for entry in emulator.journal]
    assert seen == sorted(seen)
    assert len(await emulator.journal.of("command")) > 5
    assert await emulator.journal.lacks is None
    assert "it arrives tomorrow" in str(await emulator.journal.last())
    file = tmp_path / "no.scenario.yaml"
    file.write_text("scenario: No\nstory:\n  - Ann gets: Hello\n")
    file.write_text(f"scenario: No\npeople: {{Ann: '{ANN}'}}\nstory:\n  - Ann gets: Hello\n")
    with pytest.raises(DidNotHold, match="expected"):
        await emulator.play(file)


async def test_calls_that_have_no_method(emulator: AsyncEmulator, url: str) -> None:
    async with app("<Response><Message>Hello Ann</Message></Response>") as where:
        shown = await emulator.call("PATCH", f"/numbers/{emulator.number}", {"sms_url": where})
        assert shown["sms_url"] == where
        ann = await emulator.handset(ANN)
        await ann.send("Hello?")
        assert (await ann.wait()).body == "Hello Ann"
    page = await emulator.call("GET", "/journal", limit=1, kinds=None)
    assert len(page["entries"]) == 1
    assert await emulator.call("DELETE", "/journal") is None
    with pytest.raises(CannotCall, match=r"no such call: GET /_emulator/v1/no%20such%0D%0AX:%20y$"):
        await emulator.call("GET", "/no such\r\nX: y")
    assert Emulator.attach(url).call("GET", "/clock")["mode"] == "real"


async def test_variables_that_redirect(emulator: AsyncEmulator, tmp_path: Path) -> None:
    variables = await emulator.redirection(tmp_path)
    assert variables["TWILIO_ACCOUNT_SID"] == emulator.account_sid
    assert Path(str(variables["NODE_EXTRA_CA_CERTS"])).is_relative_to(tmp_path)


async def test_an_account_that_a_stack_uses(url: str) -> None:
    stack = Emulator.attach(url)
    stack.handset(ANN).send("noise")
    async with AsyncEmulator.attach(url) as emulator:
        assert emulator.account_sid == DEFAULT
        ann = emulator.handset(ANN)
        assert await ann.inbox == [] == await emulator.webhooks
        (named,) = [each async for each in emulator.journal]
        assert named["command"] == "UpsertHandset"
        await emulator.fail(30003)
        await emulator.clock.freeze()
    # What would disturb it is gone, the rest stays.
    attached = await AsyncEmulator.attach(url, DEFAULT)
    before = await attached.clock.now
    assert await attached._calls.get("/faults") == {"faults": []}
    assert (await attached._calls.get("/clock"))["mode"] == "real"
    assert before.tzinfo is not None
    await attached.handset(BEN).send("more")
    await attached.mark()
    assert await attached.handset(BEN).inbox == []


async def test_the_same_account_held_by_both(url: str) -> None:
    with Emulator(url=url) as emulator:
        both = AsyncEmulator.of(emulator)
        assert both.account_sid == emulator.account_sid
        ann = await both.handset(ANN)
        await ann.send("Hi")
        assert [each.body for each in emulator.handset(ANN).inbox] == ["Hi"]
        emulator.mark()
        assert await ann.inbox == []


async def test_a_wait_that_blocks_says_at_once_what_to_do(url: str) -> None:
    """In a coroutine it ends after a second, however long it was to last."""
    with Emulator(url=url) as emulator:
        ann = emulator.handset(ANN)
        with pytest.raises(NotReceived) as missed:
            ann.wait(timeout=600)
        assert str(missed.value).startswith(f"Nothing came to {ANN}: {HELD_UP}")
        assert str(missed.value).endswith("in 1 s.")
        await emulator.async_client().messages.create_async(
            to=ANN, from_=emulator.number, body="Hi"
        )
        assert ann.wait().body == "Hi"


async def test_what_holds_up_a_loop() -> None:
    calls = Blocking("http://localhost:1")
    assert calls.holds_up
    assert not calls.awaiting().holds_up
    seen: list[bool] = []
    thread = threading.Thread(target=lambda: seen.append(calls.holds_up))
    thread.start()
    thread.join(10)
    called: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(lambda: called.set_result(calls.holds_up))
    assert seen == [False] == [await called]


async def test_what_is_called_at_once_waits_for_nothing() -> None:
    with pytest.raises(RuntimeError, match="waits for something else"):
        at_once(asyncio.sleep(1))


async def test_an_answer_that_is_none() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        calls = Awaiting(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        with pytest.raises(CannotCall, match=r"no emulator answers .*IncompleteRead"):
            await calls.get("/clock")


async def test_the_client_is_twilios_own_and_leaves_nothing_open(
    emulator: AsyncEmulator, url: str
) -> None:
    client = emulator.async_client()
    assert isinstance(client.http_client, AsyncTwilioHttpClient)
    sent = asyncio.create_task(
        client.messages.create_async(to=ANN, from_=emulator.number, body="Hi")
    )
    await asyncio.sleep(0)
    sent.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sent
    listed = [each async for each in await client.incoming_phone_numbers.stream_async(page_size=1)]
    assert len(listed) == 2  # of which the second is on a page that an answer of ours names
    gc.collect()  # where a session that is open would say so


def test_a_client_where_no_loop_runs(url: str) -> None:
    with Emulator(url=url) as emulator:
        client = emulator.async_client()
        message = asyncio.run(
            client.messages.create_async(to=ANN, from_=emulator.number, body="Hi")
        )
        assert emulator.client().messages(message.sid).fetch().body == "Hi"


@pytest.mark.parametrize("missing", ["aiohttp", "twilio.rest"])
def test_a_client_that_is_not_installed(
    missing: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "twilio.http.async_http_client", raising=False)
    monkeypatch.setitem(sys.modules, missing, None)
    with Emulator(url=url) as emulator, pytest.raises(ModuleNotFoundError) as failed:
        emulator.async_client()
    assert str(failed.value) == (
        "async_client() is Twilio's own asynchronous client: pip install twilio aiohttp "
        "aiohttp-retry"
    )
