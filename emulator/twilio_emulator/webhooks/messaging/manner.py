"""How webhooks of messaging are sent: as their URL says, and on through redirects."""

from twilio_emulator.webhooks.http.connection_overrides import USUAL
from twilio_emulator.webhooks.http.manner import Manner

MESSAGING = Manner(
    product="messaging",
    patience=USUAL,
    limit=lambda settings: settings.twiml_timeout,
    overrides=True,
    redirects=True,
    content_type="application/x-www-form-urlencoded; charset=UTF-8",
)
