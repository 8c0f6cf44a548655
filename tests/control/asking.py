"""The control API asked without a port."""

from typing import Any

import httpx2

from tests.control.declared import check_answer
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.server.app import Server

ANN = "+12025550199"
BOB = "+12025550198"
NUMBER = "+12025550100"
PREFIX = "/_emulator/v1"


class Control:
    """The control API of a server."""

    def __init__(self, server: Server, client: httpx2.AsyncClient) -> None:
        self.server = server
        self.client = client

    @property
    def default(self) -> Hosted:
        return self.server.worlds.default

    async def ask(
        self, method: str, path: str, body: Any = None, *, status: int = 200, **query: Any
    ) -> Any:
        """What a call answers, which must be with this status, and as it declares."""
        content = None if body is None else {"json": body}
        response = await self.client.request(
            method, f"{PREFIX}{path}", params=query or None, **(content or {})
        )
        assert response.status_code == status, response.text
        answer = response.json() if response.content else None
        check_answer(method, path, status, answer)
        return answer

    async def mistake(
        self, method: str, path: str, body: Any = None, *, status: int = 400, **query: Any
    ) -> str:
        """The one line that a mistaken call is answered with."""
        answer = await self.ask(method, path, body, status=status, **query)
        message: str = answer["message"]
        assert answer["status"] == status
        assert "\n" not in message
        return message

    async def sids(self, page: dict[str, Any], name: str, key: str = "sid") -> list[Any]:
        """The sids of a list, of which this is the first page."""
        found = [each[key] for each in page[name]]
        while "next" in page:
            response = await self.client.get(page["next"])
            assert response.status_code == 200, response.text
            page = response.json()
            found += [each[key] for each in page[name]]
        return found

    def text(
        self, body: str, to: str = ANN, sender: str = NUMBER, hosted: Hosted | None = None
    ) -> str:
        """Have the account send a text; answers its sid."""
        hosted = hosted or self.default
        wish = CreateText(account=hosted.world.account_sid, to=to, from_=sender, body=body)
        sid: str = hosted.gate.perform_now(wish).sid
        return sid
