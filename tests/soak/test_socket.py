"""Client SDKs that send whatever they like, while REST does what it likes to what they watch."""

import json
from typing import Any

import pytest

from tests.conformance.inside import Inside
from tests.conformance.referee import Referee
from tests.soak.budget import goes_on
from tests.soak.conftest import Complaints
from tests.soak.requests import Sent, ask
from tests.soak.surface import Place
from tests.soak.talker import Talker
from tests.soak.test_rest import Walk
from tests.soak.values import IDENTITIES
from twilio_emulator.core.accounts.api_keys import AddApiKey

pytestmark = pytest.mark.soak

TURNS = 6_000
TALKERS = 4


async def come(walking: Walk, identity: str) -> Talker:
    """A client that was let in."""
    inside = walking.inside
    # What came before may have withdrawn every key that could sign a token.
    await inside.hosted.gate.perform(AddApiKey(account=inside.account_sid))
    sent = Sent(
        method="POST",
        host="localhost",
        path="/_emulator/v1/tokens",
        query=f"account={inside.account_sid}",
        body=json.dumps({"identity": identity}).encode(),
    )
    got = await ask(inside.server, sent, at_once=False)
    talker = Talker(inside.server, walking.fuzzer.values, got.body["token"])
    await talker.settle()
    assert not talker.wrong
    return talker


def test_whatever_clients_send_they_get_what_they_understand(
    seed: int, inside: Inside, places: list[Place], referee: Referee, complaints: Complaints
) -> None:
    walking = Walk(inside, places, referee, complaints, seed)

    async def talk() -> Any:
        talkers = [await come(walking, each) for each in IDENTITIES[:TALKERS]]
        for number in range(1, TURNS + 1):
            if not goes_on(number, TURNS // 10):
                break
            at = walking.dice.randrange(TALKERS)
            try:
                said = talkers[at].talk()
                for each in talkers:
                    await each.settle()
                await inside.hosted.pace.settle()
            except Exception as error:
                raise AssertionError(f"SOAK_SEED={seed}, turn {number}") from error
            wrong = [*(it for each in talkers for it in each.wrong), *complaints.taken()]
            assert not wrong, f"SOAK_SEED={seed}, turn {number}:\n{said[:3000]}\n{wrong}"
            await walking.go(1)
            if talkers[at].is_over:
                talkers[at].connection.leave()
                talkers[at] = await come(walking, IDENTITIES[at])
        for each in talkers:
            each.connection.leave()
        fresh = await come(walking, "newcomer")
        return await fresh.asked("/Client/v2/Configuration"), fresh.connection.leave()

    (status, said), _ = inside.run(talk())
    assert (status, said["identity"]) == (200, "newcomer")
    assert said["sync_objects"].keys() == {"my_conversations", "my_user_info"}
