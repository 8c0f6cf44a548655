"""What client SDKs ask of Conversations through the socket: operations, resource by resource."""

from twilio_emulator.sdk.conversations import (
    conversations,
    messages,
    participants,
    push,
    service,
    users,
)
from twilio_emulator.sdk.twilsock.operations import Operations


def operations() -> Operations:
    """The whole table."""
    table = Operations()
    for resource in (service, conversations, participants, messages, users, push):
        resource.declare(table)
    return table
