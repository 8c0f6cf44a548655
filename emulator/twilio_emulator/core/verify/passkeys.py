"""Passkeys: factors whose key an authenticator holds, made and used with a browser in between.

The rules of this file (https://www.twilio.com/docs/verify/api/passkeys-factor,
https://www.twilio.com/docs/verify/api/passkeys-challenge, https://www.w3.org/TR/webauthn-2/, §7):

- A factor is found by its sid, which the authenticator was given to sign and the browser tells; a
  challenge likewise. A passkey is found by its id.
- What the browser says must be of the right sort, from one of the origins and for the relying
  party; somebody must have been there, and verified where that is required.
- A passkey that counts its uses must have counted on. Decided: one that has not is a copy, and is
  refused.
- A challenge may be anybody's. It is theirs who answers it, and says so.
- Decided: `rawId` is the id in hexadecimal, as in the example of Twilio's OpenAPI file, or in
  base64url, as browsers tell it.
"""

from base64 import b64decode, b64encode
from datetime import timedelta
from typing import TypeGuard

from twilio_emulator.core.kernel.records import Plain, command, record, replace
from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import (
    authenticator_data,
    challenges,
    entities,
    factors,
    passkey_options,
    services,
)
from twilio_emulator.core.verify.authenticator_data import (
    PRESENT,
    VERIFIED,
    AuthenticatorData,
    ClientData,
    MalformedPasskey,
    NewPasskey,
    NoWebAuthn,
    decoded,
    encoded,
)
from twilio_emulator.core.verify.challenges import (
    Challenge,
    Challenges,
    ChallengeStep,
    WantedChallenge,
)
from twilio_emulator.core.verify.factor_errors import FACTOR_EXISTS, INVALID_REQUEST
from twilio_emulator.core.verify.factors import (
    Factor,
    Factors,
    FactorStatus,
    FactorType,
    WantedFactor,
)
from twilio_emulator.core.verify.passkey_errors import (
    CHALLENGE_NOT_FOUND,
    ENTITY_NOT_FOUND,
    FACTOR_NOT_FOUND,
    ILLEGAL_FACTOR_STATUS,
    INVALID_ATTACHMENT,
    INVALID_ATTESTATION,
    INVALID_AUTHENTICATOR_DATA,
    INVALID_CLIENT_DATA,
    INVALID_CREDENTIAL_DATA,
    INVALID_ID,
    INVALID_IDENTITY,
    INVALID_RAW_ID,
    INVALID_RESPONSE,
    INVALID_SIGNATURE,
    OTHER_RELYING_PARTY,
)
from twilio_emulator.core.verify.passkey_options import (
    ATTACHMENTS,
    PasskeyConfig,
    PasskeyUser,
    WantedPasskey,
)
from twilio_emulator.core.verify.resources import VerifyServices

MADE, USED = "webauthn.create", "webauthn.get"

VALID_FOR = timedelta(minutes=5)
"""Decided: a challenge of a passkey is pending for as long as any other."""


@record
class SaidCredential:
    """A `PublicKeyCredential` as JSON, as far as it was given; what a browser calls it stands with
    each. All but the first four are base64url.

    Attributes:
        attachment: `authenticatorAttachment`.
        client_data: `response.clientDataJSON`.
        attestation: `response.attestationObject`, of a passkey that was made.
        data: `response.authenticatorData`, of one that was used.
        user: `response.userHandle`.
    """

    id: str | None = None
    raw_id: str | None = None
    attachment: str | None = None
    type: str | None = None
    client_data: str | None = None
    attestation: str | None = None
    data: str | None = None
    signature: str | None = None
    user: str | None = None
    transports: tuple[str, ...] = ()


