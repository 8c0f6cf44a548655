"""Fake authenticators by the control API: each phone makes passkeys and signs with them, as a
browser on it would.

The rules of this file (https://www.w3.org/TR/webauthn-2/, §5.1):

- What comes in are the options of `navigator.credentials.create` or `get` as JSON, with
  `publicKey` around them or without, and what comes out is the credential as its `toJSON()` tells
  it. Options that are not known do not matter.
- Why a browser would refuse is said by the name of its exception, and nothing is made or counted.
- Nobody vouches for the authenticator: attestation is `none`.
"""

import re
from typing import Any, NotRequired, TypedDict, TypeVar

import msgspec

from twilio_emulator.control.exchange import Mistaken, Reply, json_reply
from twilio_emulator.control.routes import Control, Controls, Fields
from twilio_emulator.core.verify import authenticator_data, passkeys, passkeys_held
from twilio_emulator.core.verify.authenticator_data import (
    ES256,
    HAS_KEY,
    PRESENT,
    VERIFIED,
    NewPasskey,
    NoWebAuthn,
    decoded,
    encoded,
)
from twilio_emulator.core.verify.passkeys_held import HeldPasskey, MakePasskey, UsePasskey
from twilio_emulator.runtime import p256

T = TypeVar("T")

LOCAL = "localhost"

_ORIGIN = re.compile(r"(https?)://([a-z0-9.-]+)(:[0-9]{1,5})?")

_KEY_TYPE = "public-key"


class WithPhone(Fields):
    """What a browser on a phone is asked for.

    Attributes:
        handset: the phone's address.
        options: those of `navigator.credentials.create` or `get`, as the API answers them.
        origin: where the page is from; without it the first origin of what is asked for.
        refuse: whether the user says no.
        verifies_user: whether the phone asks for a finger, a face or a PIN.
    """

    handset: str
    options: dict[str, Any]
    origin: str | None = None
    refuse: bool = False
    verifies_user: bool = True


class AuthenticatorResponse(TypedDict):
    """What the authenticator said, base64url.

    Attributes:
        clientDataJSON: who asked, as the browser tells it.
        authenticatorData: what was done.
        attestationObject: that again, of a new passkey, with who vouches for it.
        transports: how the authenticator is reached.
        publicKey: of a new passkey, in DER.
        publicKeyAlgorithm: of a new passkey: `-7`.
        signature: of one that was used, in DER.
        userHandle: whose passkey it is.
    """

    clientDataJSON: str
    authenticatorData: str
    attestationObject: NotRequired[str]
    transports: NotRequired[list[str]]
    publicKey: NotRequired[str]
    publicKeyAlgorithm: NotRequired[int]
    signature: NotRequired[str]
    userHandle: NotRequired[str]


class PasskeyCredential(TypedDict):
    """A `PublicKeyCredential`, as its `toJSON()` tells it.

    Attributes:
        id: of the passkey, base64url.
        rawId: the same.
        type: `public-key`.
        authenticatorAttachment: `platform`: it is the phone's own.
        clientExtensionResults: none.
        response: what the authenticator said.
    """

    id: str
    rawId: str
    type: str
    authenticatorAttachment: str
    clientExtensionResults: dict[str, Any]
    response: AuthenticatorResponse


class _Party(msgspec.Struct):
    name: str
    id: str | None = None


class _User(msgspec.Struct, rename={"display_name": "displayName"}):
    id: str
    name: str
    display_name: str


class _Kind(msgspec.Struct):
    type: str
    alg: int


class _Known(msgspec.Struct):
    id: str
    type: str = _KEY_TYPE


class _Selection(msgspec.Struct, rename="camel"):
    authenticator_attachment: str | None = None
    user_verification: str = "preferred"


class _Creation(msgspec.Struct, rename="camel"):
    rp: _Party
    user: _User
    challenge: str
    pub_key_cred_params: list[_Kind]
    exclude_credentials: list[_Known] = []
    authenticator_selection: _Selection = msgspec.field(default_factory=_Selection)


class _Request(msgspec.Struct, rename="camel"):
    challenge: str
    rp_id: str | None = None
    allow_credentials: list[_Known] = []
    user_verification: str = "preferred"


