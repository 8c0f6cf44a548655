"""Continuation tokens: kept by who comes back, issued anew to everybody else, and why."""

import json
from base64 import urlsafe_b64decode

import pytest

from twilio_emulator.sdk.twilsock.continuation import ContinuationTokens
from twilio_emulator.wire.access_tokens import GrantKind

IS = "IS00000000000000000000000000000001"
CHAT = {GrantKind.CHAT: IS}


@pytest.fixture
def tokens() -> ContinuationTokens:
    return ContinuationTokens(b"key")


def test_the_first_one(tokens: ContinuationTokens) -> None:
    issued = tokens.renew(None, "alice", CHAT)
    assert issued.status() == {
        "reissued": True,
        "reissue_reason": "MISSING",
        "reissue_message": "Continuation token is not provided",
    }
    said, _, signature = issued.token.partition(".")
    client = json.loads(urlsafe_b64decode(said + "=="))
    assert client["format"] == "rtd-ct-1"
    assert client["endpointId"].startswith("twi1-")
    assert client["grants"]["identity"] == "alice"
    assert client["grants"]["chat"] == client["grants"]["ip_messaging"] == {"service_sid": IS}
    assert len(signature) == 43


def test_every_client_has_its_own(tokens: ContinuationTokens) -> None:
    assert tokens.renew("", "alice", CHAT).token != tokens.renew("", "alice", CHAT).token


def test_who_comes_back_keeps_it(tokens: ContinuationTokens) -> None:
    token = tokens.renew(None, "日本/é", CHAT).token
    again = tokens.renew(token, "日本/é", CHAT)
    assert again.token == token
    assert again.status() == {"reissued": False}


def test_it_outlives_a_restart(tokens: ContinuationTokens) -> None:
    token = tokens.renew(None, "alice", CHAT).token
    assert ContinuationTokens(b"key").renew(token, "alice", CHAT).token == token


@pytest.mark.parametrize(("identity", "service"), [("bob", IS), ("alice", "IS2")])
def test_somebody_elses(tokens: ContinuationTokens, identity: str, service: str) -> None:
    issued = tokens.renew(
        tokens.renew(None, "alice", CHAT).token, identity, {GrantKind.CHAT: service}
    )
    assert issued.status()["reissue_reason"] == "DIFFERENT_IDENTITY"
    assert tokens.renew(issued.token, identity, {GrantKind.CHAT: service}).token == issued.token


@pytest.mark.parametrize("presented", ["x", ".", "é.ü", "\ud800", "e30.e30", "a.b.c"])
def test_one_that_we_did_not_make(tokens: ContinuationTokens, presented: str) -> None:
    issued = tokens.renew(presented, "alice", CHAT)
    assert issued.status()["reissue_reason"] == "INVALID"
    assert issued.token != presented


def test_one_that_was_changed(tokens: ContinuationTokens) -> None:
    token = tokens.renew(None, "alice", CHAT).token
    other = ContinuationTokens(b"another key").renew(token, "alice", CHAT)
    assert other.status()["reissue_reason"] == "INVALID"


def test_a_token_for_sync(tokens: ContinuationTokens) -> None:
    sync = {GrantKind.SYNC: IS}
    issued = tokens.renew(None, "alice", sync)
    client = json.loads(urlsafe_b64decode(issued.token.partition(".")[0] + "=="))
    assert client["grants"] == {"identity": "alice", "data_sync": {"service_sid": IS}}
    assert client["endpointId"] == issued.endpoint_id
    assert tokens.renew(issued.token, "alice", sync).endpoint_id == issued.endpoint_id
    both = tokens.renew(issued.token, "alice", CHAT | sync)
    assert both.status()["reissue_reason"] == "DIFFERENT_IDENTITY"


def test_no_two_runs_know_a_client_by_one_id() -> None:
    first, second = (ContinuationTokens(b"key", run).renew(None, "alice", CHAT) for run in "12")
    assert first.endpoint_id != second.endpoint_id