@command
class AddPasskeysFactor:
    """Let somebody make a passkey."""

    account: str
    service: str
    friendly_name: str | None = None
    identity: str | None = None
    config: WantedPasskey | None = None

    def apply(self, world: World) -> Factor:
        service = services.fetch_verify_service(world, account=self.account, service=self.service)
        identity = _read_identity(self.identity)
        wanted = WantedFactor(
            friendly_name=factors.read_name(self.friendly_name),
            factor_type=FactorType.PASSKEYS,
            passkey=passkey_options.read_config(service, self.config),
        )
        entity = entities.look_up(world, service.sid, identity)
        factors.check_room(world, entity, FactorType.PASSKEYS, None)
        return factors.keep(world, entity or entities.keep(world, service, identity), wanted)


@command
class VerifyPasskeysFactor:
    """Take the passkey that an authenticator has made for a factor."""

    account: str
    service: str
    said: SaidCredential

    def apply(self, world: World) -> Factor:
        service = services.fetch_verify_service(world, account=self.account, service=self.service)
        said = self.said
        client = _client(said, MADE)
        factor = _unverified(world, service.sid, client)
        config = _config(factor)
        _check_origin(client, config)
        data = _attested(said)
        _check_data(data, config)
        if data.passkey is None:
            raise Refused(INVALID_CREDENTIAL_DATA)
        _check_ids(said, data.passkey)
        _check_kind(said)
        made = replace(
            config,
            credential_id=encoded(data.passkey.id),
            public_key=b64encode(data.passkey.public_key).decode(),
            uses=data.uses,
            transports=said.transports,
        )
        proved = replace(factor, passkey=made)
        if world[Factors].by_passkey.find(proved.passkey_id) is not None:
            raise Refused(FACTOR_EXISTS)
        return factors.verified(world, proved)


@command
class AddPasskeysChallenge:
    """Ask for a passkey: a factor's, one of an entity's, or anybody's."""

    account: str
    service: str
    identity: str | None = None
    factor_sid: str | None = None

    def apply(self, world: World) -> Challenge:
        service = services.fetch_verify_service(world, account=self.account, service=self.service)
        factor = _asked(world, service.sid, self.identity, self.factor_sid)
        if factor is None:
            passkey_options.of_service(service)
        return challenges.keep(
            world,
            service,
            WantedChallenge(
                factor_type=FactorType.PASSKEYS,
                factor=factor,
                any_factor=not self.factor_sid,
                expiration_date=world.now + VALID_FOR,
            ),
        )


@command
class ApprovePasskeysChallenge:
    """Take what an authenticator has signed for a challenge."""

    account: str
    service: str
    said: SaidCredential

    def apply(self, world: World) -> Challenge:
        service = services.fetch_verify_service(world, account=self.account, service=self.service)
        said = self.said
        for given, refusal in (
            (said.id, INVALID_ID),
            (said.raw_id, INVALID_RAW_ID),
            (said.attachment, INVALID_ATTACHMENT),
        ):
            if not given:
                raise Refused(refusal)
        client = _client(said, USED)
        challenge = world[Challenges].get(client.challenge.decode("latin-1"))
        if (
            challenge is None
            or challenge.service_sid != service.sid
            or challenge.factor_type is not FactorType.PASSKEYS
        ):
            raise Refused(CHALLENGE_NOT_FOUND)
        challenges.check_pending(challenge)
        factor = _of_passkey(world, challenge, said)
        config = _config(factor)
        _check_origin(client, config)
        told = _bytes(said.data, INVALID_AUTHENTICATOR_DATA)
        data = _data(told, INVALID_AUTHENTICATOR_DATA)
        _check_data(data, config)
        _check_kind(said)
        signature = _bytes(said.signature, INVALID_SIGNATURE)
        signed = authenticator_data.signed(told, decoded(said.client_data or ""))
        key = b64decode(config.public_key or "")
        if not world.signatures.is_signed(key, signed, signature):
            raise Refused(INVALID_SIGNATURE)
        if data.uses <= config.uses and (data.uses or config.uses):
            raise Refused(INVALID_AUTHENTICATOR_DATA)
        world[Factors].put(replace(factor, passkey=replace(config, uses=data.uses)))
        answered = replace(
            challenge,
            entity_sid=factor.entity_sid,
            identity=factor.identity,
            factor_sid=factor.sid,
        )
        return challenges.take_step(world, answered, ChallengeStep.APPROVE)


