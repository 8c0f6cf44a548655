"""What apps call us where no request gives the form, as in webhooks.

The rules of this file:

- What was said counts: `public_url` of the account, else of the server. A host of Twilio's there
  means all of them, since the app's traffic is redirected.
- Else it is the address that is served. A server that listens on every address has none that an
  app in another container could use: `localhost` is the app itself there. Then it is the way by
  which the app set the URL of its webhook, else that of its last request. The log says which.
"""

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

from twilio_emulator.core.kernel.world import Happened
from twilio_emulator.core.senders.messaging_services import MessagingServiceChanged
from twilio_emulator.core.senders.number_orders import NumberChanged
from twilio_emulator.core.senders.twiml_apps import ApplicationChanged
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.wire.hosts import is_twilio_host

KINDS = (NumberChanged, MessagingServiceChanged, ApplicationChanged)
"""What tells that the URL of a webhook for inbound texts may be another."""

log = logging.getLogger("twilio_emulator")


class PublicUrls:
    """What the apps of one account call us.

    Args:
        said: the URL that was said; None when none was.
        served: the address that is served, in form 2.
        gate: the door to the account's world, which knows the way of the last request.
    """

    def __init__(
        self, said: Callable[[], str | None], served: Callable[[], str], gate: Gate
    ) -> None:
        self._said = said
        self._served = served
        self._gate = gate
        self._ways: dict[str, tuple[str, str]] = {}  # to us, by what was set: its URL and the way
        self._told: str | None = None
        gate.world.listeners.append(self._hear, KINDS)

    def of(self, host: str, webhook: str) -> str:
        """The URL of a host of Twilio's, as the app behind a webhook can reach it."""
        said = self._said()
        return f"{self._guess(webhook) if said is None else before_hosts(said)}{host}"

    def _guess(self, webhook: str) -> str:
        way, because = self._gate.reached, "the account's last request came that way"
        for url, configured in self._ways.values():
            if url == webhook:
                way, because = configured, f"{webhook} was set that way"
        if way is None:
            way, because = before_hosts(self._served()), "no request has come yet"
        self._tell(way, because)
        return way

    def _tell(self, way: str, because: str) -> None:
        if way == self._told:
            return
        self._told = way
        line = f"links to media in webhooks begin with {way}, since {because}; --public-url sets it"
        log.warning("%s: %s", self._gate.world.account_sid, line)
        self._gate.note("public url", {"message": line})

    def _hear(self, happened: Happened) -> None:
        event = happened.event
        assert isinstance(event, KINDS)
        url: str | None = None
        match event:
            case NumberChanged(number=number) if number is not None:
                url = number.sms_url
            case MessagingServiceChanged(service=service) if service is not None:
                url = service.inbound_request_url
            case ApplicationChanged(application=application) if application is not None:
                url = application.sms_url
        known = self._ways.get(event.sid)
        if not url:
            self._ways.pop(event.sid, None)
        elif self._gate.reached is not None and (known is None or known[0] != url):
            self._ways[event.sid] = url, self._gate.reached


def before_hosts(url: str) -> str:
    """What stands before the hosts of Twilio's in URLs: `https://`, or `http://localhost:8008/`."""
    parts = urlsplit(url)
    if is_twilio_host(parts.netloc) or parts.hostname == "twilio.com":
        return f"{parts.scheme}://"
    return f"{url.rstrip('/')}/"
