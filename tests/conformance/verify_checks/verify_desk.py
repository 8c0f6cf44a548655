"""A Verify service of an account, and Ann who gets its codes."""

from collections.abc import Callable
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest.verify.v2.service import ServiceContext

from tests.conformance.inside import Inside, Said

ANN = "+12025550199"
VERIFY = "https://verify.twilio.com/v2"
CONTROL = "http://localhost/_emulator/v1"


class Desk:
    """A service with the settings that it is opened with."""

    def __init__(self, inside: Inside, **settings: Any) -> None:
        self.inside = inside
        services = inside.library.verify.v2.services
        self.sid = str(services.create(**{"friendly_name": "Shop", **settings}).sid)
        self.service: ServiceContext = services(self.sid)
        self.url = f"{VERIFY}/Services/{self.sid}"

    def send(self, to: str = ANN, channel: str = "sms", **said: Any) -> Any:
        """A code goes out."""
        return self.service.verifications.create(to=to, channel=channel, **said)

    def check(self, code: str, to: str = ANN, **said: Any) -> Any:
        """A code is tried."""
        return self.service.verification_checks.create(code=code, to=to, **said)

    def texts(self, to: str = ANN) -> list[Any]:
        """What is on a phone by now."""
        self.inside.advance(seconds=1)
        found: list[Any] = self.control("GET", f"/handsets/{to}/messages")["items"]
        return found

    def code(self, to: str = ANN) -> str:
        """The code in the last text on a phone."""
        (code,) = self.texts(to)[-1]["codes"]
        return str(code)

    def wrong(self, to: str = ANN) -> str:
        """A code that it is not."""
        return "111111" if self.code(to) != "111111" else "222222"

    def ask(self, method: str, path: str, **form: str) -> Said:
        """A request below the service, as no library would send it."""
        return self.inside.ask(method, f"{self.url}{path}", form or None)

    def control(self, method: str, path: str, said: Any = None, **query: str) -> Any:
        """A control call about the account."""
        query["account"] = self.inside.account_sid
        answer = self.inside.ask(method, f"{CONTROL}{path}", query=query, said=said)
        assert answer.status in (200, 204), answer.body
        return answer.body


def refused(work: Callable[[], object]) -> TwilioRestException:
    """With what Twilio's library says that something is refused."""
    with pytest.raises(TwilioRestException) as said:
        work()
    return said.value


def codes_of(error: TwilioRestException) -> tuple[int, int | None]:
    """Its status and its code."""
    return error.status, error.code
