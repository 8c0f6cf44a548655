"""How far a communication has come, as the text says that it is.

The rules of this file (https://www.twilio.com/docs/platform/conversations/communications):

- Each step that shows is told as CommunicationUpdated; COMPLETED is never said.
"""

from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator.resources import (
    Communication,
    Communications,
    CommunicationStatus,
    CommunicationUpdated,
)
from twilio_emulator.core.senders.addresses import bare
from twilio_emulator.core.texts.text import Text, TextStatus, TextStatusChanged

STATUSES = {
    TextStatus.SCHEDULED: CommunicationStatus.INITIATED,
    TextStatus.ACCEPTED: CommunicationStatus.IN_PROGRESS,
    TextStatus.QUEUED: CommunicationStatus.IN_PROGRESS,
    TextStatus.SENDING: CommunicationStatus.IN_PROGRESS,
    TextStatus.SENT: CommunicationStatus.IN_PROGRESS,
    TextStatus.RECEIVED: CommunicationStatus.DELIVERED,
    TextStatus.DELIVERED: CommunicationStatus.DELIVERED,
    TextStatus.READ: CommunicationStatus.READ,
    TextStatus.UNDELIVERED: CommunicationStatus.FAILED,
    TextStatus.FAILED: CommunicationStatus.FAILED,
    TextStatus.CANCELED: CommunicationStatus.FAILED,
}
"""Decided: what is sent is in progress until the carrier reports, what is canceled has failed, and
what somebody wrote to a number of the account is delivered there."""


def of_text(text: Text) -> CommunicationStatus:
    """How far a text has come."""
    return STATUSES[text.status]


def follow(world: World, changed: TextStatusChanged) -> None:
    """Let the communications that a text is show how far it has come."""
    table, text = world[Communications], changed.text
    for communication in table.all(table.by_resource, (text.account_sid, text.sid)):
        show(world, communication, STATUSES[text.status])


def show(
    world: World,
    communication: Communication,
    status: CommunicationStatus,
    address: str | None = None,
) -> None:
    """Say how far a communication has come, to one recipient or to all."""
    recipients = tuple(
        replace(each, delivery_status=status)
        if address is None or bare(address) == bare(each.address)
        else each
        for each in communication.recipients
    )
    if recipients == communication.recipients:
        return
    changed = world[Communications].put(
        replace(communication, recipients=recipients, updated_at=world.now)
    )
    world.tell(CommunicationUpdated(communication=changed, before=communication))
