"""https://sync.twilio.com/v1 as a table of operations."""

from twilio_emulator.rest.sync import documents, lists, maps, permissions, services, streams
from twilio_emulator.wire.operations import Api

api = Api("sync.twilio.com", "v1")

for topic in (services, documents, lists, maps, streams, permissions):
    topic.declare(api)