def creation_options(factor: Factor) -> dict[str, Plain]:
    """What a browser is asked for to make the passkey of a factor."""
    return passkey_options.creation(_config(factor), factor.sid, _user(factor))


def request_options(world: World, challenge: Challenge) -> dict[str, Plain]:
    """What a browser is asked for to answer a challenge.

    Decided: what it would be asked for to make a passkey is there, too, as in the example of
    Twilio's OpenAPI file, which has nothing else.
    """
    if challenge.factor_sid is None:
        service = services.fetch_verify_service(
            world, account=challenge.account_sid, service=challenge.service_sid
        )
        config, user = passkey_options.of_service(service), None
        allowed: list[PasskeyConfig] = []
    else:
        factor = world[Factors][challenge.factor_sid]
        config, user, allowed = _config(factor), _user(factor), [_config(factor)]
        if challenge.any_factor:
            allowed = [_config(each) for each in _proved(world, factor.entity_sid)]
    return {
        **passkey_options.creation(config, challenge.sid, user),
        **passkey_options.request(config, challenge.sid, allowed),
    }


def origins_of(world: World, signed: bytes) -> tuple[str, ...]:
    """Where the pages are from that ask for what an authenticator signs: the sid of a factor or of
    a challenge. There are none for anything else."""
    sid = signed.decode("latin-1")
    challenge = world[Challenges].get(sid)
    factor = world[Factors].get(sid if challenge is None else challenge.factor_sid)
    if factor is not None:
        return () if factor.passkey is None else factor.passkey.origins
    if challenge is None:
        return ()
    return world[VerifyServices][challenge.service_sid].passkeys_relying_party_origins or ()


def _user(factor: Factor) -> PasskeyUser:
    return PasskeyUser(factor.entity_sid, factor.friendly_name)


def _proved(world: World, entity: str) -> list[Factor]:
    """The passkeys that an entity has, the newest first."""
    table = world[Factors]
    every = table.all(table.by_type, (entity, FactorType.PASSKEYS))
    return [each for each in every if each.status is FactorStatus.VERIFIED][::-1]


def _read_identity(identity: str | None) -> str:
    try:
        return entities.read_identity(identity)
    except Refused:
        raise Refused(INVALID_IDENTITY) from None


def _config(factor: Factor) -> PasskeyConfig:
    assert factor.passkey is not None
    return factor.passkey


def _asked(world: World, service: str, identity: str | None, sid: str | None) -> Factor | None:
    """The factor that a challenge is for; None when anybody's will do.

    Without a sid it is the newest of the entity's that is verified.

    Raises:
        Refused: 60367 no identity can be such, 60392 nobody has it, 60390 there is no such factor,
            60383 it has no passkey yet.
    """
    entity = None
    if identity:
        entity = entities.look_up(world, service, _read_identity(identity))
        if entity is None:
            raise Refused(ENTITY_NOT_FOUND)
    if sid:
        factor = world[Factors].get(sid)
        if not _is_passkey(factor, service) or (entity and factor.entity_sid != entity.sid):
            raise Refused(FACTOR_NOT_FOUND)
        if factor.status is not FactorStatus.VERIFIED:
            raise Refused(ILLEGAL_FACTOR_STATUS)
        return factor
    if entity is None:
        return None
    proved = _proved(world, entity.sid)
    if not proved:
        table = world[Factors]
        some = table.by_type.of((entity.sid, FactorType.PASSKEYS))
        raise Refused(ILLEGAL_FACTOR_STATUS if some else FACTOR_NOT_FOUND)
    return proved[0]


def _is_passkey(factor: Factor | None, service: str) -> TypeGuard[Factor]:
    """Whether it is a passkey of a service."""
    return (
        factor is not None
        and factor.service_sid == service
        and factor.factor_type is FactorType.PASSKEYS
    )


