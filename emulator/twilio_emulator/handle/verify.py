"""Verify as a test holds it: the codes that were sent, and when they end."""

from typing import Any

from twilio_emulator.handle.awaiting import Calls, Synchronous, synchronous
from twilio_emulator.handle.calling import segment

__tracebackhide__ = True


class AsyncVerify:
    """Verify of the emulator's account: `emulator.verify`.

    A verification is named by its sid, or by its recipient; of several for one it is the newest.

    Args:
        calls: the control API.
        service_sid: the Verify service that the account began with.
    """

    def __init__(self, calls: Calls, service_sid: str) -> None:
        self.service_sid = service_sid
        self._calls = calls

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.service_sid}>"

    async def code(self, verification: str) -> str:
        """The code of a verification that is live.

        Raises:
            CannotCall: there is none.
        """
        code: str = (await self._calls.get(f"{_path(verification)}/code"))["code"]
        return code

    async def verification(self, verification: str) -> dict[str, Any]:
        """All about a verification: its code, how it was sent, what was tried, why it ended.

        Raises:
            CannotCall: there is none.
        """
        shown: dict[str, Any] = await self._calls.get(_path(verification))
        return shown

    async def verifications(self, /, **wanted: str) -> list[dict[str, Any]]:
        """Verifications that are live and that have ended, newest first.

        Args:
            wanted: `to`, `service`, `status` and `channel`; all unless they are said.
        """
        shown: list[dict[str, Any]] = (await self._calls.get("/verifications", wanted))[
            "verifications"
        ]
        return shown

    async def expire(self, verification: str) -> dict[str, Any]:
        """Have a verification expire at once.

        Raises:
            CannotCall: there is none that could.
        """
        return await self._end(verification, "expire")

    async def approve(self, verification: str) -> dict[str, Any]:
        """Approve a verification, as its right code does.

        Raises:
            CannotCall: there is none that could be.
        """
        return await self._end(verification, "approve")

    async def cancel(self, verification: str) -> dict[str, Any]:
        """Cancel a verification.

        Raises:
            CannotCall: there is none that could be.
        """
        return await self._end(verification, "cancel")

    async def change(self, /, service_sid: str | None = None, **settings: object) -> dict[str, Any]:
        """Change what of a Verify service REST cannot say: `change(fixed_code="424242")`.

        Args:
            service_sid: the service; the one that the account began with unless given.
            settings: such as `fixed_code`, `code_ttl`, `channels`.

        Raises:
            CannotCall: there is no such service, or no such setting.
        """
        path = f"/verify/services/{segment(service_sid or self.service_sid)}"
        changed: dict[str, Any] = await self._calls.call("PUT", path, settings)
        return changed

    async def _end(self, verification: str, step: str) -> dict[str, Any]:
        ended: dict[str, Any] = await self._calls.call("POST", f"{_path(verification)}/{step}")
        return ended


class Verify(Synchronous[AsyncVerify]):
    """Verify of the emulator's account."""

    @property
    def service_sid(self) -> str:
        """The Verify service that the account began with."""
        return self._asynchronous.service_sid

    def __repr__(self) -> str:
        return f"<Verify {self.service_sid}>"

    code = synchronous(AsyncVerify.code)
    verification = synchronous(AsyncVerify.verification)
    verifications = synchronous(AsyncVerify.verifications)
    expire = synchronous(AsyncVerify.expire)
    approve = synchronous(AsyncVerify.approve)
    cancel = synchronous(AsyncVerify.cancel)
    change = synchronous(AsyncVerify.change)


def _path(verification: str) -> str:
    return f"/verifications/{segment(verification)}"
