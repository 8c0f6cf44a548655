"""What somebody proves with who they are: an authenticator app with its codes, and a device that
approves or denies."""

from typing import Any

from twilio_emulator.handle.awaiting import Calls, Synchronous, synchronous
from twilio_emulator.handle.calling import CannotCall, segment

__tracebackhide__ = True

LATEST = "latest"

NOT_ITS_OWN = (401, 404)
"""What a device is answered about the challenge of another one, and when none waits for it."""


class AsyncAuthenticator:
    """Whose factors of Verify these are: `ann = emulator.authenticator("ann-00000001")`.

    Args:
        calls: the control API.
        identity: of the entity.
        service: the Verify service's sid; the account's first unless given.
    """

    def __init__(self, calls: Calls, identity: str, service: str | None) -> None:
        self.identity = identity
        self._calls = calls
        self._service = service

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.identity}>"

    async def code(self, factor_sid: str | None = None) -> str:
        """The code that the app shows now, on the account's clock: of the newest TOTP factor,
        unless one is named.

        Raises:
            CannotCall: there is no such factor.
        """
        if factor_sid is not None:
            shown = await self._calls.get(f"/totp/{segment(factor_sid)}")
            return str(shown["code"])
        said = {"identity": self.identity, "service": self._service}
        factors = (await self._calls.get("/totp", said))["factors"]
        if not factors:
            raise CannotCall(f"{self.identity} has no TOTP factor")
        return str(factors[0]["code"])

    async def enroll(
        self, access_token: str | None = None, *, friendly_name: str | None = None
    ) -> str:
        """Have a device that is enrolled as a push factor, as Twilio's SDK does.

        Args:
            access_token: what the app's server got for it; unless given, it gets one.
            friendly_name: of the factor.

        Returns:
            the factor's sid.

        Raises:
            CannotCall: it is refused.
        """
        made = await self._calls.call("POST", "/push-devices", {"name": friendly_name})
        wish = {
            "identity": self.identity,
            "service": self._service,
            "access_token": access_token,
            "friendly_name": friendly_name,
        }
        path = f"/push-devices/{made['id']}/enroll"
        return str((await self._calls.call("POST", path, wish))["factor_sid"])

    async def approve(self, challenge_sid: str = LATEST) -> str:
        """Approve a challenge on the device that it is for: the newest that is pending, unless one
        is named.

        Returns:
            the challenge's sid.

        Raises:
            CannotCall: there is no device, or no such challenge that waits.
        """
        return await self._answer(challenge_sid, "approve")

    async def deny(self, challenge_sid: str = LATEST) -> str:
        """Deny a challenge on the device; otherwise as `approve`."""
        return await self._answer(challenge_sid, "deny")

    async def _answer(self, challenge: str, verb: str) -> str:
        devices: list[Any] = (await self._calls.get("/push-devices", {"identity": self.identity}))[
            "devices"
        ]
        mine = [each for each in devices if self._service in (None, each["service_sid"])]
        if not mine:
            raise CannotCall(f"{self.identity} has no device: `enroll()` gives them one")
        refused: CannotCall | None = None
        for device in reversed(mine):
            path = f"/push-devices/{device['id']}/challenges/{segment(challenge)}/{verb}"
            try:
                return str((await self._calls.call("POST", path))["sid"])
            except CannotCall as error:
                if error.status not in NOT_ITS_OWN:
                    raise
                refused = refused or error
        assert refused is not None
        raise refused


class Authenticator(Synchronous[AsyncAuthenticator]):
    """Whose factors of Verify these are."""

    @property
    def identity(self) -> str:
        """Of the entity."""
        return self._asynchronous.identity

    def __repr__(self) -> str:
        return f"<Authenticator {self.identity}>"

    code = synchronous(AsyncAuthenticator.code)
    enroll = synchronous(AsyncAuthenticator.enroll)
    approve = synchronous(AsyncAuthenticator.approve)
    deny = synchronous(AsyncAuthenticator.deny)
