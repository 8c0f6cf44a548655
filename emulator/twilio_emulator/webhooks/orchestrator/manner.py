"""How status callbacks of Conversations v2 are sent: JSON, signed by its digest in the URL.

Decided: in all else as status callbacks of messages, tried again once where no connection comes
about; what is published of them names neither limits nor retries.
"""

from twilio_emulator.webhooks.http.connection_overrides import USUAL
from twilio_emulator.webhooks.http.manner import Manner

ORCHESTRATOR = Manner(
    product="orchestrator",
    patience=USUAL,
    limit=lambda settings: settings.webhook_timeout,
    overrides=True,
    redirects=True,
    content_type="application/json",
)
