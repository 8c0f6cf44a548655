"""Fake devices and authenticator apps by the control API."""

import pytest

from tests.control.asking import Control
from twilio_emulator.core.verify.access_tokens import FactorTokens
from twilio_emulator.core.verify.push_devices import PushDevices

IDENTITY = "ann-00000001"
VERIFY = "https://verify.twilio.com/v2"
FROZEN = {"clock": "frozen", "now": "2026-01-05T09:00:00Z"}
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


class Account:
    """An account whose app asks Verify's REST API."""

    def __init__(self, control: Control, shown: dict[str, str]) -> None:
        self.control = control
        self.sid = shown["account_sid"]
        self.auth = (self.sid, shown["auth_token"])

    async def ask(self, method: str, path: str, body: object = None, **wish: object) -> dict:
        """A control call."""
        said: dict = await self.control.ask(method, path, body, account=self.sid, **wish)
        return said

    async def rest(self, method: str, path: str, **form: str) -> dict:
        """A request of the app's."""
        response = await self.control.client.request(
            method, f"{VERIFY}{path}", data=form, auth=self.auth
        )
        assert response.status_code in (200, 201), response.text
        said: dict = response.json()
        return said

    async def challenge(self, device: dict, **said: str) -> dict:
        """What the app asks a device."""
        (service,) = (await self.rest("GET", "/Services"))["services"]
        path = f"/Services/{service['sid']}/Entities/{IDENTITY}/Challenges"
        wish = {"FactorSid": device["factor_sid"], "Details.Message": "Log in?", **said}
        return await self.rest("POST", path, **wish)

    async def enrolled(self, **said: object) -> dict:
        """A device that is enrolled."""
        made = await self.ask("POST", "/push-devices", said, status=201)
        path = f"/push-devices/{made['id']}/enroll"
        return await self.ask("POST", path, {"identity": IDENTITY})


@pytest.fixture
async def account(control: Control) -> Account:
    return Account(control, await control.ask("POST", "/accounts", FROZEN, status=201))


@pytest.mark.parametrize(("verb", "status"), [("approve", "approved"), ("deny", "denied")])
async def test_a_device_answers_a_challenge(account: Account, verb: str, status: str) -> None:
    device = await account.enrolled(name="Ann's phone")
    made = await account.challenge(device)
    path = f"/push-devices/{device['id']}/challenges"
    answered = await account.ask("POST", f"{path}/{made['sid']}/{verb}")
    assert answered == {
        "sid": made["sid"],
        "factor_sid": device["factor_sid"],
        "status": status,
    }
    shown = await account.rest("GET", made["url"].removeprefix(VERIFY))
    assert (shown["status"], shown["date_responded"]) == (status, "2026-01-05T09:00:00Z")
    again = await account.ask("POST", f"{path}/{made['sid']}/{verb}", status=403)
    assert again["code"] == 60322
    nothing = await account.ask("POST", f"{path}/latest/{verb}", status=404)
    assert nothing["message"] == f"no challenge waits for {device['id']}"


async def test_the_latest_challenge_is_answered(account: Account) -> None:
    device = await account.enrolled()
    await account.challenge(device)
    newest = await account.challenge(device)
    path = f"/push-devices/{device['id']}/challenges/latest/deny"
    assert (await account.ask("POST", path))["sid"] == newest["sid"]


async def test_a_device_that_is_not_enrolled_answers_nothing(account: Account) -> None:
    made = await account.ask("POST", "/push-devices", {"platform": "none"}, status=201)
    assert (made["token"], made["factor_sid"]) == (None, None)
    path = f"/push-devices/{made['id']}/challenges/latest/approve"
    assert "not enrolled" in (await account.ask("POST", path, status=409))["message"]
    assert (await account.ask("GET", f"/push-devices/{made['id']}/notifications")) == {
        "notifications": []
    }


async def test_the_app_s_own_access_token_is_used_once(account: Account) -> None:
    (service,) = (await account.rest("GET", "/Services"))["services"]
    wish = {"Identity": IDENTITY, "FactorType": "push"}
    token = (await account.rest("POST", f"/Services/{service['sid']}/AccessTokens", **wish))[
        "token"
    ]
    said = {"identity": IDENTITY, "access_token": token, "service": service["sid"]}
    first, second = [
        (await account.ask("POST", "/push-devices", {}, status=201))["id"] for _ in range(2)
    ]
    enrolled = await account.ask("POST", f"/push-devices/{first}/enroll", said)
    assert (enrolled["identity"], enrolled["service_sid"]) == (IDENTITY, service["sid"])
    refused = await account.ask("POST", f"/push-devices/{second}/enroll", said, status=403)
    assert refused["code"] == 60313


