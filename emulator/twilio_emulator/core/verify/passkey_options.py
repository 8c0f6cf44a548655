"""How passkeys of a factor are made and used, and what a browser is asked for.

The rules of this file (https://www.twilio.com/docs/verify/api/passkeys-factor,
https://www.w3.org/TR/webauthn-2/):

- The relying party is that of the request's `config`, else the service's. It has an id, which is a
  domain without scheme and port, and the origins of its pages
  (https://www.twilio.com/docs/api/errors/60371, 60372).
- The three criteria are those of `config`; the service's alone count where there is no `config`
  (https://www.twilio.com/docs/api/errors/60393).
- Decided: a relying party without a name has that of its service.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from twilio_emulator.core.kernel.records import Plain, record, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.verify.authenticator_data import ES256, encoded
from twilio_emulator.core.verify.factor_errors import INVALID_REQUEST
from twilio_emulator.core.verify.passkey_errors import (
    CRITERIA_MISSING,
    INVALID_RELYING_PARTY,
    INVALID_RELYING_PARTY_ID,
)
from twilio_emulator.core.verify.resources import VerifyService

TIMEOUT = 600_000
"""Milliseconds that a browser waits for its user, as in the example of Twilio's OpenAPI file."""

ATTACHMENTS = ("platform", "cross-platform")
WISHES = ("required", "preferred", "discouraged")
CRITERIA = {
    "authenticator_attachment": (*ATTACHMENTS, "any"),
    "discoverable_credentials": WISHES,
    "user_verification": WISHES,
}

_DOMAIN = re.compile(r"(?!.*\.\.)[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", re.IGNORECASE)


@record
class RelyingParty:
    """Whose passkeys they are: `id` is a domain, `origins` are where its pages are from."""

    id: str | None = None
    name: str | None = None
    origins: tuple[str, ...] = ()


@record
class WantedPasskey:
    """What a request says of how a passkey is to be made (its `config`)."""

    relying_party: RelyingParty | None = None
    authenticator_attachment: str | None = None
    discoverable_credentials: str | None = None
    user_verification: str | None = None


@record
class PasskeyConfig:
    """How passkeys of a factor are made and used, and the passkey once there is one.

    Attributes:
        party: the relying party's id.
        origins: where its pages are from.
        credential_id: the passkey's own, base64url.
        public_key: Base64 of DER (SubjectPublicKeyInfo).
        uses: what its authenticator has counted.
        transports: how the authenticator is reached.
    """

    party: str
    party_name: str
    origins: tuple[str, ...]
    authenticator_attachment: str
    discoverable_credentials: str
    user_verification: str
    credential_id: str | None = None
    public_key: str | None = None
    uses: int = 0
    transports: tuple[str, ...] = ()


class PasskeyUser(NamedTuple):
    """Whose passkey is to be made, and what it is called."""

    entity_sid: str
    name: str


def relying_party(service: VerifyService, wanted: WantedPasskey | None = None) -> RelyingParty:
    """The relying party of a request, else that of its service.

    Raises:
        Refused: 60371 there is none, or none of its origins, 60372 it has no id, or one that is no
            domain, or nobody says anything of it.
    """
    own = RelyingParty(
        id=service.passkeys_relying_party_id,
        name=service.passkeys_relying_party_name,
        origins=service.passkeys_relying_party_origins or (),
    )
    party = own if wanted is None or wanted.relying_party is None else wanted.relying_party
    if wanted is not None and party == RelyingParty():
        raise Refused(INVALID_RELYING_PARTY)
    if not party.id or not _DOMAIN.fullmatch(party.id):
        raise Refused(INVALID_RELYING_PARTY_ID)
    if not party.origins or not all(party.origins):
        raise Refused(INVALID_RELYING_PARTY)
    return replace(party, name=party.name or service.friendly_name)


