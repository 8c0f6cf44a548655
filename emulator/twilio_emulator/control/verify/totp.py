"""Authenticator apps by the control API: what they show now, on the account's clock."""

from datetime import UTC, datetime
from typing import TypedDict

from twilio_emulator.control.exchange import Mistaken, Reply, json_reply
from twilio_emulator.control.routes import Control, Controls, Fields, Place
from twilio_emulator.control.verify.places import default_service
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import entities, totp
from twilio_emulator.core.verify.factors import Factor, Factors
from twilio_emulator.core.verify.resources import VerifyServices
from twilio_emulator.core.verify.totp import TotpConfig

FACTOR = {"factor": Place(words="The factor's sid (YF).", example="YF" + "3" * 32)}


class WhoseApp(Fields):
    """Whose authenticator app.

    Attributes:
        identity: of the entity.
        service: the Verify service's sid (VA); the account's first unless given.
    """

    identity: str
    service: str | None = None


class ShownAuthenticatorApp(TypedDict):
    """What an authenticator app shows.

    Attributes:
        valid_until: when the next code is shown.
        secret: in Base32.
        uri: what the app has read as a QR code.
    """

    factor_sid: str
    friendly_name: str
    status: str
    code: str
    valid_until: str
    secret: str
    uri: str


class AuthenticatorApps(TypedDict):
    """What somebody's authenticator app shows, the newest factor first."""

    factors: list[ShownAuthenticatorApp]


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group("totp", "One-time passwords of Verify, as authenticator apps show them.")

    @controls.on(
        "GET",
        "/totp",
        "list_totp_codes",
        "The codes that somebody's authenticator app shows now.",
        query=WhoseApp,
        gives=AuthenticatorApps,
        examples=({"identity": "ann-00000001"},),
    )
    async def list_codes(control: Control) -> Reply:
        wish, world = control.query(WhoseApp), control.hosted.world
        service = wish.service or default_service(world, control.account_sid)
        entity = entities.look_up(world, service, wish.identity)
        found: list[Factor] = []
        if entity is not None:
            found = list(world[Factors].all(world[Factors].by_entity, entity.sid))[::-1]
        shown = [_look(world, it, it.totp) for it in found if it.totp is not None]
        return json_reply({"factors": shown})

    @controls.on(
        "GET",
        "/totp/{factor}",
        "get_totp_code",
        "The code that an authenticator app shows now.",
        places=FACTOR,
        gives=ShownAuthenticatorApp,
    )
    async def show_code(control: Control) -> Reply:
        world = control.hosted.world
        factor = world[Factors].get(control.said["factor"])
        if factor is None or factor.totp is None:
            raise Mistaken(f"no TOTP factor has the sid {control.said['factor']}", 404)
        return json_reply(_look(world, factor, factor.totp))


def _look(world: World, it: Factor, config: TotpConfig) -> ShownAuthenticatorApp:
    now = world.clock.now()
    ends = (totp.step_at(now, config.time_step) + 1) * config.time_step
    service = world[VerifyServices][it.service_sid]
    issuer = service.totp_issuer or service.friendly_name
    return {
        "factor_sid": it.sid,
        "friendly_name": it.friendly_name,
        "status": it.status.value,
        "code": totp.code_at(config, now),
        "valid_until": write_instant(datetime.fromtimestamp(ends, UTC)),
        "secret": config.secret,
        "uri": totp.uri(config, issuer, it.friendly_name),
    }
