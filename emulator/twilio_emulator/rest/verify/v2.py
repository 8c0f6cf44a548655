"""https://verify.twilio.com/v2 as a table of operations."""

from twilio_emulator.rest.verify import services, verifications
from twilio_emulator.rest.verify.spelling import parameter
from twilio_emulator.wire.operations import Api

api = Api("verify.twilio.com", "v2", spell=parameter)

for topic in (services, verifications):
    topic.declare(api)