def read_config(service: VerifyService, wanted: WantedPasskey | None) -> PasskeyConfig:
    """How a passkey is to be made.

    Raises:
        Refused: 60371 and 60372 as for `relying_party`, 60393 a criterion is missing, 60306 it is
            none of those that there are.
    """
    party = relying_party(service, wanted)
    criteria = wanted or WantedPasskey(
        authenticator_attachment=service.passkeys_authenticator_attachment,
        discoverable_credentials=service.passkeys_discoverable_credentials,
        user_verification=service.passkeys_user_verification,
    )
    said: dict[str, str] = {n: (getattr(criteria, n) or "").lower() for n in CRITERIA}
    missing = [name for name, value in said.items() if not value]
    if missing:
        raise Refused(CRITERIA_MISSING, missing=", ".join(missing))
    if any(said[name] not in known for name, known in CRITERIA.items()):
        raise Refused(INVALID_REQUEST)
    return PasskeyConfig(
        party=party.id or "",
        party_name=party.name or "",
        origins=party.origins,
        authenticator_attachment=said["authenticator_attachment"],
        discoverable_credentials=said["discoverable_credentials"],
        user_verification=said["user_verification"],
    )


def of_service(service: VerifyService) -> PasskeyConfig:
    """How anybody's passkey of a service is used. Decided: what the service does not say of it does
    not matter.

    Raises:
        Refused: 60371, 60372 as for `relying_party`.
    """
    party = relying_party(service)
    return PasskeyConfig(
        party=party.id or "",
        party_name=party.name or "",
        origins=party.origins,
        authenticator_attachment=service.passkeys_authenticator_attachment or "any",
        discoverable_credentials=service.passkeys_discoverable_credentials or "preferred",
        user_verification=service.passkeys_user_verification or "preferred",
    )


def creation(config: PasskeyConfig, challenge: str, user: PasskeyUser | None) -> dict[str, Plain]:
    """What `navigator.credentials.create` takes (§5.4), as JSON; it may be without a user.

    Decided: where any authenticator will do, none is named, since browsers know no word for it; and
    no passkey is excluded, as in the example of Twilio's OpenAPI file.

    Args:
        challenge: the sid that the authenticator signs.
    """
    selection: dict[str, Plain] = {
        "requireResidentKey": config.discoverable_credentials == "required",
        "residentKey": config.discoverable_credentials,
        "userVerification": config.user_verification,
    }
    if config.authenticator_attachment in ATTACHMENTS:
        selection = {"authenticatorAttachment": config.authenticator_attachment, **selection}
    whose: dict[str, Plain] = {"rp": {"id": config.party, "name": config.party_name}}
    if user is not None:
        handle = encoded(user.entity_sid.encode())
        whose["user"] = {"id": handle, "name": user.name, "displayName": user.name}
    return {
        **whose,
        "challenge": encoded(challenge.encode()),
        "pubKeyCredParams": [{"type": "public-key", "alg": ES256}],
        "timeout": TIMEOUT,
        "excludeCredentials": [],
        "authenticatorSelection": selection,
        "attestation": "none",
    }


def request(
    config: PasskeyConfig, challenge: str, passkeys: Iterable[PasskeyConfig]
) -> dict[str, Plain]:
    """What `navigator.credentials.get` takes (§5.5), as JSON.

    Args:
        challenge: the sid that the authenticator signs.
        passkeys: those that will do; none, when any will.
    """
    known = ((each.credential_id, each.transports) for each in passkeys)
    return {
        "challenge": encoded(challenge.encode()),
        "timeout": TIMEOUT,
        "rpId": config.party,
        "allowCredentials": [_known(name, transports) for name, transports in known if name],
        "userVerification": config.user_verification,
    }


def _known(passkey: str, transports: tuple[str, ...] = ()) -> dict[str, Plain]:
    known: dict[str, Plain] = {"type": "public-key", "id": passkey}
    return {**known, "transports": list(transports)} if transports else known
