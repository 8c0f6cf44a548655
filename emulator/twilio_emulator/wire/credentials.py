"""Whose request it is: the account that its credentials open, looked up once and remembered."""

from collections.abc import Callable, Mapping

from twilio_emulator.core.kernel.refusals import AUTHENTICATE, Refused
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.wire import bearer_tokens, requests
from twilio_emulator.wire.logins import FindGate, Login
from twilio_emulator.wire.operations import Api, Operation
from twilio_emulator.wire.requests import Asked

LOGINS_KEPT = 4096
"""Credentials that are remembered; bearer tokens are ever new."""

FindLogin = Callable[[str, str], Login | None]
"""From an account and its token, or an API key and its secret, to a login."""

ReadToken = Callable[[str], Login]
"""From the access token of a client SDK, or from a bearer token, to a login; raises Refused."""


TOKEN_HEADER = b"x-twilio-token"
"""Where client SDKs put their access token."""

CHALLENGE = (b"www-authenticate", b'Basic realm="Twilio API"')
"""What 401 comes with: many clients send credentials only once they are asked for them."""


def is_challenged(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a request that lacks good credentials is asked for some.

    Not a browser's, which may send what it once asked its user for with whatever any page asks.
    """
    return not any(name == b"origin" or name.startswith(b"sec-fetch-") for name in headers)


class KnownLogins:
    """Knows whose request it is.

    Args:
        find_login: knows the credentials.
        find_gate: knows whom a request without good credentials was meant for.
        apis: the products.
        read_token: knows access tokens, which are good for some products.
        find_client: knows OAuth clients and their secrets.
        read_bearer: knows the bearer tokens that they got for them.
    """

    def __init__(
        self,
        find_login: FindLogin,
        find_gate: FindGate,
        apis: list[Api],
        read_token: ReadToken | None,
        find_client: FindLogin | None,
        read_bearer: ReadToken | None,
    ) -> None:
        self._find_login = find_login
        self._find_gate = find_gate
        self._products = {api.product for api in apis}
        self._open_to_tokens = {api.product for api in apis if api.open_to_tokens}
        self._read_token = read_token
        self._find_client = find_client
        self._read_bearer = read_bearer
        self._holders = {
            (api.product, user): read for api in apis for user, read in api.holders.items()
        }
        self._logins: dict[bytes, Login] = {}

    def forget(self) -> None:
        """Look credentials up anew: an account or a key has changed."""
        self._logins.clear()

    def whose(self, asked: Asked) -> Gate | None:
        """Whose log shall hold a request that was refused; nobody's when it says nothing of that,
        and is for a host of Twilio's that is no API of ours."""
        authorization = asked.headers.get(b"authorization")
        if authorization is None and asked.product not in self._products:
            return None
        try:
            return self.known(asked).gate
        except Refused:
            return self._find_gate(requests.user(authorization))

    def client(self, asked: Asked, body: bytes, operation: Operation) -> Login:
        """The OAuth client that asks, whether or not it has the right secret.

        Raises:
            Refused: 322402 there is no such client.
        """
        assert operation.client is not None
        assert self._find_client is not None
        login = self._find_client(*operation.client(asked.headers, body))
        if login is None:
            raise Refused(bearer_tokens.INVALID_CLIENT)
        return login

    def known(self, asked: Asked) -> Login:
        """Who asks by what the headers say.

        Raises:
            Refused: 20003 nobody that we know, or one whose token has ended.
        """
        authorization = asked.headers.get(b"authorization")
        if authorization is None:
            token = asked.headers.get(TOKEN_HEADER)
            if (
                token is None
                or self._read_token is None
                or asked.product not in self._open_to_tokens
            ):
                raise Refused(AUTHENTICATE)
            return self._read_token(token.decode("latin-1"))
        login = self._logins.get(authorization)
        if login is None:
            login = self._look_up(authorization, asked.product)
            if login.holder is not None:
                return login  # it may be good no more at any time
            if len(self._logins) == LOGINS_KEPT:
                self._logins.clear()
            self._logins[authorization] = login
        if login.expires is not None:
            bearer_tokens.check(login.expires, login.gate.world.clock.now())
        return login

    def _look_up(self, authorization: bytes, product: str) -> Login:
        token = requests.bearer(authorization)
        if token is not None and self._read_bearer is not None:
            return self._read_bearer(token)
        user, password = requests.credentials(authorization)
        read = self._holders.get((product, user))
        if read is not None:
            return read(self._find_gate, password)
        login = self._find_login(user, password)
        if login is None:
            raise Refused(AUTHENTICATE)
        return login
