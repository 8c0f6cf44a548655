"""Pre-event webhooks through REST: how long one may take, and what goes on meanwhile."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.conformance.inside import Inside
from tests.webhooks.conftest import App, http
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings


@pytest.fixture
def hasty(loop: asyncio.AbstractEventLoop, app: App) -> Iterator[Inside]:
    """An account of a server whose pre-event webhooks have a twentieth of a second."""
    server = Server(Settings(clock="frozen", webhook_timeout=0.05), lambda: b"")
    yield Inside(server, loop, app)
    loop.run_until_complete(server.end())


def opened(inside: Inside) -> str:
    """The path of the messages of a conversation whose new messages a webhook is asked about."""
    url = {"PreWebhookUrl": f"{inside.app.url}/pre", "Filters": ["onMessageAdd"]}
    assert inside.ask("POST", "/Configuration/Webhooks", url).status == 200
    return f"/Conversations/{inside.made('/Conversations', {})['sid']}/Messages"


def bodies(inside: Inside, path: str) -> list[tuple[int, str]]:
    return [(each["index"], each["body"]) for each in inside.seen(path)["messages"]]


def test_no_answer_within_the_limit_of_the_machine_lets_it_pass(hasty: Inside) -> None:
    path = opened(hasty)
    answer = hasty.loop.create_future()
    hasty.app.answers["/pre"] = lambda _: answer

    assert hasty.ask("POST", path, {"Body": "Hi"}, loud=True).status == 201

    assert len(hasty.app["/pre"]) == 1
    assert bodies(hasty, path) == [(0, "Hi")]
    answer.set_result(http(status=403))  # too late
    hasty.settle()
    assert bodies(hasty, path) == [(0, "Hi")]


def test_others_are_answered_while_one_waits(inside: Inside) -> None:
    path = opened(inside)
    first, second = inside.loop.create_future(), inside.loop.create_future()
    answers = {"One": first, "Two": second}
    inside.app.answers["/pre"] = lambda request: answers[request.form["Body"]]

    def begin(body: str) -> asyncio.Task[object]:
        asked = len(inside.app["/pre"])
        waiting = inside.loop.create_task(inside.asking("POST", path, {"Body": body}, loud=True))
        inside.run(inside.app.wait_for("/pre", asked + 1))
        return waiting

    one, two = begin("One"), begin("Two")
    quiet = inside.ask("POST", path, {"Body": "Three"})
    renamed = inside.ask("POST", path.removesuffix("/Messages"), {"FriendlyName": "Meanwhile"})

    assert (quiet.status, quiet["index"], renamed["friendly_name"]) == (201, 0, "Meanwhile")
    assert not one.done()
    assert not two.done()
    second.set_result(http('{"body":"Two!"}'))
    inside.run(two)
    assert not one.done()
    first.set_result(http("{}"))
    inside.run(one)
    assert bodies(inside, path) == [(0, "Three"), (1, "Two!"), (2, "One")]
