"""https://conversations.twilio.com/v2 as a table of operations."""

from twilio_emulator.wire.operations import Api

api = Api("conversations.twilio.com", "v2")
