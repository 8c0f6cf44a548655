"""What a phone's authenticator says, judged by the library of a maker of authenticators."""

from typing import Any

import pytest
from fido2.server import Fido2Server
from fido2.webauthn import (
    AuthenticatorData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
)

from tests.control.asking import ANN, BOB, Control

pytestmark = pytest.mark.anyio

JUDGE = Fido2Server(PublicKeyCredentialRpEntity(id="example.com", name="Shop"))
USER = PublicKeyCredentialUserEntity(id=b"ann", name="Ann", display_name="Ann")

CREATION: dict[str, Any] = {
    "rp": {"id": "example.com", "name": "Shop"},
    "user": {"id": "YW5u", "name": "Ann", "displayName": "Ann"},
    "challenge": "YSBjaGFsbGVuZ2U",
    "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
}
REQUEST: dict[str, Any] = {"challenge": "YSBjaGFsbGVuZ2U", "rpId": "example.com"}


async def create(control: Control, options: object = CREATION, **wish: object) -> Any:
    return await control.ask(
        "POST", "/passkeys/create", {"handset": ANN, "options": options, **wish}
    )


async def get(control: Control, options: object = REQUEST, **wish: object) -> Any:
    return await control.ask("POST", "/passkeys/get", {"handset": ANN, "options": options, **wish})


async def refused(control: Control, call: str, options: object, **wish: object) -> str:
    wish = {"handset": ANN, "options": options, **wish}
    answer = await control.ask("POST", f"/passkeys/{call}", wish, status=400)
    said: str = answer["message"]
    return said


async def test_a_passkey_is_made_and_used_to_another_librarys_liking(control: Control) -> None:
    asked, state = JUDGE.register_begin(USER, user_verification="required")
    made = await create(control, dict(asked))
    credential = JUDGE.register_complete(state, made).credential_data
    assert made["id"] == made["rawId"]
    for uses in (1, 2):
        asked, state = JUDGE.authenticate_begin([credential], user_verification="required")
        used = await get(control, dict(asked))
        assert JUDGE.authenticate_complete(state, [credential], used) is credential
        data = AuthenticatorData.fromhex(_hexadecimal(used["response"]["authenticatorData"]))
        assert data.counter == uses
        assert used["response"]["userHandle"] == "YW5u"


async def test_the_newest_passkey_is_found_without_its_id(control: Control) -> None:
    first = await create(control)
    second = await create(control, CREATION | {"user": CREATION["user"] | {"id": "Ym9i"}})
    assert (await get(control))["id"] == second["id"]
    known = [{"type": "public-key", "id": first["id"]}]
    assert (await get(control, REQUEST | {"allowCredentials": known}))["id"] == first["id"]
    said = await refused(control, "get", REQUEST, handset=BOB)
    assert said == "NotAllowedError: the phone has no such passkey for example.com"


async def test_a_new_passkey_takes_the_place_of_the_users_old_one(control: Control) -> None:
    first = await create(control)
    await create(control)
    known = [{"type": "public-key", "id": first["id"]}]
    said = await refused(control, "get", REQUEST | {"allowCredentials": known})
    assert said.startswith("NotAllowedError: ")


async def test_the_same_is_made_in_every_run(control: Control) -> None:
    await control.ask("POST", "/reset", {})
    first = (await create(control), await get(control))
    await control.ask("POST", "/reset", {})
    assert (await create(control), await get(control)) == first


async def test_a_page_asks_for_its_own_domain_and_those_above(control: Control) -> None:
    for origin in ("https://example.com", "https://shop.example.com:8443"):
        made = await create(control, origin=origin)
        assert origin in bytes.fromhex(_hexadecimal(made["response"]["clientDataJSON"])).decode()
    for origin in ("https://example.org", "https://badexample.com", "http://example.com"):
        assert (await refused(control, "create", CREATION, origin=origin)).startswith(
            "SecurityError: "
        )
    said = await refused(control, "create", CREATION, origin="example.com")
    assert said == "body origin: expected one such as https://example.com, not 'example.com'"


async def test_without_an_id_the_party_is_where_the_page_is_from(control: Control) -> None:
    options = {"publicKey": CREATION | {"rp": {"name": "Shop"}}}
    made = await create(control, options, origin="http://localhost:3000")
    found = await get(control, {"challenge": "YQ"})
    assert found["id"] == made["id"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"pubKeyCredParams": [{"type": "public-key", "alg": -257}]}, "NotSupportedError: "),
        ({"pubKeyCredParams": {"type": "public-key", "alg": -7}}, "TypeError: "),
        ({"challenge": "*"}, "TypeError: challenge is not base64url"),
        ({"user": CREATION["user"] | {"id": "*"}}, "TypeError: user.id is not base64url"),
        (
            {"authenticatorSelection": {"authenticatorAttachment": "cross-platform"}},
            "NotAllowedError: ",
        ),
    ],
)
async def test_what_a_browser_would_refuse_is_refused_by_its_name(
    control: Control, change: dict[str, object], said: str
) -> None:
    assert (await refused(control, "create", CREATION | change)).startswith(said)
    assert (await refused(control, "get", REQUEST)).startswith("NotAllowedError: ")


async def test_a_passkey_that_is_excluded_is_not_made_again(control: Control) -> None:
    made = await create(control)
    excluded = {"excludeCredentials": [{"type": "public-key", "id": made["id"]}]}
    assert (await refused(control, "create", CREATION | excluded)).startswith("InvalidStateError: ")
    await create(control, CREATION | excluded, handset=BOB)


async def test_the_user_may_say_no(control: Control) -> None:
    for call, options in (("create", CREATION), ("get", REQUEST)):
        said = await refused(control, call, options, refuse=True)
        assert said == "NotAllowedError: the user said no"


async def test_a_phone_without_a_lock_does_not_verify_its_user(control: Control) -> None:
    made = await create(control, verifies_user=False)
    data = AuthenticatorData.fromhex(_hexadecimal(made["response"]["authenticatorData"]))
    assert data.is_user_present()
    assert not data.is_user_verified()
    required = REQUEST | {"userVerification": "required"}
    said = await refused(control, "get", required, verifies_user=False)
    assert said == "NotAllowedError: the phone does not verify its user"


def _hexadecimal(said: str) -> str:
    from fido2.utils import websafe_decode

    return websafe_decode(said).hex()
