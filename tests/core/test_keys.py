import pytest

from tests.core.conftest import ACCOUNT, Told
from tests.core.refused import code
from twilio_emulator.core.accounts.accounts import ApiKeys
from twilio_emulator.core.accounts.api_keys import (
    AddApiKey,
    ApiKeyChanged,
    RemoveApiKey,
    UpdateApiKey,
    fetch_key,
    list_keys,
)
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World

DEFAULT = "SK00000000000000000000000000000001"


def test_a_key_is_made_renamed_and_withdrawn(world: World, told: Told) -> None:
    key = world.perform(AddApiKey(account=ACCOUNT, friendly_name="One"))
    assert (key.sid[:2], key.friendly_name, len(key.secret)) == ("SK", "One", 32)
    assert [it.sid for it in list_keys(world, account=ACCOUNT)] == [key.sid, DEFAULT]

    renamed = world.perform(UpdateApiKey(account=ACCOUNT, key=key.sid, friendly_name="Two"))
    assert (renamed.friendly_name, renamed.secret) == ("Two", key.secret)
    assert world.perform(UpdateApiKey(account=ACCOUNT, key=key.sid)) == renamed
    assert fetch_key(world, account=ACCOUNT, key=key.sid) == renamed

    world.perform(RemoveApiKey(account=ACCOUNT, key=key.sid))
    assert [event.key for event in told.of(ApiKeyChanged)] == [key, renamed, None]
    with pytest.raises(Refused) as refused:
        fetch_key(world, account=ACCOUNT, key=key.sid)
    assert refused.value.code == 20404


def test_a_key_needs_no_name_but_not_too_long_a_one(world: World) -> None:
    assert world.perform(AddApiKey(account=ACCOUNT)).friendly_name == ""
    with pytest.raises(Refused) as refused:
        world.perform(AddApiKey(account=ACCOUNT, friendly_name="a" * 65))
    assert refused.value.code == 50003


def test_a_key_is_its_accounts_own(world: World) -> None:
    with pytest.raises(Refused) as refused:
        fetch_key(world, account="AC" + "2" * 32, key=DEFAULT)
    assert refused.value.code == 20404


def test_a_key_may_have_a_policy(world: World) -> None:
    key = world.perform(AddApiKey(account=ACCOUNT, key_type="restricted", policy='{"allow":[]}'))
    assert key.policy == '{"allow":[]}'
    assert not key.main
    assert world.perform(UpdateApiKey(account=ACCOUNT, key=key.sid, policy="")).policy is None
    for wish in (
        AddApiKey(account=ACCOUNT, policy="{"),
        AddApiKey(account=ACCOUNT, policy="[]"),
        AddApiKey(account=ACCOUNT, key_type="golden"),
    ):
        assert code(world, wish) == 20001


def test_the_first_key_opens_what_only_main_keys_open(world: World) -> None:
    assert world[ApiKeys][DEFAULT].main
    assert world.perform(AddApiKey(account=ACCOUNT)).main is False
