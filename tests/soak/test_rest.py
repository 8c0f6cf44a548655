"""Twenty thousand requests to every operation of REST, most of them sensible, many a little off."""

import asyncio
import json
from datetime import timedelta
from random import Random

import pytest

from tests.conformance.inside import START, Inside
from tests.conformance.referee import Referee
from tests.conformance.walk import walk
from tests.soak.budget import goes_on
from tests.soak.conftest import Complaints
from tests.soak.fuzzer import Fuzzer
from tests.soak.judge import account_sids, faults
from tests.soak.requests import Got, Sent, ask
from tests.soak.surface import Place
from tests.soak.values import IDENTITIES, NUMBERS, PHONES, TEXTS, Pool, Values
from tests.webhooks.conftest import App, Received, http, twiml
from twilio_emulator.core.accounts.accounts import Accounts
from twilio_emulator.core.conversations.push_notifications import RegisterBinding
from twilio_emulator.core.kernel.clock import Clock
from twilio_emulator.core.kernel.journal import replay
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import Command
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.wings import new_world, read_line
from twilio_emulator.runtime import numbering
from twilio_emulator.server.app import Server

pytestmark = pytest.mark.soak

WALKS = 6
REQUESTS = 6_000  # of each walk
STRANGER = ("AC" + "9" * 32, "0" * 32)


def receiving(app: App, dice: Random) -> Pool:
    """Addresses at which an app answers in every way there is, and at once; and some without it."""

    def anything(_: Received) -> bytes:
        return dice.choice(
            (
                http(),
                http(status=500),
                http(status=403),
                http("nonsense \x00", content_type="application/json"),
                http('{"body":"Rewritten","author":"zoe"}', content_type="application/json"),
                http('{"body":7,"attributes":[]}', content_type="application/json"),
                twiml("<Message>Thank you</Message>"),
                twiml("<Message><Media>http://127.0.0.1:1/a.png</Media></Message><Sms>x</Sms>"),
                http("<Response", content_type="text/xml"),
                http(status=302, Location="/elsewhere"),
                http(b"\x89PNG", content_type="image/png"),
                b"HTTP/1.1 banana\r\n\r\n",
                b"",
            )
        )

    app.answers["/anything"] = anything
    app.answers["/elsewhere"] = http(status=302, Location="/anything")
    own = (
        f"{app.url}/anything",
        f"{app.url}/anything?a=%00&b=ü#rc=3",
        app.url.replace("http://", "http://user:pa%2Fss@") + "/anything",
        "",
    )
    odd = (
        "http://127.0.0.1:1/closed",
        "example.com",
        "http://[::1",
        "http:///",
        "http://127.0.0.1:99999/",
        "ftp://127.0.0.1/",
        "\x00",
    )
    return own, odd


