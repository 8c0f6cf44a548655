import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.server.conftest import ACCOUNT, ANN, NUMBER, OTHER_NUMBER, Site
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.media import MediaTable
from twilio_emulator.core.conversations.participants import AddParticipant
from twilio_emulator.core.conversations.resources import AccountConfigurations
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.restoring import RestoreWorld
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.messaging.message_resource import RemoveMedia, RemoveText
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.core.texts.media import Enclosure, MediaFile, of
from twilio_emulator.core.texts.text import Text, Texts, TextStatus
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.runtime.media_fetching import Errands, Fetcher
from twilio_emulator.runtime.uploads import Files

pytestmark = pytest.mark.anyio


def advance(world: World, **passed: float) -> None:
    world.clock.set(world.clock.now() + timedelta(**passed))
    world.catch_up(world.clock.now())


def send(gate: Gate, *urls: str, to: str = ANN) -> Text:
    text = gate.perform_now(
        CreateText(account=ACCOUNT, to=to, from_=NUMBER, body="Look", media_url=urls)
    )
    assert isinstance(text, Text)
    return text


async def test_media_are_fetched_and_kept(
    gate: Gate, world: World, errands: Errands, files: Files, site: Site
) -> None:
    url = site.put("/a.png", b"picture", "image/png; charset=binary")
    text = send(gate, url, site.put("/b.pdf", b"paper", "Application/PDF"))
    assert errands.busy
    await errands.settled()
    assert not errands.busy

    one, two = of(world, text.sid)
    assert (one.content_type, one.size, two.content_type) == ("image/png", 7, "application/pdf")
    assert files.read(one.digest or "") == b"picture"
    advance(world, seconds=1)
    assert world[Texts][text.sid].status == "delivered"


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        (b"", "image/png", 404, 11200),
        (b"<html>", "text/html", 200, 12300),
        (b"x" * (5 * 1024 * 1024 + 1), "image/png", 200, 30019),
        (b"x" * (500 * 1024 + 1), "audio/ogg", 200, 30019),
    ],
)
async def test_what_cannot_be_had_fails_the_text(
    gate: Gate,
    world: World,
    errands: Errands,
    site: Site,
    content: bytes,
    content_type: str,
    status: int,
    code: int,
) -> None:
    text = send(gate, site.put("/a", content, content_type, status))
    await errands.settled()
    failed = world[Texts][text.sid]
    assert (failed.status, failed.error_code) == ("failed", code)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/a.png", "http://exam ple/a.png"])
async def test_who_cannot_be_reached_fails_the_text(
    gate: Gate, world: World, errands: Errands, url: str
) -> None:
    text = send(gate, url)
    await errands.settled()
    assert world[Texts][text.sid].error_code == 11200


async def test_who_leads_to_nowhere_fails_the_text(
    gate: Gate, world: World, errands: Errands, site: Site
) -> None:
    nowhere = b"Location: http://127.0.0.1:99999/\r\nContent-Length: 0\r\n\r\n"
    site.files["/a.png"] = b"HTTP/1.1 302 Found\r\n" + nowhere
    text = send(gate, f"{site.url}/a.png")
    await errands.settled()
    assert world[Texts][text.sid].error_code == 11200


async def test_a_site_that_hangs_is_given_up_when_the_clock_passes_its_limit(
    gate: Gate, world: World, errands: Errands, site: Site
) -> None:
    asked, never = asyncio.Event(), asyncio.Event()

    async def hang() -> bytes:
        asked.set()
        await never.wait()
        return b""

    site.files["/a.png"] = hang
    text = send(gate, f"{site.url}/a.png")
    await asked.wait()
    errands.advanced(10)
    assert world[Texts][text.sid].status == "queued"
    errands.advanced(10)
    await errands.settled()
    assert world[Texts][text.sid].error_code == 11200
    never.set()


@pytest.mark.parametrize(
    "form",
    [
        "https://api.twilio.com/2010-04-01/Accounts/{account}/Messages/{text}/Media/{media}",
        "http://localhost/api.twilio.com/2010-04-01/Accounts/{account}/Messages/{text}/Media/{media}?",
    ],
)
async def test_what_is_kept_here_is_not_fetched(
    gate: Gate, world: World, errands: Errands, files: Files, form: str
) -> None:
    picture = Enclosure(content_type="image/png", digest=files.keep(b"picture"), size=7)
    received = gate.perform_now(SendFromHandset(address=ANN, to=NUMBER, media=(picture,)))
    (kept,) = of(world, received.sid)

    text = send(gate, form.format(account=ACCOUNT, text=received.sid, media=kept.sid))
    await errands.settled()

    (media,) = of(world, text.sid)
    assert (media.content_type, media.digest) == ("image/png", kept.digest)


@pytest.mark.parametrize(
    "known",
    [
        lambda files: Enclosure(content_type="image/png", url="https://example.com/a"),
        lambda files: Enclosure(content_type="image/png", digest="lost"),
        None,
    ],
    ids=["elsewhere", "lost", "unknown"],
)
async def test_what_is_not_kept_here_is_fetched(
    gate: Gate,
    world: World,
    errands: Errands,
    files: Files,
    site: Site,
    known: Callable[[Files], Enclosure] | None,
) -> None:
    sid = "ME" + "0" * 32
    if known is not None:
        received = gate.perform_now(SendFromHandset(address=ANN, to=NUMBER, media=(known(files),)))
        sid = of(world, received.sid)[0].sid
    text = send(gate, site.put(f"/{sid}", b"new", "image/png"))
    await errands.settled()
    assert site.asked == [f"/{sid}"]
    assert files.read(of(world, text.sid)[0].digest or "") == b"new"


