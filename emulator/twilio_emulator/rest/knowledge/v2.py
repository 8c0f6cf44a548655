"""https://knowledge.twilio.com/v2 as a table of operations."""

from twilio_emulator.wire.operations import Api

api = Api("knowledge.twilio.com", "v2")
