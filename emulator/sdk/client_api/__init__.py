"""What client SDKs ask of Conversations through the socket: operations, resource by resource."""

from emulator.sdk.calls import Operations
from emulator.sdk.client_api import conversations, messages, participants, push, service, users


def operations() -> Operations:
    """The whole table."""
    table = Operations()
    for resource in (service, conversations, participants, messages, users, push):
        resource.declare(table)
    return table