async def test_a_text_reaches_another_number_of_the_account(
    gate: Gate, world: World, errands: Errands
) -> None:
    text = send(gate, to=OTHER_NUMBER)
    advance(world, seconds=1)
    await errands.settled()
    (received,) = [each for each in world[Texts] if each.direction == "inbound"]
    assert (received.sender, received.to, received.body) == (NUMBER, OTHER_NUMBER, "Look")
    assert world[Texts][text.sid].status == "delivered"


async def test_what_an_errand_was_for_may_be_gone(
    gate: Gate, world: World, errands: Errands, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    text = send(gate, site.put("/a.png", b"picture", "image/png"))
    (media,) = of(world, text.sid)
    gate.perform_now(RemoveMedia(account=ACCOUNT, text=text.sid, media=media.sid))
    bound = send(gate, to=OTHER_NUMBER)
    advance(world, seconds=1)
    gate.perform_now(RemoveText(account=ACCOUNT, text=bound.sid))
    await errands.settled()
    assert [each for each in world[Texts] if each.direction == "inbound"] == []
    assert caplog.records == []


async def test_a_fault_of_ours_is_in_our_log(
    gate: Gate,
    world: World,
    errands: Errands,
    files: Files,
    site: Site,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(content: bytes) -> str:
        raise OSError("no space left")

    monkeypatch.setattr(files, "keep", full)
    text = send(gate, site.put("/a.png", b"picture", "image/png"))
    await errands.settled()
    assert "media could not be fetched" in caplog.text
    assert "OSError: no space left" in caplog.text
    assert world[Texts][text.sid].error_code == 11200  # it does not wait for ever


async def test_a_site_that_closes_after_each_answer(
    gate: Gate, world: World, errands: Errands, site: Site
) -> None:
    """It does not say so: half of the fetches would be lost if connections were kept."""
    texts = [send(gate, site.put(f"/{n}.png", b"picture", "image/png")) for n in range(4)]
    await errands.settled()
    assert [world[Texts][text.sid].error_code for text in texts] == [None] * 4
    assert len(site.asked) == 4


async def test_closing_breaks_off_what_is_under_way(
    gate: Gate, world: World, files: Files, site: Site
) -> None:
    asked, never = asyncio.Event(), asyncio.Event()

    async def hang() -> bytes:
        asked.set()
        await never.wait()
        return b""

    site.files["/a.png"] = hang
    errands, idle = Errands(gate, files, Fetcher()), Fetcher()
    text = send(gate, f"{site.url}/a.png")
    await asked.wait()
    await errands.close()
    await errands.close()
    await idle.close()
    assert not errands.busy
    assert isinstance(of(world, text.sid)[0], MediaFile)
    send(gate, f"{site.url}/b.png")
    assert not errands.busy
    never.set()


@pytest.mark.parametrize("restored", [True, False])
async def test_what_is_still_wanted_is_fetched_again(
    gate: Gate, world: World, files: Files, site: Site, restored: bool
) -> None:
    url = site.put("/a.png", b"picture", "image/png")
    wanted, gone = send(gate, url), send(gate, url)
    world[Texts].put(replace(gone, status=TextStatus.FAILED))
    gate.perform_now(SendFromHandset(address=ANN, to=NUMBER, media=(Enclosure(url=url),)))
    fetcher = Fetcher()
    errands = Errands(gate, files, fetcher)  # of another run: it has heard of nothing
    if restored:
        gate.perform_now(RestoreWorld(snapshot=world.snapshot()))
    else:
        errands.resume()
    await errands.settled()
    assert [media.content_type for media in of(world, wanted.sid)] == ["image/png"]
    assert [media.content_type for media in of(world, gone.sid)] == [None]
    assert site.asked == ["/a.png"]
    await errands.close()
    await fetcher.close()


@pytest.mark.parametrize("dead", [True, False])
async def test_what_lost_its_bytes_is_fetched_again(
    gate: Gate, world: World, files: Files, site: Site, dead: bool
) -> None:
    """A snapshot knows digests, and another run has other files."""
    url = site.put("/a.mp4", b"film" * 200_000, "video/mp4", 404 if dead else 200)
    conversation = gate.perform_now(
        AddConversation(service=world[AccountConfigurations][ACCOUNT].default_chat_service_sid)
    )
    gate.perform_now(
        AddParticipant(
            service=conversation.service_sid,
            conversation=conversation.sid,
            messaging_binding_address=ANN,
            messaging_binding_proxy_address=NUMBER,
        )
    )
    lost = Enclosure(content_type="video/mp4", url=url, digest="lost", size=1)
    uploaded = Enclosure(content_type="image/png", digest="lost", size=1)
    kept = Enclosure(content_type="image/png", url=url, digest=files.keep(b"here"), size=4)
    text = gate.perform_now(SendFromHandset(address=ANN, to=NUMBER, media=(lost, uploaded, kept)))
    fetcher = Fetcher()
    errands = Errands(gate, files, fetcher)
    gate.perform_now(RestoreWorld(snapshot=world.snapshot()))
    await errands.settled()
    assert len(site.asked) == 2  # of the text and of the conversation
    for media in (of(world, text.sid)[0], next(iter(world[MediaTable]))):
        held = files.read(media.digest or "")
        assert (media.size, held and len(held)) == ((1, None) if dead else (len(held or b""),) * 2)
    await errands.close()
    await fetcher.close()
