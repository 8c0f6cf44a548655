"""https://sync.twilio.com/v1 as a table of operations."""

from twilio_emulator.wire.operations import Api

api = Api("sync.twilio.com", "v1")
