"""How webhooks of Sync are sent. Decided, as nothing is known of it: once each, however that ends;
an URL can neither ask for more nor lead elsewhere."""

from twilio_emulator.webhooks.http.connection_overrides import Patience
from twilio_emulator.webhooks.http.manner import Manner

SYNC = Manner(
    product="sync",
    patience=Patience(retries=0),
    limit=lambda settings: settings.webhook_timeout,
    overrides=False,
    redirects=False,
    content_type="application/x-www-form-urlencoded; charset=UTF-8",
)