def _unverified(world: World, service: str, client: ClientData) -> Factor:
    """The factor whose sid the authenticator was given."""
    factor = world[Factors].get(client.challenge.decode("latin-1"))
    if not _is_passkey(factor, service):
        raise Refused(FACTOR_NOT_FOUND)
    if factor.status is not FactorStatus.UNVERIFIED:
        raise Refused(ILLEGAL_FACTOR_STATUS)
    return factor


def _of_passkey(world: World, challenge: Challenge, said: SaidCredential) -> Factor:
    """The factor whose passkey was used, which must be one that the challenge is for."""
    name = _bytes(said.id, INVALID_ID)
    table = world[Factors]
    factor = table.found(table.by_passkey, (challenge.service_sid, encoded(name)))
    if (
        factor is None
        or challenge.entity_sid not in (None, factor.entity_sid)
        or not (challenge.any_factor or challenge.factor_sid in (None, factor.sid))
    ):
        raise Refused(FACTOR_NOT_FOUND)
    _check_raw_id(said.raw_id, name)
    if said.user and _bytes(said.user, INVALID_RESPONSE) != factor.entity_sid.encode():
        raise Refused(INVALID_RESPONSE)
    return factor


def _client(said: SaidCredential, kind: str) -> ClientData:
    try:
        client = authenticator_data.read_client_data(_bytes(said.client_data, INVALID_CLIENT_DATA))
    except NoWebAuthn:
        raise Refused(INVALID_CLIENT_DATA) from None
    if client.type != kind:
        raise Refused(INVALID_CLIENT_DATA)
    return client


def _check_origin(client: ClientData, config: PasskeyConfig) -> None:
    if client.origin not in config.origins:
        raise Refused(INVALID_CLIENT_DATA)


def _attested(said: SaidCredential) -> AuthenticatorData:
    try:
        read = authenticator_data.read_attestation(_bytes(said.attestation, INVALID_ATTESTATION))
    except NoWebAuthn:
        raise Refused(INVALID_ATTESTATION) from None
    return _data(read, INVALID_ATTESTATION)


def _data(told: bytes, refusal: Refusal) -> AuthenticatorData:
    try:
        return authenticator_data.read_data(told)
    except MalformedPasskey:
        raise Refused(INVALID_CREDENTIAL_DATA) from None
    except NoWebAuthn:
        raise Refused(refusal) from None


def _check_data(data: AuthenticatorData, config: PasskeyConfig) -> None:
    """Whether it is for the relying party, and done by whom it has to be."""
    if not data.is_of(config.party):
        raise Refused(OTHER_RELYING_PARTY)
    needed = PRESENT | VERIFIED if config.user_verification == "required" else PRESENT
    if data.flags & needed != needed:
        raise Refused(INVALID_AUTHENTICATOR_DATA)


def _check_ids(said: SaidCredential, passkey: NewPasskey) -> None:
    if said.id and _bytes(said.id, INVALID_ID) != passkey.id:
        raise Refused(INVALID_ID)
    if said.raw_id:
        _check_raw_id(said.raw_id, passkey.id)


def _check_raw_id(said: str | None, name: bytes) -> None:
    told = said or ""
    if told.lower() != name.hex() and told.rstrip("=") != encoded(name):
        raise Refused(INVALID_RAW_ID)


def _check_kind(said: SaidCredential) -> None:
    if said.attachment and said.attachment not in ATTACHMENTS:
        raise Refused(INVALID_ATTACHMENT)
    if said.type and said.type != "public-key":
        raise Refused(INVALID_REQUEST)


def _bytes(said: str | None, refusal: Refusal) -> bytes:
    """What base64url says that has to be there."""
    try:
        read = decoded(said or "")
    except NoWebAuthn:
        raise Refused(refusal) from None
    if not read:
        raise Refused(refusal)
    return read