async def test_who_is_offline_is_told_later_and_not_too_late(account: Account) -> None:
    device = await account.enrolled(online=False)
    path = f"/push-devices/{device['id']}"
    first = await account.challenge(device)
    shown = (await account.ask("GET", f"{path}/notifications"))["notifications"]
    assert [(each["date_received"], each["kept"]) for each in shown] == [(None, True)]
    url = first["links"]["notifications"].removeprefix(VERIFY)
    await account.rest("POST", url, Ttl="0")
    await account.ask("POST", "/clock", {"advance": 200})
    await account.ask("PATCH", path, {"online": True})
    shown = (await account.ask("GET", f"{path}/notifications"))["notifications"]
    received = [each["date_received"] for each in shown]
    assert received == ["2026-01-05T09:03:20.000Z", None]
    assert not any(each["kept"] for each in shown)
    await account.rest("POST", url)
    shown = (await account.ask("GET", f"{path}/notifications"))["notifications"]
    assert shown[-1]["date_received"] == "2026-01-05T09:03:20.000Z"
    assert shown[-1]["type"] == "verify_push_challenge"


async def test_devices_are_listed_changed_and_thrown_away(account: Account) -> None:
    device = await account.enrolled(name="Phone")
    other = await account.ask("POST", "/push-devices", {"app_id": "org.example"}, status=201)
    listed = (await account.ask("GET", "/push-devices"))["devices"]
    assert [each["id"] for each in listed] == [device["id"], other["id"]]
    mine = (await account.ask("GET", "/push-devices", identity=IDENTITY.upper()))["devices"]
    assert [each["id"] for each in mine] == [device["id"]]
    path = f"/push-devices/{device['id']}"
    changed = await account.ask("PATCH", path, {"name": "Tablet", "token": "t" * 40})
    assert (changed["name"], changed["token"], changed["online"]) == ("Tablet", "t" * 40, True)
    assert (await account.ask("PATCH", path, {"token": "t"}, status=400))["code"] == 60306
    await account.ask("DELETE", path, status=204)
    assert (await account.ask("DELETE", path, status=404))["code"] == 20404


async def test_a_device_whose_factor_is_gone_is_enrolled_no_more(account: Account) -> None:
    device = await account.enrolled()
    entity = f"/Services/{device['service_sid']}/Entities/{IDENTITY}"
    response = await account.control.client.delete(
        f"{VERIFY}{entity}/Factors/{device['factor_sid']}", auth=account.auth
    )
    assert response.status_code == 204
    (shown,) = (await account.ask("GET", "/push-devices"))["devices"]
    assert (shown["factor_sid"], shown["identity"]) == (None, None)


async def test_an_authenticator_app_shows_the_code_of_now(account: Account) -> None:
    (service,) = (await account.rest("GET", "/Services"))["services"]
    path = f"/Services/{service['sid']}/Entities/{IDENTITY}/Factors"
    wish = {"FriendlyName": "App", "FactorType": "totp", "Binding.Secret": SECRET}
    factor = await account.rest("POST", path, **wish)
    shown = await account.ask("GET", f"/totp/{factor['sid']}")
    assert shown == {
        "factor_sid": factor["sid"],
        "friendly_name": "App",
        "status": "unverified",
        "code": "978746",
        "valid_until": "2026-01-05T09:00:30.000Z",
        "secret": SECRET,
        "uri": factor["binding"]["uri"],
    }
    assert (await account.ask("GET", "/totp", identity=IDENTITY))["factors"] == [shown]
    assert (await account.ask("GET", "/totp", identity="bob-00000001"))["factors"] == []
    assert (await account.ask("GET", "/totp/YF1", status=404))["message"]


async def test_an_account_without_a_service_is_told_so(account: Account) -> None:
    (service,) = (await account.rest("GET", "/Services"))["services"]
    await account.control.client.delete(f"{VERIFY}/Services/{service['sid']}", auth=account.auth)
    refused = await account.ask("GET", "/totp", identity=IDENTITY, status=404)
    assert refused["message"] == "the account has no Verify service"


async def test_secrets_of_factors_are_not_in_the_journal(account: Account) -> None:
    device = await account.enrolled()
    (service,) = (await account.rest("GET", "/Services"))["services"]
    path = f"/Services/{service['sid']}/Entities/{IDENTITY}/Factors"
    wish = {"FriendlyName": "App", "FactorType": "totp", "Binding.Secret": SECRET}
    factor = await account.rest("POST", path, **wish)
    await account.rest("POST", f"{path}/{factor['sid']}", AuthPayload="978746")
    await account.challenge(device)
    response = await account.control.client.get(
        "http://localhost:8008/_emulator/v1/journal", params={"account": account.sid}
    )

    assert SECRET not in response.text
    assert "978746" not in response.text
    world = account.control.server.worlds.hosted[account.sid].world
    for kept in (*world[FactorTokens], *world[PushDevices]):
        secret = getattr(kept, "access_token", None) or getattr(kept, "private_key", None)
        assert secret
        assert secret not in response.text
