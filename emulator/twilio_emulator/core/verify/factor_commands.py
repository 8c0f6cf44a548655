"""What can be asked of factors: to be made, proved, changed and taken away.

The rules of this file (https://www.twilio.com/docs/verify/api/factor):

- A wrong code of a TOTP factor is counted, and the factor stays as it is; when `ATTEMPTS` were
  wrong, none is looked at any more. Decided: that such a try answers 200.
- What a push factor's device has not signed is refused.
- Decided: a proof of a verified factor is passed over.
"""

from collections.abc import Mapping

from twilio_emulator.core.kernel.records import command, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import entities, factors, push_factors, services, totp
from twilio_emulator.core.verify.factor_errors import (
    FACTOR_ATTEMPTS_REACHED,
    FACTOR_VERIFICATION_FAILED,
    INVALID_PARAM,
    INVALID_REQUEST,
)
from twilio_emulator.core.verify.factors import Factor, FactorStatus, FactorType, WantedFactor
from twilio_emulator.core.verify.push_factors import PushConfig
from twilio_emulator.core.verify.resources import VerifyService
from twilio_emulator.core.verify.totp import TotpConfig

ATTEMPTS = 5
"""Wrong codes after which none is looked at."""


@command
class AddFactor:
    """Give somebody a factor: an authenticator app (`totp`), or a device with the SDK (`push`).

    Somebody who is not known becomes an entity.

    Raises:
        Refused: 60300 a name or type is missing; 60306 something given is wrong, or what the type
            needs is missing; 60314 the key is none; 60315, 60317, 60326 there is no room for it.
    """

    account: str
    service: str
    entity: str
    friendly_name: str | None = None
    factor_type: str | None = None
    binding_alg: str | None = None
    binding_public_key: str | None = None
    binding_secret: str | None = None
    config_app_id: str | None = None
    config_notification_platform: str | None = None
    config_notification_token: str | None = None
    config_sdk_version: str | None = None
    config_time_step: str | None = None
    config_skew: str | None = None
    config_code_length: str | None = None
    config_alg: str | None = None
    metadata: str | None = None

    def apply(self, world: World) -> Factor:
        service = services.fetch_verify_service(world, account=self.account, service=self.service)
        entity = entities.look_up(world, service.sid, self.entity)
        identity = self.entity if entity else entities.read_identity(self.entity)
        name = factors.read_name(self.friendly_name)
        metadata = factors.read_texts(self.metadata)
        kind = (self.factor_type or "").lower()
        if not kind:
            raise Refused(INVALID_PARAM)
        if kind == FactorType.TOTP:
            config = self._totp(service)
            factors.check_room(world, entity, FactorType.TOTP, config.secret or None)
            if not config.secret:
                config = replace(config, secret=totp.new_secret(world.dice))
            wanted = WantedFactor(
                friendly_name=name, factor_type=FactorType.TOTP, totp=config, metadata=metadata
            )
        elif kind == FactorType.PUSH:
            device = self._push(world)
            factors.check_room(world, entity, FactorType.PUSH, device.public_key)
            device = replace(device, credential_sid=world.sids.new("CR"))
            wanted = WantedFactor(
                friendly_name=name, factor_type=FactorType.PUSH, push=device, metadata=metadata
            )
        else:
            raise Refused(INVALID_REQUEST)
        return factors.keep(world, entity or entities.keep(world, service, identity), wanted)

    def _totp(self, service: VerifyService) -> TotpConfig:
        """How codes are to be made; without a secret when none is given."""
        step = totp.read_number(self.config_time_step, totp.TIME_STEPS)
        skew = totp.read_number(self.config_skew, totp.SKEWS)
        length = totp.read_number(self.config_code_length, totp.CODE_LENGTHS)
        return TotpConfig(
            secret=totp.read_secret(self.binding_secret) if self.binding_secret else "",
            alg=totp.read_algorithm(self.config_alg) or totp.Algorithm.SHA1,
            skew=first_of(skew, service.totp_skew, totp.SKEW),
            code_length=first_of(length, service.totp_code_length, totp.CODE_LENGTH),
            time_step=first_of(step, service.totp_time_step, totp.TIME_STEP),
        )

    def _push(self, world: World) -> PushConfig:
        """The device, without a credential yet."""
        platform = push_factors.read_platform(self.config_notification_platform)
        return PushConfig(
            sdk_version=push_factors.read_version(self.config_sdk_version),
            app_id=push_factors.read_app_id(self.config_app_id),
            notification_platform=platform,
            notification_token=push_factors.read_token(self.config_notification_token, platform),
            public_key=push_factors.read_public_key(
                self.binding_alg, self.binding_public_key, world.signatures
            ),
            credential_sid="",
        )


