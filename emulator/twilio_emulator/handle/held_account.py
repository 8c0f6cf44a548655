"""What a handle knows of its account: sids, secrets, numbers, and Twilio's clients for it."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from twilio_emulator.handle.calling import CannotCall
from twilio_emulator.handle.rest import make_async_client, make_client

if TYPE_CHECKING:
    from twilio.rest import Client

__tracebackhide__ = True

SECRETS = ("auth_token", "api_secret", "oauth_client_secret")
"""What an emulator does not tell of its default account when it came from outside."""

VARIABLES = {"auth_token": "TWILIO_AUTH_TOKEN", "api_secret": "TWILIO_API_SECRET"}
"""Where it may have come from."""


class HeldAccount:
    """What a handle knows of its account, and Twilio's clients for it."""

    url: str
    account_sid: str
    auth_token: str
    api_key: str
    api_secret: str
    oauth_client_id: str
    oauth_client_secret: str
    number: str
    whatsapp_number: str
    conversation_service_sid: str
    messaging_service_sid: str
    verify_service_sid: str
    sync_service_sid: str
    conversation_configuration_id: str
    memory_store_id: str

    if not TYPE_CHECKING:  # or every name would be one that a type checker knows

        def __getattr__(self, name: str) -> Any:
            """Nothing is known before the emulator serves: who comes here forgot the `with`."""
            kind = type(self).__name__
            message = f"{kind!r} object has no attribute {name!r}"
            if not name.startswith("__") and "_account" not in self.__dict__:
                way = f"async with {kind}()" if kind.startswith("Async") else f"with {kind}()"
                what = "nothing" if name.startswith("_") else f"no {name}"
                message = f"an emulator has {what} before it is entered: {way} as emulator"
            raise AttributeError(message, name=name, obj=self)

    def _know(self, url: str, account: Mapping[str, Any], until: AsyncExitStack) -> None:
        self.url = url
        self._account = account
        self._open = until
        self.account_sid = account["account_sid"]
        self.auth_token = account["auth_token"]
        self.api_key = account["api_key"]
        self.api_secret = account["api_secret"]
        self.oauth_client_id = account["oauth_client_id"]
        self.oauth_client_secret = account["oauth_client_secret"]
        self.conversation_service_sid = account["conversation_service_sid"]
        self.messaging_service_sid = account["messaging_service_sid"]
        self.verify_service_sid = account.get("verify_service_sid") or ""
        self.sync_service_sid = account.get("sync_service_sid") or ""
        self.conversation_configuration_id = account.get("conversation_configuration_id") or ""
        self.memory_store_id = account.get("memory_store_id") or ""
        numbers = account["numbers"]
        self.number = next(number for number in numbers if number.startswith("+"))
        self.whatsapp_number = next(n for n in numbers if n.startswith("whatsapp:"))

    def client(self) -> "Client":
        """Twilio's own `twilio.rest.Client`, for all products, pointed here."""
        client = make_client(self.url, self.account_sid, self._token())
        self._open.callback(client.http_client.session.close)
        return client

    def async_client(self) -> "Client":
        """The same on Twilio's own `AsyncTwilioHttpClient`, for
        `await client.messages.create_async(...)`.

        It may be made where no loop runs, and needs no closing.

        Raises:
            ModuleNotFoundError: Twilio's package or aiohttp is not installed.
        """
        return make_async_client(self.url, self.account_sid, self._token())

    def _token(self) -> str:
        if not self.auth_token:
            raise CannotCall(
                f"the auth token of {self.account_sid} came to the emulator from outside, which "
                "tells it to nobody: set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"
            )
        return self.auth_token


def with_secrets(account: Mapping[str, Any], environment: Mapping[str, str]) -> Mapping[str, Any]:
    """An account with the secrets that its emulator does not tell and the environment knows."""
    known = {name: account[name] or "" for name in SECRETS}
    if environment.get("TWILIO_ACCOUNT_SID") == account["account_sid"]:
        for name, variable in VARIABLES.items():
            known[name] = known[name] or environment.get(variable, "")
    return {**account, **known}
