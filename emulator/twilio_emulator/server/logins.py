"""Whose credentials came with a request: passwords, OAuth clients and bearer tokens."""

from twilio_emulator.core.accounts.accounts import Account, Accounts, AccountStatus, ApiKeys
from twilio_emulator.core.kernel.refusals import ACCOUNT_NOT_ACTIVE, Refused
from twilio_emulator.runtime.accounts import Worlds
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.wire import bearer_tokens
from twilio_emulator.wire.logins import Login


class Logins:
    """Knows the credentials of all accounts.

    Args:
        worlds: the accounts.
    """

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    def by_password(self, user: str, password: str) -> Login | None:
        """Whose account and token, or key and secret, these are.

        Raises:
            Refused: 20005 the account is suspended or closed.
        """
        for hosted in self._worlds.likely(user):
            world = hosted.world
            owner = world[Accounts][world.account_sid]
            if user == owner.test_account_sid:
                known = owner.test_auth_token == password
                return Login(hosted.gate, owner.sid, user) if known else None
            account, key = world[Accounts].get(user), world[ApiKeys].get(user)
            if account is not None:
                good = password in (account.auth_token, account.secondary_auth_token)
            elif key is not None:
                good, account = password == key.secret, world[Accounts][key.account_sid]
            else:
                continue
            return _active(account, Login(hosted.gate, account.sid)) if good else None
        return None

    def by_client(self, client_id: str, secret: str) -> Login | None:
        """Whose OAuth client this is; the login says whether the secret is right.

        Raises:
            Refused: 20005 the account is suspended or closed.
        """
        for hosted in self._worlds:
            account = hosted.world[Accounts].of_client(client_id)
            if account is not None:
                good = secret == account.oauth_client_secret
                return _active(account, Login(hosted.gate, account.sid, good=good))
        return None

    def by_bearer(self, token: str) -> Login:
        """Whose bearer token this is.

        Raises:
            Refused: 20003 nobody's, 20005 the account is suspended or closed.
        """
        bearer = bearer_tokens.read(token, self._secret)
        found = self._account(bearer.account_sid)
        assert found is not None  # it has signed the token
        hosted, account = found
        return _active(account, Login(hosted.gate, account.sid, expires=bearer.expires))

    def gate_of(self, user: str) -> Gate:
        """Whose log says that the credentials of a user were no good."""
        return (self._worlds.of(user) or self._worlds.default).gate

    def _secret(self, account_sid: str) -> str | None:
        found = self._account(account_sid)
        return None if found is None else found[1].oauth_client_secret

    def _account(self, sid: str) -> tuple[Hosted, Account] | None:
        hosted = self._worlds.of(sid)
        return None if hosted is None else (hosted, hosted.world[Accounts][sid])


def _active(account: Account, login: Login) -> Login:
    if login.good and account.status is not AccountStatus.ACTIVE:
        raise Refused(ACCOUNT_NOT_ACTIVE)
    return login
