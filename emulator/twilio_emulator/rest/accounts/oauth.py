"""Where apps get bearer tokens: https://oauth.twilio.com/v1 and /v2, and two hosts of IAM.

The rules of this file:

- A client shows its secret in the form, or as Basic credentials (RFC 6749, section 2.3.1). Which
  account has it is found by its sid alone, so nothing else has to be said.
- Only `client_credentials` is granted: other grants begin with a person in the Console.
- The parameters are called otherwise in v1 (OpenAPI files oauth_v1, oauth_v2, iam_v1).
"""

import itertools
import time
from collections.abc import Callable, Mapping
from urllib.parse import unquote_plus

from twilio_emulator.core.accounts.accounts import Accounts
from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.rest.accounts import iam_v1
from twilio_emulator.wire import bearer_tokens, requests
from twilio_emulator.wire.bearer_tokens import (
    INVALID_CLIENT,
    INVALID_GRANT_TYPE,
    INVALID_TOKEN_REQUEST,
    NO_CLIENT_ID,
)
from twilio_emulator.wire.calls import Answer, Call, Spell, Work
from twilio_emulator.wire.operations import ROOT, Api, ReadClient
from twilio_emulator.wire.spelling import parameter

GRANT = "client_credentials"

_serials = itertools.count(1)


def token(*, grant_type: str, client_id: str, client_secret: str | None = None) -> None:
    """What is said to get a token. What other grants need is passed over."""


def token_for(
    *,
    grant_type: str,
    client_id: str,
    client_secret: str | None = None,
    account_sid: str | None = None,
) -> None:
    """The same, and for which subaccount; that stands in the query."""


def as_it_is(field: str) -> str:
    """Parameters that are called as fields are."""
    return field


def client(spell: Spell) -> ReadClient:
    """What reads the client and its secret out of a request with parameters of these names."""

    def read(headers: Mapping[bytes, bytes], body: bytes) -> tuple[str, str]:
        """Raises:
        Refused: 322403 it is no form, 321402 no client is named, 321403 it wants another grant.
        """
        if not requests.is_form(headers):
            raise Refused(INVALID_TOKEN_REQUEST)
        said = dict(requests.pairs(body))
        client_id, secret = said.get(spell("client_id")), said.get(spell("client_secret"), "")
        if not client_id:
            client_id, secret = _basic(headers.get(b"authorization", b""))
        if not client_id:
            raise _lacking(NO_CLIENT_ID, spell("client_id"), said)
        if said.get(spell("grant_type")) != GRANT:
            raise _lacking(INVALID_GRANT_TYPE, f"{spell('grant_type')}={GRANT}", said)
        return client_id, secret

    return read


def _basic(authorization: bytes) -> tuple[str, str]:
    try:
        user, password = requests.credentials(authorization)
    except Refused:
        return "", ""
    return unquote_plus(user), unquote_plus(password)


def _lacking(refusal: Refusal, expected: str, said: Mapping[str, str]) -> Refused:
    refused = Refused(refusal)
    refused.reason = f"expected {expected} in the form, which has {', '.join(said) or 'nothing'}"
    return refused


def issue(status: int) -> Work:
    """What answers with a token, and this status."""

    async def give(call: Call) -> Answer:
        account = call.world[Accounts][_acting_for(call)]
        owner = call.world[Accounts][call.account_sid]
        if owner.oauth_client_id is None or account.oauth_client_secret is None:
            raise Refused(INVALID_CLIENT)
        made = bearer_tokens.mint(
            account_sid=account.sid,
            client_id=owner.oauth_client_id,
            secret=account.oauth_client_secret,
            now=time.time(),
            at=call.world.clock.now(),
            serial=str(next(_serials)),
        )
        shown = {
            "access_token": made,
            "refresh_token": None,
            "id_token": None,
            "token_type": "Bearer",
            "expires_in": bearer_tokens.LIFE,
        }
        return Answer(status, shown)

    return give


def _acting_for(call: Call) -> str:
    """The account that a token is for: the client's, or one of its subaccounts.

    Raises:
        Refused: 322403 it is neither.
    """
    sid = dict(call.query).get("account_sid") or call.account_sid
    account = call.world[Accounts].get(sid)
    if account is None or call.account_sid not in (sid, account.owner_account_sid):
        raise Refused(INVALID_TOKEN_REQUEST)
    return sid


def declare(table: Api, spell: Spell, status: int, takes: Callable[..., None] = token) -> Api:
    """Declare the token of one product and version."""
    table.add("POST", "/token", takes, issue(status), ROOT, spell, client(spell))
    return table


APIS = (
    declare(Api("oauth.twilio.com", "v1"), parameter, 201),
    declare(Api("oauth.twilio.com", "v2"), as_it_is, 200, token_for),
    declare(Api("preview-iam.twilio.com", "v1"), as_it_is, 201),
)
"""Whole tables; the other host of IAM has operations besides."""

declare(iam_v1.api, as_it_is, 201)