CREATION = {
    "rp": {"id": LOCAL, "name": "Shop"},
    "user": {
        "id": "WUUwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMQ",
        "name": "Ann",
        "displayName": "Ann",
    },
    "challenge": "WUYwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMQ",
    "pubKeyCredParams": [{"type": _KEY_TYPE, "alg": ES256}],
}
REQUEST = {"challenge": "WUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMQ", "rpId": LOCAL}
EXAMPLE = "+12025550199"


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group("passkeys", "Passkeys that phones make and use.")

    @controls.on(
        "POST",
        "/passkeys/create",
        "create_passkey",
        "Makes a passkey on a phone, as `navigator.credentials.create` does.",
        body=WithPhone,
        gives=PasskeyCredential,
        examples=({"handset": EXAMPLE, "options": {"publicKey": CREATION}},),
    )
    async def create(control: Control) -> Reply:
        wish = control.body(WithPhone)
        options = _read(wish, _Creation)
        signed = _bytes("challenge", options.challenge)
        origin, party = _place(control, wish, options.rp.id, signed)
        selection = options.authenticator_selection
        kinds = [(each.type, each.alg) for each in options.pub_key_cred_params]
        if (_KEY_TYPE, ES256) not in kinds:
            raise _refusal("NotSupportedError", "none of pubKeyCredParams is ES256 (-7)")
        if selection.authenticator_attachment == "cross-platform":
            raise _refusal("NotAllowedError", "a phone is its own authenticator (platform)")
        known = tuple(each.id.rstrip("=") for each in options.exclude_credentials)
        world = control.hosted.world
        if known and passkeys_held.find(world, wish.handset, party, known) is not None:
            raise _refusal("InvalidStateError", "the phone has one of excludeCredentials")
        flags = _flags(wish, selection.user_verification) | HAS_KEY
        user = encoded(_bytes("user.id", options.user.id))
        command = MakePasskey(handset=wish.handset, party=party, user=user)
        made = await control.hosted.gate.perform(command)
        public_key = p256.public_key(_private(made))
        passkey = NewPasskey(decoded(made.sid), public_key)
        data = authenticator_data.data(party, flags, made.uses, passkey)
        said = authenticator_data.client_data("webauthn.create", encoded(signed), origin)
        return _credential(
            made,
            {
                "clientDataJSON": encoded(said),
                "authenticatorData": encoded(data),
                "attestationObject": encoded(authenticator_data.attestation(data)),
                "transports": ["internal"],
                "publicKey": encoded(public_key),
                "publicKeyAlgorithm": ES256,
            },
        )

    @controls.on(
        "POST",
        "/passkeys/get",
        "use_passkey",
        "Signs with a phone's passkey, as `navigator.credentials.get` does.",
        body=WithPhone,
        gives=PasskeyCredential,
        examples=({"handset": EXAMPLE, "options": {"publicKey": REQUEST}},),
    )
    async def get(control: Control) -> Reply:
        wish = control.body(WithPhone)
        options = _read(wish, _Request)
        signed = _bytes("challenge", options.challenge)
        origin, party = _place(control, wish, options.rp_id, signed)
        known = tuple(each.id.rstrip("=") for each in options.allow_credentials)
        found = passkeys_held.find(control.hosted.world, wish.handset, party, known)
        flags = _flags(wish, options.user_verification)
        command = None if found is None else UsePasskey(passkey=found.sid)
        used = None if command is None else await control.hosted.gate.perform(command)
        if used is None:
            raise _refusal("NotAllowedError", f"the phone has no such passkey for {party}")
        data = authenticator_data.data(party, flags, used.uses)
        said = authenticator_data.client_data("webauthn.get", encoded(signed), origin)
        signature = p256.sign(_private(used), authenticator_data.signed(data, said))
        return _credential(
            used,
            {
                "clientDataJSON": encoded(said),
                "authenticatorData": encoded(data),
                "signature": encoded(signature),
                "userHandle": used.user,
            },
        )


def _read(wish: WithPhone, kind: type[T]) -> T:
    """The options as a browser takes them.

    Raises:
        Mistaken: they are none.
    """
    given = wish.options.get("publicKey", wish.options)
    try:
        return msgspec.convert(given, kind)
    except msgspec.ValidationError as error:
        said = str(error).replace("`", "").replace("$", "options")
        raise _refusal("TypeError", said) from None


def _place(control: Control, wish: WithPhone, party: str | None, signed: bytes) -> tuple[str, str]:
    """Where the page is from, and for which relying party it may ask."""
    if wish.refuse:
        raise _refusal("NotAllowedError", "the user said no")
    origin = wish.origin or _origin(control, party or LOCAL, signed)
    read = _ORIGIN.fullmatch(origin)
    if read is None:
        raise Mistaken(f"body origin: expected one such as https://example.com, not {origin!r}")
    host = read[2]
    party = party or host
    if host != party and not host.endswith(f".{party}"):
        raise _refusal("SecurityError", f"{party} is not the domain of {origin}, nor one above it")
    if read[1] == "http" and host != LOCAL and not host.endswith(f".{LOCAL}"):
        raise _refusal("SecurityError", f"{origin} is not secure")
    return origin, party


def _origin(control: Control, party: str, signed: bytes) -> str:
    """Where the page is from, where nobody says it."""
    origins = passkeys.origins_of(control.hosted.world, signed)
    usual = f"http://{LOCAL}" if party == LOCAL else f"https://{party}"
    return next((each for each in origins if _ORIGIN.fullmatch(each)), usual)


def _flags(wish: WithPhone, verification: str) -> int:
    if wish.verifies_user:
        return PRESENT | VERIFIED
    if verification == "required":
        raise _refusal("NotAllowedError", "the phone does not verify its user")
    return PRESENT


def _bytes(name: str, said: str) -> bytes:
    try:
        return decoded(said)
    except NoWebAuthn:
        raise _refusal("TypeError", f"{name} is not base64url") from None


def _private(passkey: HeldPasskey) -> int:
    """The key that what was drawn stands for."""
    return 1 + int(passkey.private_key, 16) % (p256.ORDER - 1)


def _refusal(name: str, why: str) -> Mistaken:
    return Mistaken(f"{name}: {why}")


def _credential(passkey: HeldPasskey, response: AuthenticatorResponse) -> Reply:
    said: PasskeyCredential = {
        "id": passkey.sid,
        "rawId": passkey.sid,
        "type": _KEY_TYPE,
        "authenticatorAttachment": "platform",
        "clientExtensionResults": {},
        "response": response,
    }
    return json_reply(said)
