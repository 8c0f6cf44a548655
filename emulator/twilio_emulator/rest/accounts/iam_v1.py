"""https://iam.twilio.com/v1 and https://accounts.twilio.com/v1: API keys and auth tokens.

The keys are those of the 2010 API. A policy is kept and shown; it forbids nothing here.
"""

import json

from twilio_emulator.core.accounts import api_keys
from twilio_emulator.core.accounts.accounts import Account, Accounts, ApiKey
from twilio_emulator.core.accounts.api_keys import AddApiKey, RemoveApiKey, UpdateApiKey
from twilio_emulator.core.accounts.subaccounts import (
    AddSecondaryAuthToken,
    PromoteAuthToken,
    RemoveSecondaryAuthToken,
)
from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World
from twilio_emulator.rest.owners import owners_only
from twilio_emulator.wire.calls import Answer, Call, Parameters, fetcher, performer
from twilio_emulator.wire.operations import ROOT, Api
from twilio_emulator.wire.pages import lister
from twilio_emulator.wire.spelling import iso, rfc2822

LARGEST_PAGE = 1000

api = Api("iam.twilio.com", "v1")
accounts_api = Api("accounts.twilio.com", "v1")


def listed_key(it: ApiKey, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/iam/api-keys/key-resource-v1: in a list."""
    return {
        "sid": it.sid,
        "friendly_name": it.friendly_name,
        "date_created": rfc2822(it.date_created),
        "date_updated": rfc2822(it.date_updated),
        "flags": ["rest_api", "signing"],
    }


def key(it: ApiKey, call: Call) -> dict[str, object]:
    """One key, without its secret."""
    return {
        "sid": it.sid,
        "friendly_name": it.friendly_name,
        "date_created": rfc2822(it.date_created),
        "date_updated": rfc2822(it.date_updated),
        "policy": _policy(it),
    }


def new_key(it: ApiKey, call: Call) -> dict[str, object]:
    """A key with its secret, which is shown this once."""
    return {
        "sid": it.sid,
        "friendly_name": it.friendly_name,
        "date_created": rfc2822(it.date_created),
        "date_updated": rfc2822(it.date_updated),
        "secret": it.secret,
        "policy": _policy(it),
    }


def _policy(it: ApiKey) -> object:
    return None if it.policy is None else json.loads(it.policy)


def list_keys(world: World, *, account: str, account_sid: str) -> Rows[ApiKey]:
    """The keys of an account, or of its subaccount.

    Raises:
        Refused: 20404 the account is neither.
    """
    return api_keys.list_keys(world, account=_account(world, account, account_sid))


def fetch_key(world: World, *, account: str, key: str) -> ApiKey:
    """The key of an account with this sid.

    Raises:
        Refused: 20404.
    """
    return api_keys.fetch_key(world, account=account, key=key)


def _account(world: World, caller: str, sid: str) -> str:
    account = world[Accounts].get(sid)
    if account is None or caller not in (sid, account.owner_account_sid):
        raise Refused(NOT_FOUND)
    return sid


for _method, _path, _takes, _work in (
    ("GET", "/Keys", list_keys, lister(list_keys, listed_key, "keys", 50, LARGEST_PAGE)),
    ("GET", "/Keys/{key}", fetch_key, fetcher(fetch_key, key)),
    ("POST", "/Keys/{key}", UpdateApiKey, performer(UpdateApiKey, key, 200)),
    ("DELETE", "/Keys/{key}", RemoveApiKey, performer(RemoveApiKey, None, 204)),
):
    api.add(_method, _path, _takes, owners_only(_work), ROOT)


@record
class NewKey:
    """What a key is asked for with."""

    account_sid: str
    friendly_name: str | None = None
    key_type: str | None = None
    policy: str | None = None


_new_key = Parameters(NewKey)


async def _create_key(call: Call) -> Answer:
    """A key for an account, or for its subaccount."""
    said = NewKey(**_new_key.values({}, call.form, call))
    wish = AddApiKey(
        account=_account(call.world, call.account_sid, said.account_sid),
        friendly_name=said.friendly_name,
        key_type=said.key_type,
        policy=said.policy,
    )
    return Answer(201, new_key(await call.gate.perform(wish, call.origin), call))


api.add("POST", "/Keys", NewKey, owners_only(_create_key), ROOT)


def promoted(it: Account, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/iam/api/authtoken"""
    return {
        "account_sid": it.sid,
        "auth_token": it.auth_token,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "url": f"{call.root}/AuthTokens/Promote",
    }


def secondary(it: Account, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/iam/api/secondary-authtoken"""
    return {
        "account_sid": it.sid,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "secondary_auth_token": it.secondary_auth_token,
        "url": f"{call.root}/AuthTokens/Secondary",
    }


for _method, _path, _command, _work in (
    ("POST", "/AuthTokens/Promote", PromoteAuthToken, performer(PromoteAuthToken, promoted, 200)),
    (
        "POST",
        "/AuthTokens/Secondary",
        AddSecondaryAuthToken,
        performer(AddSecondaryAuthToken, secondary, 201),
    ),
    (
        "DELETE",
        "/AuthTokens/Secondary",
        RemoveSecondaryAuthToken,
        performer(RemoveSecondaryAuthToken, None, 204),
    ),
):
    accounts_api.add(_method, _path, _command, owners_only(_work), ROOT)
