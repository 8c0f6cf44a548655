from collections.abc import Callable

import pytest

from twilio_emulator.core.carrier.delivery import KeepMedia
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.simulation.settings import ChangeCarrier
from twilio_emulator.core.texts.media import of
from twilio_emulator.core.texts.text import Text, Texts

ACCOUNT = "AC00000000000000000000000000000001"
SERVICE = "MG00000000000000000000000000000001"
OTHER = "+12025550101"
Send = Callable[..., Text]
Advance = Callable[..., None]


@pytest.fixture
def statuses(world: World) -> Callable[..., list[str]]:
    """What has become of texts."""
    return lambda *texts: [str(world[Texts][text.sid].status) for text in texts]


def test_texts_wait_in_line_for_their_sender(
    world: World, send: Send, advance: Advance, statuses: Callable[..., list[str]]
) -> None:
    world.perform(ChangeCarrier(throughput={"long-code": 1}))
    one, two, long = send(), send(), send(body="x" * 200)
    last, elsewhere = send(), send(from_=OTHER)
    advance(milliseconds=500)
    assert statuses(one, two, long, elsewhere) == ["delivered", "queued", "queued", "delivered"]
    advance(seconds=1)
    assert statuses(two, long) == ["delivered", "queued"]
    advance(seconds=1)
    assert statuses(long, last) == ["delivered", "queued"]
    advance(seconds=1)
    assert statuses(last) == ["queued"]  # the long one took two seconds
    advance(seconds=1)
    assert statuses(last) == ["delivered"]


def test_a_text_that_waits_too_long_expires(
    world: World, send: Send, advance: Advance, statuses: Callable[..., list[str]]
) -> None:
    world.perform(ChangeCarrier(throughput={"long-code": 0.1}))
    send()
    late = send(validity_period="5")
    advance(seconds=5)
    assert statuses(late) == ["failed"]
    assert world[Texts][late.sid].error_code == 30036


def test_a_full_queue_refuses_texts_and_fails_those_of_services(
    world: World, send: Send, advance: Advance
) -> None:
    world.perform(ChangeCarrier(throughput={"long-code": 1}, queue_seconds=2))
    for _ in range(2):
        send()
    with pytest.raises(Refused) as refused:
        send()
    assert (refused.value.code, refused.value.status) == (21611, 429)
    text = send(messaging_service_sid=SERVICE)
    advance(milliseconds=5)
    assert (world[Texts][text.sid].status, world[Texts][text.sid].error_code) == ("failed", 30001)
    advance(seconds=1)
    assert send().status == "queued"


def test_media_have_to_be_there_before_a_text_has_its_turn(
    world: World, send: Send, advance: Advance, statuses: Callable[..., list[str]]
) -> None:
    world.perform(ChangeCarrier(throughput={"long-code": 1}))
    picture = send(media_url=("https://example.com/a.png",))
    one = send()
    (media,) = of(world, picture.sid)
    world.perform(KeepMedia(media=media.sid, content_type="image/png", size=1, digest="d"))
    advance(milliseconds=200)
    assert statuses(one, picture) == ["delivered", "queued"]
    advance(seconds=1)
    assert statuses(picture) == ["delivered"]


@pytest.mark.parametrize("throughput", [{"pigeon": 1.0}, {"long-code": 0.0}])
def test_rates_are_of_senders_and_above_nothing(world: World, throughput: dict[str, float]) -> None:
    with pytest.raises(Refused) as refused:
        world.perform(ChangeCarrier(throughput=throughput))
    assert refused.value.code == 20001
