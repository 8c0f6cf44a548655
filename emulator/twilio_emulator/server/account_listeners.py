"""What hears the world of each account, and acts on it outside: webhooks, errands, logins."""

from collections.abc import Callable

from twilio_emulator.core.accounts.accounts import AccountChanged
from twilio_emulator.core.accounts.api_keys import ApiKeyChanged
from twilio_emulator.core.kernel.world import Happened
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.runtime.media_fetching import Errands, Fetcher
from twilio_emulator.runtime.uploads import Files
from twilio_emulator.server.public_urls import PublicUrls
from twilio_emulator.settings import Settings
from twilio_emulator.webhooks.delivery import ProductWebhooks, Webhooks
from twilio_emulator.webhooks.http.client import Caller


class Listening:
    """Joins listeners to accounts.

    Args:
        settings: the limits of webhooks.
        files: where bytes are kept.
        forget: called when credentials are good no more.
        webhooks: those of each product.

    Attributes:
        public_url: what accounts call us that say nothing else; None when nothing was said.
        served: the address that is served, for which that stands then.
        everywhere: whether that is every address of the machine, and so none that an app could use.
    """

    def __init__(
        self,
        settings: Settings,
        files: Files,
        forget: Callable[[], None],
        webhooks: tuple[ProductWebhooks, ...],
    ) -> None:
        self.public_url = settings.public_url
        self.served = "http://localhost"
        self.everywhere = False
        self._caller = Caller(settings)
        self._webhooks = webhooks
        self._fetcher = Fetcher()
        self._files = files
        self._forget = forget

    def join(self, hosted: Hosted) -> None:
        """Join to an account what hears its world."""

        def said() -> str | None:
            own = hosted.public_url or self.public_url
            return self.served if own is None and not self.everywhere else own

        urls = PublicUrls(said, lambda: self.served, hosted.gate)
        webhooks = Webhooks(hosted.gate, self._caller, urls.of, self._webhooks)
        errands = Errands(hosted.gate, self._files, self._fetcher)

        def busy() -> bool:
            return webhooks.busy or errands.busy

        async def settled() -> None:
            while busy():
                await webhooks.settled()
                await errands.settled()

        def passed(seconds: float) -> None:
            webhooks.advanced(seconds)
            errands.advanced(seconds)

        hosted.pace.settle = settled
        hosted.pace.busy = busy
        hosted.pace.passed = passed
        hosted.pace.limit = webhooks.limit
        hosted.replay = webhooks.replay
        hosted.names = webhooks.names
        hosted.resume = errands.resume
        hosted.take = errands.take
        hosted.closing.extend((webhooks.close, errands.close))
        hosted.parting.append(lambda: self._files.leave(hosted.world))
        hosted.world.listeners.append(self._hear, (ApiKeyChanged, AccountChanged))

    async def close(self) -> None:
        """Close what all accounts share."""
        await self._caller.close()
        await self._fetcher.close()

    def _hear(self, _: Happened) -> None:
        self._forget()
