"""https://verify.twilio.com/v2 as a table of operations."""

from twilio_emulator.rest.verify import (
    access_tokens,
    attempts,
    challenges,
    device_logins,
    entities,
    messaging_configurations,
    passkeys,
    rate_limits,
    safe_list,
    services,
    templates,
    verifications,
    webhooks,
)
from twilio_emulator.rest.verify.spelling import parameter
from twilio_emulator.wire.operations import Api

api = Api(
    "verify.twilio.com",
    "v2",
    spell=parameter,
    holders={device_logins.USER: device_logins.log_in},
    admit=device_logins.admit,
)

for topic in (
    services,
    verifications,
    entities,
    challenges,
    webhooks,
    access_tokens,
    passkeys,
    attempts,
    messaging_configurations,
    rate_limits,
    safe_list,
    templates,
):
    topic.declare(api)
