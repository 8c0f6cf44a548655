"""In what manner the webhooks of a product are sent."""

from collections.abc import Callable
from dataclasses import dataclass

from twilio_emulator.settings import Settings
from twilio_emulator.webhooks.http.connection_overrides import Patience


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How the webhooks of a product are sent.

    Attributes:
        product: whose they are, as the log says it.
        patience: what a call may take, and after what it is tried again.
        limit: seconds that a call has at most, as the settings have it.
        overrides: whether the fragment of an URL may ask for another patience.
        redirects: whether redirects are followed.
        content_type: of what is posted.
        signs: whether requests are signed with the account's token.
    """

    product: str
    patience: Patience
    limit: Callable[[Settings], float]
    overrides: bool
    redirects: bool
    content_type: str
    signs: bool = True
