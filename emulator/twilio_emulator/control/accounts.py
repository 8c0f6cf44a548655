"""Accounts by the control API: opened one per test, listed, closed; and access tokens for them."""

import itertools
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypedDict

from twilio_emulator.control.exchange import NOTHING, Mistaken, Reply, json_reply
from twilio_emulator.control.parameters import read_moment
from twilio_emulator.control.pieces import listed
from twilio_emulator.control.routes import Control, Controls, Fields, Place, Whole
from twilio_emulator.core.accounts.accounts import Accounts, ApiKeys, OpenAccount
from twilio_emulator.core.conversations.resources import AccountConfigurations, Services
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator.configurations import first_configuration
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.sync.resources import DEFAULT_NAME
from twilio_emulator.core.sync.services import default_service_sid, find_sync_service
from twilio_emulator.core.verify.services import first_service_sid
from twilio_emulator.runtime.accounts import Worlds
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.settings import InvalidSetting
from twilio_emulator.wire import access_tokens

TOKENS_KEPT = 10_000
"""Tokens of an account whose life is counted on its clock; that of older ones on the machine's."""

NO_KEY = {409: "The account has no API key to sign with."}

DEFAULT_LIFE = 3600
"""Seconds that a token is good for unless the caller says otherwise."""


class NewAccount(Fields):
    """What a new account has besides, or other than, the default one.

    Attributes:
        friendly_name: what people call it.
        numbers: phone numbers that it has besides those that every account has, in E.164.
        seed: of its sids and dice: the same seed and calls give the same.
        clock: `real`, `frozen`, or `xN` for one that runs N times as fast.
        now: what its clock shows at first, in ISO 8601.
        carrier: the profile of its telephone network; `GET /choices` lists them.
        public_url: what it calls us where no request says, as in the URLs of media in webhooks.
        record: whether to keep all its commands, for a recording.
    """

    friendly_name: str = "twilio-emulator"
    numbers: tuple[str, ...] = ()
    seed: Whole | None = None
    clock: str | None = None
    now: str | None = None
    carrier: str | None = None
    public_url: str | None = None
    record: bool = False


class NewToken(Fields):
    """For whom an access token is.

    Attributes:
        identity: who the client SDK is to be.
        service_sid: the conversation service (IS) that it is for; the default one unless given.
        sync: true for one that opens the default Sync service too, or the sid (IS) of another.
        ttl: seconds of the account's clock that it is good for.
    """

    identity: str
    service_sid: str | None = None
    sync: bool | str | None = None
    ttl: Whole = DEFAULT_LIFE


class ShownAccount(TypedDict):
    """An account with all that is needed to use it.

    Attributes:
        auth_token: null when it came from outside, as from the environment of a stack; so it is
            with the other secrets.
        api_key: the sid of its API key (SK).
        oauth_client_id: the client that logs in by client credentials (OQ).
        conversation_service_sid: its default conversation service (IS).
        messaging_service_sid: its default messaging service (MG).
        verify_service_sid: the Verify service that it began with (VA), unless that is gone.
        sync_service_sid: its default Sync service (IS).
        conversation_configuration_id: the configuration of Conversations v2 that it began with,
            or the oldest that it still has.
        memory_store_id: the memory store of that.
        numbers: its addresses: phone numbers, and WhatsApp's with `whatsapp:` before them.
        test_account_sid: the account of its test credentials, which know magic numbers alone.
    """

    account_sid: str
    auth_token: str | None
    api_key: str | None
    api_secret: str | None
    oauth_client_id: str | None
    oauth_client_secret: str | None
    conversation_service_sid: str | None
    messaging_service_sid: str | None
    verify_service_sid: str | None
    sync_service_sid: str | None
    conversation_configuration_id: str | None
    memory_store_id: str | None
    numbers: list[str]
    test_account_sid: str | None
    test_auth_token: str | None


class AccountList(TypedDict):
    """Every account, the default one first."""

    accounts: list[ShownAccount]


class NewTokenShown(TypedDict):
    """An access token.

    Attributes:
        token: a JSON Web Token, as client SDKs take it.
    """

    token: str


