"""https://memory.twilio.com/v1 as a table of operations."""

from twilio_emulator.rest.memory import memories, profiles, stores
from twilio_emulator.rest.memory.answers import MemoryApi

api = MemoryApi("memory.twilio.com", "v1")

for topic in (stores, profiles, memories):
    topic.declare(api)
