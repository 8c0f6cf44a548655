"""https://verify.twilio.com/v2 as a table of operations."""

from twilio_emulator.rest.verify import (
    access_tokens,
    challenges,
    entities,
    services,
    verifications,
    webhooks,
)
from twilio_emulator.rest.verify.spelling import parameter
from twilio_emulator.wire.operations import Api

api = Api("verify.twilio.com", "v2", spell=parameter)

for topic in (services, verifications, entities, challenges, webhooks, access_tokens):
    topic.declare(api)
