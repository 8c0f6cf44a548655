"""What can be asked of challenges: to be made, and answered.

The rules of this file (https://www.twilio.com/docs/verify/api/challenge):

- A wrong code of a TOTP factor is counted, and the challenge stays pending; when `ATTEMPTS` were
  wrong, none is looked at any more. Decided: that it answers 200, as the create does.
- A device answers with what it has signed; anything else is refused, and counts for nothing.
"""

from datetime import datetime, timedelta

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import command, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import challenges, entities, factors, push_factors, services
from twilio_emulator.core.verify.challenges import (
    Challenge,
    Challenges,
    ChallengeStep,
    DetailField,
    WantedChallenge,
)
from twilio_emulator.core.verify.factor_errors import (
    CHALLENGE_ATTEMPTS_REACHED,
    CHALLENGE_VERIFICATION_FAILED,
    CHALLENGES_REACHED,
    FACTOR_UNVERIFIED,
    INVALID_PARAM,
    INVALID_REQUEST,
)
from twilio_emulator.core.verify.factors import Factor, Factors, FactorStatus, FactorType

LASTS, LASTS_AT_MOST = timedelta(minutes=5), timedelta(minutes=60)

MESSAGE_LIMIT, LABEL_LIMIT, VALUE_LIMIT = 256, 36, 128
MOST_FIELDS = 20

ATTEMPTS = 5
"""Wrong codes after which none is looked at."""

SHORT_CODE = 4
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(hours=24)
MOST_SHORT = ((A_DAY, 10),)
MOST_LONG = ((AN_HOUR, 50), (A_DAY, 100))
"""How many challenges a TOTP factor may have in how long, by whether its codes are short; Twilio
has no such limit for others."""


@command
class AddChallenge:
    """Ask a factor; a TOTP factor may be asked by giving its code at once.

    Raises:
        Refused: 60300 no factor is named, 60306 something given is wrong or a push factor's message
            is missing, 60312 it was asked too often, 60318 it is not verified.
    """

    account: str
    service: str
    entity: str
    factor_sid: str | None = None
    expiration_date: str | None = None
    details_message: str | None = None
    details_fields: tuple[str, ...] = ()
    hidden_details: str | None = None
    auth_payload: str | None = None

    def apply(self, world: World) -> Challenge:
        service = services.fetch_verify_service(world, account=self.account, service=self.service)
        owner = entities.find_entity(world, self.account, service.sid, self.entity)
        if not self.factor_sid:
            raise Refused(INVALID_PARAM)
        factor = factors.find_factor(world, owner, self.factor_sid)
        wanted = self._wanted(world, factor)
        if factor.status is FactorStatus.UNVERIFIED:
            raise Refused(FACTOR_UNVERIFIED)
        check_rate(world, factor)
        challenge = challenges.keep(world, service, wanted)
        if self.auth_payload and factor.totp is not None:
            return _try_code(world, challenge, factor, self.auth_payload)
        return challenge

    def _wanted(self, world: World, factor: Factor) -> WantedChallenge:
        if factor.factor_type is FactorType.PASSKEYS:
            raise Refused(INVALID_REQUEST)  # decided: these have a path of their own
        is_push = factor.factor_type is FactorType.PUSH
        message = self.details_message or None
        if len(message or "") > MESSAGE_LIMIT or (is_push and message is None):
            raise Refused(INVALID_REQUEST)
        shown = read_fields(self.details_fields)
        return WantedChallenge(
            factor_type=factor.factor_type,
            factor=factor,
            expiration_date=read_expiration(world, self.expiration_date),
            message=message if is_push else None,
            fields=shown if is_push else (),
            hidden_details=factors.read_texts(self.hidden_details),
        )


def read_expiration(world: World, text: str | None) -> datetime:
    """When a challenge expires.

    Raises:
        Refused: 60306 it is no instant, or one that is over or too far away.
    """
    if not text:
        return world.now + LASTS
    at = parameters.instant(text, INVALID_REQUEST)
    if not world.now < at <= world.now + LASTS_AT_MOST:
        raise Refused(INVALID_REQUEST)
    return at


def read_fields(texts: tuple[str, ...]) -> tuple[DetailField, ...]:
    """What a device shows: each is JSON of a label and a value.

    Raises:
        Refused: 60306 one is not, or too long, or there are too many.
    """
    read = []
    for text in texts:
        said = parameters.json_object(text) or {}
        label, value = said.get("label"), said.get("value")
        if not isinstance(label, str) or not isinstance(value, str):
            raise Refused(INVALID_REQUEST)
        if len(label) > LABEL_LIMIT or len(value) > VALUE_LIMIT:
            raise Refused(INVALID_REQUEST)
        read.append(DetailField(label=label, value=value))
    if len(read) > MOST_FIELDS:
        raise Refused(INVALID_REQUEST)
    return tuple(read)


def check_rate(world: World, factor: Factor) -> None:
    """Raises:
    Refused: 60312 a TOTP factor was asked too often.
    """
    if factor.totp is None:
        return
    asked = world[Challenges].by_factor.of(factor.sid)
    for span, most in MOST_SHORT if factor.totp.code_length <= SHORT_CODE else MOST_LONG:
        if asked.above(parameters.milliseconds(world.now - span)) >= most:
            raise Refused(CHALLENGES_REACHED)


@command
class AnswerChallenge:
    """Answer a challenge by what a factor proves; or leave what a device says of itself.

    Decided: with neither, nothing happens.

    Raises:
        Refused: 60306 the metadata is wrong, 60308 too many codes were wrong, 60322 and 60323 it is
            over, 60324 the device has not signed this answer.
    """

    account: str
    service: str
    entity: str
    challenge: str
    auth_payload: str | None = None
    metadata: str | None = None

    def apply(self, world: World) -> Challenge:
        challenge = challenges.fetch_challenge(
            world,
            account=self.account,
            service=self.service,
            entity=self.entity,
            challenge=self.challenge,
        )
        metadata = factors.read_texts(self.metadata)
        challenges.check_pending(challenge)
        if metadata is not None:
            challenge = replace(challenge, metadata=metadata)
        if not self.auth_payload:
            return challenges.put(world, challenge) if metadata is not None else challenge
        assert challenge.factor_sid is not None  # it is an entity's
        factor = world[Factors][challenge.factor_sid]
        if factor.totp is not None:
            return _try_code(world, challenge, factor, self.auth_payload)
        return challenges.take_step(
            world, challenge, _decided(world, challenge, factor, self.auth_payload)
        )


def _decided(world: World, challenge: Challenge, factor: Factor, payload: str) -> ChallengeStep:
    """What a device says to a challenge.

    Raises:
        Refused: 60324 it says nothing that it has signed.
    """
    status = None
    if factor.push is not None:
        shown = challenges.signed(challenge)
        status = push_factors.answer_of(factor.push, payload, shown, world.signatures)
    if status not in (ChallengeStep.APPROVE, ChallengeStep.DENY):
        raise Refused(CHALLENGE_VERIFICATION_FAILED)
    return ChallengeStep(status)


def _try_code(world: World, challenge: Challenge, factor: Factor, code: str) -> Challenge:
    """Answer a challenge by a code."""
    assert factor.totp is not None
    if challenge.attempts >= ATTEMPTS:
        raise Refused(CHALLENGE_ATTEMPTS_REACHED)
    tried = factors.try_code(world, factor, factor.totp, code)
    if tried is None:
        return challenges.put(world, replace(challenge, attempts=challenge.attempts + 1))
    world[Factors].put(tried)
    return challenges.take_step(world, challenge, ChallengeStep.APPROVE)
