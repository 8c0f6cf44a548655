"""Twilio's own client for Python, pointed at an emulator for all of its products."""

import base64
from collections.abc import Mapping
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

    def request(method: str, wanted: str, *arguments: Any, **named: Any) -> Any:
        return send(method, _redirected(wanted, url), *arguments, **named)

    http_client = TwilioHttpClient()
    send, http_client.request = http_client.request, request
    http_client.session.trust_env = False  # we are here, whatever proxy there may be
    return Client(account_sid, auth_token, http_client=http_client, environment=_of(account_sid))


def make_async_client(url: str, account_sid: str, auth_token: str) -> "Client":
    """The same on Twilio's own `AsyncTwilioHttpClient`.

    A session of aiohttp belongs to the loop that it is made in, and has to be closed there, which
    nobody does for a client that a fixture made. So each request has one of its own, and has closed
    it when it is over, however that ends.

    Raises:
        ModuleNotFoundError: Twilio's package is not installed, or aiohttp, which that needs for it.
    """
    try:
        from twilio.http.async_http_client import AsyncTwilioHttpClient
        from twilio.rest import Client
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "async_client() is Twilio's own asynchronous client: "
            "pip install twilio aiohttp aiohttp-retry",
            name=error.name,
        ) from None

    async def request(
        method: str,
        wanted: str,
        params: object = None,
        data: object = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        **more: Any,
    ) -> Any:
        if auth is not None:  # as a header, since aiohttp warns of what Twilio's client makes of it
            key = base64.b64encode(":".join(auth).encode()).decode()
            headers = {**(headers or {}), "Authorization": f"Basic {key}"}
        async with AsyncTwilioHttpClient() as once:
            there = _redirected(wanted, url)
            return await once.request(method, there, params, data, headers, **more)

    http_client = AsyncTwilioHttpClient(pool_connections=False)
    http_client.request = request
    return Client(account_sid, auth_token, http_client=http_client, environment=_of(account_sid))


def _redirected(wanted: str, url: str) -> str:
    """The emulator's URL of what is wanted of Twilio."""
    split = urlsplit(wanted)
    if not (split.hostname or "").endswith(".twilio.com"):
        return wanted  # a link from an answer of ours leads here already
    return f"{url}/{split.netloc}{wanted.partition(split.netloc)[2]}"


def _of(account_sid: str) -> dict[str, str]:
    """What a client sees of the environment: not the process's, which may name a region."""
    return {"TWILIO_ACCOUNT_SID": account_sid}
