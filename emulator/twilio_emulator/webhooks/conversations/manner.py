"""How webhooks of conversations are sent: once, and without following redirects."""

from twilio_emulator.webhooks.http.connection_overrides import Patience
from twilio_emulator.webhooks.http.manner import Manner

CONVERSATIONS = Manner(
    product="conversations",
    patience=Patience(connect=5.0, read=5.0, total=5.0, retries=0, retry_after=frozenset()),
    limit=lambda settings: settings.webhook_timeout,
    overrides=False,
    redirects=False,
    content_type="application/x-www-form-urlencoded; charset=utf-8",
)
