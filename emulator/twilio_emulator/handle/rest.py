"""Twilio's own client for Python, pointed at an emulator for all of its products."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from twilio.rest import Client

__tracebackhide__ = True


def make_client(url: str, account_sid: str, auth_token: str) -> "Client":
    """A `twilio.rest.Client` whose requests go to the emulator at `url`.

    Raises:
        ModuleNotFoundError: Twilio's package is not installed.
    """
    try:
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "client() is Twilio's own client: pip install twilio", name=error.name
        ) from None

    def redirected(wanted: str) -> str:
        split = urlsplit(wanted)
        if not (split.hostname or "").endswith(".twilio.com"):
            return wanted  # a link from an answer of ours leads here already
        return f"{url}/{split.netloc}{wanted.partition(split.netloc)[2]}"

    def request(method: str, url: str, *arguments: Any, **named: Any) -> Any:
        return send(method, redirected(url), *arguments, **named)

    http_client = TwilioHttpClient()
    send, http_client.request = http_client.request, request
    http_client.session.trust_env = False  # we are here, whatever proxy there may be
    # Not the process's environment, which may name a region.
    environment = {"TWILIO_ACCOUNT_SID": account_sid}
    return Client(account_sid, auth_token, http_client=http_client, environment=environment)