def first_of(*choices: int | None) -> int:
    """The first that is said; the last always is."""
    return next(choice for choice in choices if choice is not None)


@command
class UpdateFactor:
    """Prove a factor for the first time, by what `auth_payload` says, or change it.

    Raises:
        Refused: 60306 something given is wrong, 60310 too many codes were wrong, 60311 the device
            has not signed.
    """

    account: str
    service: str
    entity: str
    factor: str
    auth_payload: str | None = None
    friendly_name: str | None = None
    config_notification_token: str | None = None
    config_sdk_version: str | None = None
    config_time_step: str | None = None
    config_skew: str | None = None
    config_code_length: str | None = None
    config_alg: str | None = None
    config_notification_platform: str | None = None

    def apply(self, world: World) -> Factor:
        before = factors.fetch_factor(
            world,
            account=self.account,
            service=self.service,
            entity=self.entity,
            factor=self.factor,
        )
        factor = replace(before, **self._changes(before))
        if not self.auth_payload or before.status is FactorStatus.VERIFIED:
            return factors.put(world, factor)
        if factor.totp is not None:
            return _try_code(world, factor, factor.totp, self.auth_payload)
        proved = factor.push is not None and push_factors.is_proof(
            factor.push, factor.sid, self.auth_payload, world.signatures
        )
        if not proved:
            raise Refused(FACTOR_VERIFICATION_FAILED)
        return factors.verified(world, factor)

    def _changes(self, before: Factor) -> Mapping[str, object]:
        changes: dict[str, object] = {}
        if self.friendly_name:
            changes["friendly_name"] = factors.read_name(self.friendly_name)
        if before.totp is not None:
            changes["totp"] = self._totp(before.totp)
        if before.push is not None:
            changes["push"] = self._push(before.push)
        return changes

    def _totp(self, before: TotpConfig) -> TotpConfig:
        step = totp.read_number(self.config_time_step, totp.TIME_STEPS)
        skew = totp.read_number(self.config_skew, totp.SKEWS)
        length = totp.read_number(self.config_code_length, totp.CODE_LENGTHS)
        return replace(
            before,
            alg=totp.read_algorithm(self.config_alg) or before.alg,
            skew=first_of(skew, before.skew),
            code_length=first_of(length, before.code_length),
            time_step=first_of(step, before.time_step),
            last_step=None if step is not None else before.last_step,
        )

    def _push(self, before: PushConfig) -> PushConfig:
        platform = before.notification_platform
        if self.config_notification_platform:
            platform = push_factors.read_platform(self.config_notification_platform)
        token = self.config_notification_token or before.notification_token
        return replace(
            before,
            sdk_version=self.config_sdk_version or before.sdk_version,
            notification_platform=platform,
            notification_token=push_factors.read_token(token, platform),
        )


def _try_code(world: World, factor: Factor, config: TotpConfig, code: str) -> Factor:
    """Prove a TOTP factor by a code."""
    if factor.attempts >= ATTEMPTS:
        raise Refused(FACTOR_ATTEMPTS_REACHED)
    tried = factors.try_code(world, factor, config, code)
    if tried is None:
        return factors.put(world, replace(factor, attempts=factor.attempts + 1))
    return factors.verified(world, tried)


@command
class RemoveFactor:
    """Take a factor away, with its challenges."""

    account: str
    service: str
    entity: str
    factor: str

    def apply(self, world: World) -> None:
        factor = factors.fetch_factor(
            world,
            account=self.account,
            service=self.service,
            entity=self.entity,
            factor=self.factor,
        )
        factors.remove(world, factor)
