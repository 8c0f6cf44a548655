"""Where client SDKs come in: an access token says which account's clients they join."""

import time

from starlette.types import Receive, Scope, Send

from twilio_emulator.core.accounts.accounts import ApiKeys
from twilio_emulator.core.conversations.resources import Services
from twilio_emulator.core.sync.services import find_sync_service
from twilio_emulator.runtime.accounts import Worlds
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.sdk.conversations import table
from twilio_emulator.sdk.twilsock.clients import Clients, TurnedAway
from twilio_emulator.sdk.twilsock.websocket import PATH, Sockets
from twilio_emulator.sdk.version1 import reads
from twilio_emulator.wire import access_tokens
from twilio_emulator.wire.access_tokens import Grant, GrantKind, TokenRefused
from twilio_emulator.wire.logins import Login
from twilio_emulator.wire.twilio_hosts import Site

PRODUCT = "tsock"
"""The first label of the host where client SDKs open their socket."""


class Lobby:
    """Reads access tokens for all accounts.

    Args:
        worlds: the accounts.
    """

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds
        self._operations = table.operations()
        reads.declare(self._operations)
        self._clients: dict[str, Clients] = {}
        self._sockets = Sockets(self.admit)

    async def answer(
        self, found: tuple[str, Site, str] | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer a WebSocket.

        Args:
            found: which product it is for, by which way, and at which path of it.
        """
        if found is None or (found[0], found[2]) != (PRODUCT, PATH):
            await send({"type": "websocket.close", "code": 1000})
            return
        await self._sockets.answer(found[1], scope, receive, send)

    def admit(self, token: str, wanted: GrantKind | None) -> tuple[Clients, Grant]:
        """The clients of the account that a token is for, and what it grants.

        Args:
            wanted: what the client is for; None when it does not say.

        Raises:
            TokenRefused: it opens nothing. The account's log says why.
        """
        try:
            hosted, grant = self.read(token, wanted)
        except TokenRefused as refused:
            claimed = self._worlds.of(access_tokens.claimed_account(token)) or self._worlds.default
            claimed.gate.note("connection", TurnedAway.because(refused))
            raise
        return self.clients(hosted), grant

    def log_in(self, token: str) -> Login:
        """Whose token came with a request that is no socket's.

        Raises:
            TokenRefused: it opens nothing.
        """
        hosted, grant = self.read(token, GrantKind.CHAT)
        return Login(
            hosted.gate,
            grant.account_sid,
            identity=grant.identity,
            service_sid=grant.service_sid,
        )

    def read(self, token: str, wanted: GrantKind | None) -> tuple[Hosted, Grant]:
        """The account that a token is for, and what it grants.

        Raises:
            TokenRefused: it opens nothing.
        """
        grant = access_tokens.read_token(
            token,
            self._find_key,
            time.time(),
            find_service=self._find_service,
            life_left=self._life_left,
            wanted=wanted,
        )
        hosted = self._worlds.of(grant.account_sid)
        assert hosted is not None  # it has the service
        return hosted, grant

    def clients(self, hosted: Hosted) -> Clients:
        """The clients of an account."""
        account_sid = hosted.world.account_sid
        known = self._clients.get(account_sid)
        if known is not None:
            return known
        clients = self._clients[account_sid] = Clients(hosted.gate, self._operations)

        async def close() -> None:
            clients.close()
            del self._clients[account_sid]

        hosted.closing.append(close)
        return clients

    def _find_key(self, sid: str) -> tuple[str, str] | None:
        for hosted in self._worlds:
            key = hosted.world[ApiKeys].get(sid)
            if key is not None:
                return key.account_sid, key.secret
        return None

    def _find_service(self, kind: GrantKind, account_sid: str, named: str) -> str | None:
        hosted = self._worlds.of(account_sid)
        if hosted is None:
            return None
        if kind is GrantKind.SYNC:
            of_sync = find_sync_service(hosted.world, account_sid, named)
            return None if of_sync is None else of_sync.sid
        service = hosted.world[Services].get(named)
        return None if service is None or service.account_sid != account_sid else service.sid

    def _life_left(self, token_id: str) -> float | None:
        for hosted in self._worlds:
            end = hosted.tokens.get(token_id)
            if end is not None:
                return (end - hosted.world.clock.now()).total_seconds()
        return None
