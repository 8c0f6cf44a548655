"""What the app on a fake device asks Verify's REST API, as Twilio's SDK for Android does.

https://github.com/twilio/twilio-verify-android: enrol with an access token, then ask for oneself
with JWTs, and answer challenges with what is signed. Nothing here is known otherwise than by the
answers.
"""

import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from twilio_emulator.control.exchange import Mistaken
from twilio_emulator.core.verify.push_devices import PushDevice
from twilio_emulator.runtime import p256

SDK_VERSION = "2.1.0"
KIND = "twilio-pba;v=1"
USER = "token"
TOKEN_LASTS = 600
"""Seconds."""

SIGNATURE_FIELDS = "twilio-verify-signature-fields"
PENDING = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What an API of Twilio's has answered; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: Any


Ask = Callable[[str, str, Mapping[str, str], tuple[str, str]], Awaitable[Answered]]
"""From a method, an URL, a form and Basic credentials to what is answered."""


class DeviceApp:
    """The app on a device.

    Args:
        device: as it is kept.
        key: its private key, a number in hexadecimal.
        ask: asks this emulator's own REST API.
        now: seconds since 1970, on the account's clock.
    """

    def __init__(self, device: PushDevice, key: str, ask: Ask, now: float) -> None:
        self._device = device
        self._ask = ask
        self._now = int(now)
        self._key = int(key, 16)

    async def enrol(
        self, entity: str, access_token: str, friendly_name: str
    ) -> tuple[str, Mapping[str, Any]]:
        """Make oneself a factor of an entity, by its URL, and prove it.

        Returns:
            the factor's sid, and how it is set up.

        Raises:
            Mistaken: the API refuses it.
        """
        device = self._device
        wish = {
            "FriendlyName": friendly_name,
            "FactorType": "push",
            "Binding.PublicKey": base64.b64encode(p256.public_key(self._key)).decode(),
            "Binding.Alg": "ES256",
            "Config.SdkVersion": SDK_VERSION,
            "Config.AppId": device.app_id,
            "Config.NotificationPlatform": device.platform.value,
            "Config.NotificationToken": device.token or "",
        }
        made = good(await self._ask("POST", f"{entity}/Factors", wish, (USER, access_token)))
        sid, config = made["sid"], made["config"]
        proof = base64.b64encode(p256.sign(self._key, sid.encode())).decode()
        password = self._password(made["account_sid"], config["credential_sid"])
        wish = {"AuthPayload": proof}
        good(await self._ask("POST", f"{entity}/Factors/{sid}", wish, (USER, password)))
        return sid, config

    async def pending(self, entity: str) -> list[Mapping[str, Any]]:
        """The challenges that wait for an answer, the newest first."""
        said = {"FactorSid": self._device.factor_sid or "", "Status": PENDING, "Order": "desc"}
        listed = good(await self._get(f"{entity}/Challenges?{urlencode(said)}"))
        found: list[Mapping[str, Any]] = listed["challenges"]
        return found

    async def decide(self, entity: str, challenge: str, status: str) -> Mapping[str, Any]:
        """Sign what is shown of a challenge, and the status; look then what it has become.

        Raises:
            Mistaken: the API refuses it.
        """
        url = f"{entity}/Challenges/{quote(challenge, safe='')}"
        answer = await self._get(url)
        shown = good(answer)
        fields = answer.headers[SIGNATURE_FIELDS].split(",")
        claims = {**{field: shown[field] for field in fields}, "status": status}
        payload = {"AuthPayload": self._jwt({"typ": "JWT", "alg": "ES256"}, claims)}
        good(await self._ask("POST", url, payload, self._own()))
        became: Mapping[str, Any] = good(await self._get(url))
        return became

    async def _get(self, url: str) -> Answered:
        return await self._ask("GET", url, {}, self._own())

    def _own(self) -> tuple[str, str]:
        device = self._device
        return USER, self._password(device.account_sid or "", device.credential_sid or "")

    def _password(self, account_sid: str, credential_sid: str) -> str:
        header = {"cty": KIND, "kid": credential_sid, "typ": "JWT", "alg": "ES256"}
        claims = {"sub": account_sid, "exp": self._now + TOKEN_LASTS, "nbf": self._now}
        return self._jwt(header, claims)

    def _jwt(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
        message = f"{_part(json.dumps(header))}.{_part(json.dumps(claims))}"
        return f"{message}.{_part(p256.sign_raw(self._key, message.encode()))}"


def good(answer: Answered) -> Any:
    """What was answered.

    Raises:
        Mistaken: it was a refusal.
    """
    if answer.status >= 300:
        also = {"code": answer.body["code"]}
        raise Mistaken(answer.body["message"], answer.status, also)
    return answer.body


def _part(said: str | bytes) -> str:
    content = said.encode() if isinstance(said, str) else said
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