class Walk:
    """Requests to one account, each judged by its answer."""

    def __init__(
        self,
        inside: Inside,
        places: list[Place],
        referee: Referee,
        complaints: Complaints,
        seed: int,
    ) -> None:
        self.inside = inside
        self.referee = referee
        self.complaints = complaints
        self.seed = seed
        self.dice = Random(seed)
        stranger = Inside(inside.server, inside.loop, inside.app)
        self.stranger = stranger
        account = inside.world[Accounts][inside.account_sid]
        others = [
            STRANGER,
            (stranger.account_sid, stranger.auth_token),
            (inside.account_sid, stranger.auth_token),
            (account.test_account_sid, account.test_auth_token),
        ]
        values = Values(self.dice, receiving(inside.app, self.dice))
        login = (inside.account_sid, inside.auth_token)
        self.fuzzer = Fuzzer(self.dice, places, login, others, values)
        self.counts: dict[int, int] = {}
        self.number = 0

    async def go(self, requests: int) -> None:
        """Make so many requests; raises AssertionError at the first that is answered wrongly."""
        for done in range(requests):
            if not goes_on(done, 1_000):
                return
            self.number += 1
            if self.dice.random() < 0.05:
                await self._let_something_else_happen()
            sent = self.fuzzer.request()
            before = await self._state()
            try:
                got = await ask(self.inside.server, sent, at_once=self.dice.random() < 0.5)
                await self.inside.hosted.pace.settle()
            except Exception as error:
                raise AssertionError(self._told(sent, f"{error!r}")) from error
            wrong = [*faults(self.referee, sent, got), *self._beyond(got), *self.complaints.taken()]
            # A webhook that was asked before the refusal may have left an alert.
            if got.status >= 400 and not sent.is_loud and before != await self._state():
                wrong.append("a refusal that left a trace")
            assert not wrong, self._told(sent, "\n".join([*wrong, _shown(got)]))
            self.fuzzer.learn(sent, got)
            account = self.inside.world[Accounts][self.inside.account_sid]
            self.inside.auth_token = account.auth_token  # a request may have changed it
            self.fuzzer.log_in_anew(account.auth_token)
            self.counts[got.status] = self.counts.get(got.status, 0) + 1

    async def _let_something_else_happen(self) -> None:
        """Time passes, somebody writes on a phone, or a client SDK registers for push."""
        dice, hosted = self.dice, self.inside.hosted
        if dice.random() < 0.5:
            seconds = dice.choice((0.2, 1, 1, 1, 5, 30, 61, 61, 601, 90_000))
            await hosted.pace.advance(timedelta(seconds=seconds))
            return
        wish: Command = SendFromHandset(
            address=dice.choice(PHONES), to=dice.choice(NUMBERS), body=dice.choice(TEXTS)
        )
        if dice.random() < 0.1:
            wish = RegisterBinding(
                service=self.fuzzer.shelf.sid("IS"),
                identity=dice.choice(IDENTITIES),
                binding_type="fcm",
                endpoint=dice.choice(IDENTITIES),
                message_types=("new_message",),
            )
        try:
            await hosted.gate.perform(wish)
        except Refused:
            return
        await hosted.pace.settle()

    async def _state(self) -> object:
        """What a refused command leaves as it is. What is due happens even so, and goes first."""
        world = self.inside.world
        world.catch_up(world.clock.now())
        await self.inside.hosted.pace.settle()
        drawn = (world.serials, world.events, world.sids.drawn, world.dice.drawn)
        # A record is replaced when it changes, so the tables need not be written down to see it.
        return drawn, list(world.timers), {n: list(kept) for n, kept in world.tables().items()}

    def _beyond(self, got: Got) -> list[str]:
        """What an answer shows of an account that nobody here can see."""
        mine = self.inside.world[Accounts]
        return [
            f"it shows something of {sid}"
            for sid in account_sids(got.body)
            if got.status < 300 and sid not in mine and sid not in self.stranger.world[Accounts]
        ]

    def _told(self, sent: Sent, wrong: str) -> str:
        return f"\nSOAK_SEED={self.seed}, request {self.number}:\n{sent.curl()[:6000]}\n{wrong}"


def _shown(got: Got) -> str:
    return f"{got.status} {got.content[:1000]!r}"


@pytest.mark.parametrize("number", range(WALKS))
def test_whatever_is_asked_the_answer_is_one_of_twilios(
    number: int,
    seed: int,
    server: Server,
    inside: Inside,
    places: list[Place],
    referee: Referee,
    complaints: Complaints,
    loop: asyncio.AbstractEventLoop,
) -> None:
    walking = Walk(inside, places, referee, complaints, seed + number)
    inside.run(walking.go(REQUESTS))
    # Without any of these the walk would not have come far.
    assert {200, 201, 204, 400, 401, 404} <= walking.counts.keys(), walking.counts

    world = inside.world
    state = json.dumps(world.snapshot())
    restored = new_world(world.account_sid, world.seed, Clock(lambda: 0.0, START, 0), numbering)
    restored.restore(json.loads(state))
    assert json.dumps(restored.snapshot()) == state

    lines = json.loads(json.dumps([written.plain() for written in inside.hosted.gate.journal]))
    again = new_world(world.account_sid, world.seed, Clock(lambda: 0.0, START, 0), numbering)
    replay(again, map(read_line, lines), world.now)
    assert json.dumps(again.snapshot()) == state

    # And it still answers as ever: other accounts, and a new service of the same one.
    for in_service in (False, True):
        fresh = Inside(server, loop, inside.app)
        for step in walk(fresh, f"/Services/{fresh.service_sid}" if in_service else ""):
            described = referee.which(step.method, step.path)
            assert referee.faults(described, step.status, step.body) == []
        fresh.close()
    service = inside.made("/Services", {"FriendlyName": "After all that"})["sid"]
    path = f"/Services/{service}/Conversations"
    conversation = inside.made(path, {"FriendlyName": "Still here"})["sid"]
    for word in ("one", "two"):
        inside.made(f"{path}/{conversation}/Messages", {"Body": word, "Author": "ann"})
    said = inside.seen(f"{path}/{conversation}/Messages")["messages"]
    assert [(message["index"], message["body"]) for message in said] == [(0, "one"), (1, "two")]
