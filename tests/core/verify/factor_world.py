"""What the tests of factors and challenges ask a world for."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify.challenge_commands import AddChallenge, AnswerChallenge
from twilio_emulator.core.verify.challenges import Challenge, signed
from twilio_emulator.core.verify.factor_commands import AddFactor, UpdateFactor
from twilio_emulator.core.verify.factors import Factor
from twilio_emulator.runtime import p256

ACCOUNT = "AC00000000000000000000000000000001"
SERVICE = "VA00000000000000000000000000000001"
ANN = "ann-00000001"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
GOOD = "978746"
"""The code of the secret at the start of the frozen clock."""

KEY = 12345678901234567890
WHERE: dict[str, Any] = {"account": ACCOUNT, "service": SERVICE}
HERS: dict[str, Any] = {**WHERE, "entity": ANN}


def app(world: World, **said: Any) -> Factor:
    """A TOTP factor of Ann's."""
    wish = {**HERS, "friendly_name": "App", "factor_type": "totp", "binding_secret": SECRET, **said}
    return world.perform(AddFactor(**wish))


def device(world: World, key: int = KEY, **said: Any) -> Factor:
    """A push factor of Ann's; somebody has to know keys."""
    world.signatures = p256
    wish = {
        **HERS,
        "friendly_name": "Phone",
        "factor_type": "push",
        "binding_alg": "ES256",
        "binding_public_key": base64.b64encode(p256.public_key(key)).decode(),
        "config_app_id": "com.example",
        "config_notification_platform": "fcm",
        "config_notification_token": "t" * 32,
        "config_sdk_version": "1.0",
        **said,
    }
    return world.perform(AddFactor(**wish))


def proof(factor: Factor, key: int = KEY) -> str:
    """What the device of a factor proves it with."""
    return base64.b64encode(p256.sign(key, factor.sid.encode())).decode()


def proved(world: World, factor: Factor) -> Factor:
    """The factor, verified."""
    payload = GOOD if factor.totp else proof(factor)
    return world.perform(UpdateFactor(**HERS, factor=factor.sid, auth_payload=payload))


def asked(world: World, factor: Factor, **said: Any) -> Challenge:
    """A challenge of a factor."""
    message = {"details_message": "Log in?"} if factor.push else {}
    return world.perform(AddChallenge(**{**HERS, "factor_sid": factor.sid, **message, **said}))


def answer(challenge: Challenge, status: str, key: int = KEY, without: str = "") -> str:
    """What a device answers a challenge with."""
    claims = {**signed(challenge), "status": status}
    claims.pop(without, None)
    parts = [_part({"typ": "JWT", "alg": "ES256"}), _part(claims)]
    signature = p256.sign_raw(key, ".".join(parts).encode())
    return ".".join((*parts, base64.urlsafe_b64encode(signature).decode().rstrip("=")))


def answered(world: World, challenge: Challenge, **said: Any) -> Challenge:
    """The challenge when it was answered."""
    return world.perform(AnswerChallenge(**HERS, challenge=challenge.sid, **said))


def _part(said: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def refused(work: Callable[[], object]) -> int:
    """The code with which something is refused."""
    with pytest.raises(Refused) as said:
        work()
    return said.value.code