def declare(controls: Controls, worlds: Worlds, forget: Callable[[], None]) -> None:
    """Declare the calls of this file; `forget` is called when credentials are good no more."""
    serials = itertools.count(1)
    controls.group("accounts", "Worlds of their own, each with its clock, numbers and phones.")
    controls.group("tokens", "Access tokens for client SDKs.")
    controls.group("token", "The same as bare text, for front-ends that fetch theirs from an URL.")

    @controls.on(
        "GET",
        "/accounts",
        "list_accounts",
        "Every account with its credentials, the default one first.",
        gives=AccountList,
    )
    async def list_accounts(control: Control) -> Reply:
        return listed("accounts", list(worlds), lambda hosted: look(worlds, hosted), {})

    @controls.on(
        "POST",
        "/accounts",
        "open_account",
        "Opens an account, complete and isolated from all others: one per test.",
        body=NewAccount,
        gives=ShownAccount,
        status=201,
        examples=(
            {"friendly_name": "one test"},
            {
                "numbers": ["+12025550123"],
                "clock": "frozen",
                "now": "2026-01-05T09:00:00Z",
                "carrier": "realistic",
                "seed": 7,
            },
        ),
    )
    async def open_account(control: Control) -> Reply:
        wish = control.body(NewAccount)
        try:
            hosted = worlds.open(
                OpenAccount(friendly_name=wish.friendly_name),
                numbers=wish.numbers,
                seed=wish.seed,
                clock=wish.clock,
                now=None if wish.now is None else read_moment("body now", wish.now),
                carrier=wish.carrier,
                public_url=wish.public_url,
                record=wish.record,
            )
        except InvalidSetting as wrong:
            raise Mistaken(f"body {wrong}") from None
        return json_reply(look(worlds, hosted), 201)

    @controls.on(
        "DELETE",
        "/accounts/{account}",
        "close_account",
        "Closes an account, with everything that is in it.",
        places={"account": Place(words="The account's sid.", example="AC" + "3" * 32)},
        otherwise={409: "It is the default account, which stays."},
    )
    async def close_account(control: Control) -> Reply:
        sid = control.said["account"]
        hosted = worlds.hosted.get(sid)
        if hosted is None:
            raise Mistaken(f"path account: there is no account {sid}", 404)
        if hosted is worlds.default:
            raise Mistaken("path account: the default account stays as long as we do", 409)
        await worlds.close(hosted)
        forget()
        return NOTHING

    @controls.on(
        "POST",
        "/tokens",
        "make_token",
        "Makes an access token for a client SDK, signed with the account's API key.",
        body=NewToken,
        gives=NewTokenShown,
        status=201,
        otherwise=NO_KEY,
        examples=(
            {"identity": "alice"},
            {"identity": "alice", "sync": True},
            {"identity": "alice", "ttl": 600},
        ),
    )
    async def make_token(control: Control) -> Reply:
        return json_reply({"token": mint(control, control.body(NewToken), next(serials))}, 201)

    @controls.on(
        "GET",
        "/token",
        "give_token",
        "The same as bare text; pages of local origins may read it.",
        query=NewToken,
        gives="text/plain; charset=utf-8",
        otherwise=NO_KEY,
        examples=({"identity": "alice"},),
    )
    async def give_token(control: Control) -> Reply:
        token = mint(control, control.query(NewToken), next(serials))
        return Reply(body=token.encode(), content_type=b"text/plain; charset=utf-8")


def look(worlds: Worlds, hosted: Hosted) -> ShownAccount:
    """An account with all that is needed to use it; a secret that came from outside is null."""
    world = hosted.world
    sid = world.account_sid
    account, defaults = world[Accounts][sid], world[AccountConfigurations][sid]
    key = next(iter(world[ApiKeys].all(world[ApiKeys].by_account, sid)), None)
    numbers = [number for number in world[PhoneNumbers] if number.account_sid == sid]
    configuration = first_configuration(world, sid)
    return {
        "account_sid": sid,
        "auth_token": worlds.printable(account.auth_token),
        "api_key": key.sid if key else None,
        "api_secret": worlds.printable(key.secret) if key else None,
        "oauth_client_id": account.oauth_client_id,
        "oauth_client_secret": account.oauth_client_secret
        and worlds.printable(account.oauth_client_secret),
        "conversation_service_sid": defaults.default_chat_service_sid,
        "messaging_service_sid": defaults.default_messaging_service_sid,
        "verify_service_sid": first_service_sid(world, sid),
        "sync_service_sid": default_service_sid(world, sid),
        "conversation_configuration_id": None if configuration is None else configuration.sid,
        "memory_store_id": None
        if configuration is None
        else configuration.settings.memory_store_id,
        "numbers": [number.address for number in sorted(numbers, key=lambda number: number.serial)],
        "test_account_sid": account.test_account_sid,
        "test_auth_token": account.test_auth_token,
    }


def mint(control: Control, wish: NewToken, serial: int) -> str:
    """An access token signed with the account's API key.

    How long it lives is noted, since that is counted on the world's clock.
    """
    hosted, world = control.hosted, control.hosted.world
    key = next(iter(world[ApiKeys].all(world[ApiKeys].by_account, control.account_sid)), None)
    if key is None:
        raise Mistaken("query account: expected one with an API key", 409)
    defaults = world[AccountConfigurations][control.account_sid]
    service_sid = wish.service_sid or defaults.default_chat_service_sid
    if service_sid not in world[Services]:
        raise Mistaken(f"service_sid: expected a service of the account, not {service_sid}")
    sync_service_sid = _sync_service(world, control.account_sid, wish.sync)
    if not wish.identity:
        raise Mistaken("identity: expected who the token is for")
    if not 0 < wish.ttl <= access_tokens.LONGEST_ASKED:
        raise Mistaken(f"ttl: expected seconds, such as {DEFAULT_LIFE}, not {wish.ttl}")
    now = time.time()
    if len(hosted.tokens) >= TOKENS_KEPT:
        del hosted.tokens[next(iter(hosted.tokens))]
    hosted.tokens[access_tokens.token_id(key.sid, now, str(serial))] = (
        world.clock.now() + timedelta(seconds=wish.ttl)
    )
    return access_tokens.mint_token(
        account_sid=control.account_sid,
        key_sid=key.sid,
        secret=key.secret,
        identity=wish.identity,
        service_sid=service_sid,
        sync_service_sid=sync_service_sid,
        ttl=wish.ttl,
        now=now,
        serial=str(serial),
    )


def _sync_service(world: World, account_sid: str, said: bool | str | None) -> str | None:
    """The Sync service that a token is to open; None for none.

    Raises:
        Mistaken: the account has none like that.
    """
    if said in (None, False, "false", ""):
        return None
    named = DEFAULT_NAME if said in (True, "true") else str(said)
    found = find_sync_service(world, account_sid, named)
    if found is None:
        raise Mistaken(f"sync: expected true, or a Sync service of the account, not {named}")
    return found.sid
