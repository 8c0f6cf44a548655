"""How webhooks of Verify are sent. Decided: as those of most products, tried again once where no
connection comes about; whether an URL may ask for more, or lead elsewhere, is not known."""

from twilio_emulator.webhooks.http.connection_overrides import USUAL
from twilio_emulator.webhooks.http.manner import Manner

VERIFY = Manner(
    product="verify",
    patience=USUAL,
    limit=lambda settings: settings.webhook_timeout,
    overrides=False,
    redirects=False,
    content_type="application/x-www-form-urlencoded; charset=UTF-8",
)
