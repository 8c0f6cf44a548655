"""Devices that ask for themselves: with an access token they make a factor, with JWTs of their own
they see to it and to its challenges.

The rules of this file (https://github.com/twilio/twilio-verify-android):

- Both come as the password of a user `token`.
- A JWT names its credential (`kid`) and its account (`sub`). It is good while the account's clock
  says so, or the machine's: a real device goes by that, whatever the account's clock shows.
- Decided: a device may do what the SDK does, to its own factor and challenges; anything else is
  20003, as for somebody who is not known.
"""

import time
from collections.abc import Mapping

from twilio_emulator.core.accounts.accounts import Accounts, AccountStatus
from twilio_emulator.core.kernel.records import Plain
from twilio_emulator.core.kernel.refusals import ACCOUNT_NOT_ACTIVE, AUTHENTICATE, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import access_tokens, entities, push_factors
from twilio_emulator.core.verify.access_tokens import FactorTokens
from twilio_emulator.core.verify.challenges import Challenges
from twilio_emulator.core.verify.factors import Factor, Factors
from twilio_emulator.rest.verify.challenges import CHALLENGES
from twilio_emulator.rest.verify.entities import FACTORS
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.logins import FindGate, Login
from twilio_emulator.wire.operations import Operation

USER = "token"

KIND = "twilio-pba"
"""How `cty` of a device's JWT begins; its version follows."""

CREATE = ("POST", f"/v2{FACTORS}")
OWN = frozenset(
    {
        *((method, f"/v2{FACTORS}/{{factor}}") for method in ("GET", "POST", "DELETE")),
        *((method, f"/v2{CHALLENGES}/{{challenge}}") for method in ("GET", "POST")),
    }
)
LIST = ("GET", f"/v2{CHALLENGES}")


def log_in(find_gate: FindGate, password: str) -> Login:
    """Whose access token, or JWT, it is.

    Raises:
        Refused: 20003 nobody's, or no more; 20005 the account is suspended or closed.
    """
    said = access_tokens.account_of(password)
    if said is not None:
        account_sid, sid = said
        gate = find_gate(account_sid)
        token = gate.world[FactorTokens].get(sid)
        if token is None or token.access_token != password:
            raise Refused(AUTHENTICATE)
        return _active(gate.world, Login(gate, token.account_sid, holder=sid))
    jwt = push_factors.read_jwt(password)
    if jwt is None or not str(jwt.header.get("cty", "")).startswith(KIND):
        raise Refused(AUTHENTICATE)
    gate = find_gate(str(jwt.claims.get("sub")))
    factor = _signer(gate.world, password, jwt.header.get("kid"), jwt.claims)
    return _active(gate.world, Login(gate, factor.account_sid, holder=factor.sid))


def _signer(world: World, token: str, kid: Plain, claims: Mapping[str, Plain]) -> Factor:
    """The factor whose device has signed a JWT that is good now.

    Raises:
        Refused: 20003 there is none.
    """
    table = world[Factors]
    factor = table.found(table.by_credential, kid if isinstance(kid, str) else "")
    if (
        factor is None
        or factor.push is None
        or factor.account_sid != claims.get("sub")
        or push_factors.claims_of(factor.push, token, world.signatures) is None
        or not any(_lasts(claims, at) for at in (world.clock.now().timestamp(), time.time()))
    ):
        raise Refused(AUTHENTICATE)
    return factor


def _lasts(claims: Mapping[str, Plain], at: float) -> bool:
    begins, ends = claims.get("nbf", 0), claims.get("exp")
    return (
        isinstance(begins, int | float)
        and isinstance(ends, int | float)
        and int(begins) <= at < int(ends)
    )


def _active(world: World, login: Login) -> Login:
    if world[Accounts][login.account_sid].status is not AccountStatus.ACTIVE:
        raise Refused(ACCOUNT_NOT_ACTIVE)
    return login


def admit(operation: Operation, call: Call) -> None:
    """Let a device do what is its own.

    Raises:
        Refused: 20003 it is not.
    """
    place = operation.method, operation.path
    factor = call.world[Factors].get(call.holder)
    if place == CREATE if factor is None else _is_own(place, factor, call):
        return
    raise Refused(AUTHENTICATE)


def _is_own(place: tuple[str, str], factor: Factor, call: Call) -> bool:
    world, path = call.world, call.path
    if path.get("service") != factor.service_sid:
        return False
    entity = entities.look_up(world, factor.service_sid, path.get("entity", ""))
    if entity is None or entity.sid != factor.entity_sid:
        return False
    if place == LIST:
        return dict(call.query).get("FactorSid") == factor.sid
    challenge = world[Challenges].get(path.get("challenge"))
    asked = path.get("factor") if challenge is None else challenge.factor_sid
    return place in OWN and asked == factor.sid
