"""What the webhooks of Conversations v2 hear of: all that happens in a conversation.

The rules of this file:

- All callbacks of one event have the same idempotency token, however often they are tried, and no
  other event has it: so a receiver knows what it has had before.
- The events of a conversation come to an URL in the order in which they happened.
- A fault of a text is one of what tells of it: dropped, twice, with a wrong signature, without an
  answer, or after the next that tells of it.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from twilio_emulator.core.kernel.world import Happened
from twilio_emulator.core.messaging.inbound import TextReceived
from twilio_emulator.core.orchestrator.resources import (
    CommunicationStatus,
    OrchestratedConversationCreated,
)
from twilio_emulator.webhooks.delivery import ProductWebhooks, Webhooks
from twilio_emulator.webhooks.http.client import NO_FAULT
from twilio_emulator.webhooks.http.exchange import Request
from twilio_emulator.webhooks.http.queues import Job
from twilio_emulator.webhooks.orchestrator import hints, status_callbacks
from twilio_emulator.webhooks.orchestrator.manner import ORCHESTRATOR
from twilio_emulator.webhooks.orchestrator.status_callbacks import NAMES, Looks

ON_THEIR_WAY = frozenset({CommunicationStatus.INITIATED, CommunicationStatus.IN_PROGRESS})
"""Statuses of a recipient that another follows."""


class _StatusCallbacks:
    """What the webhooks of Conversations v2 have of one account."""

    def __init__(self, looks: Looks, webhooks: Webhooks) -> None:
        self._looks = looks
        self._webhooks = webhooks
        # What a fault holds back, by what it tells of.
        self._overtaken: dict[str, list[tuple[Request, Job]]] = {}

    def happened(self, event: Any, happened: Happened) -> None:
        if not status_callbacks.is_told(event):
            return
        webhooks = self._webhooks
        conversation = status_callbacks.conversation_of(webhooks.world, event)
        if conversation is None:
            return
        if not conversation.settings.status_callbacks:
            if type(event) is OrchestratedConversationCreated:
                hints.nobody_named(webhooks.hints, conversation.configuration_sid, conversation.sid)
            return
        fault = status_callbacks.fault_of(webhooks.world, event)
        token = next(webhooks.tokens())
        times = 2 if (fault or NO_FAULT).duplicate_callback else 1
        jobs: list[tuple[Request, Job]] = [
            (request, partial(webhooks.deliver, request, _always(token), times))
            for outcome in status_callbacks.told(conversation, happened, self._looks, fault)
            if (request := webhooks.decide(outcome)) is not None
        ]
        about = getattr(event, "communication", None)
        if about is not None:
            overtaken = self._overtaken.pop(about.sid, [])
            reorders = (fault or NO_FAULT).reorder_callbacks
            if reorders and not overtaken and _goes_on(about):
                self._overtaken[about.sid] = jobs
                return
            jobs += overtaken
        for request, job in jobs:
            webhooks.put(request, job)

    def came_in(self, event: Any, _: Happened) -> None:
        hints.not_captured(self._webhooks.hints, event.text)


def made(looks: Looks) -> ProductWebhooks:
    """The webhooks of Conversations v2, which show things by these looks."""
    return ProductWebhooks(
        manner=ORCHESTRATOR,
        begin=partial(_StatusCallbacks, looks),
        hears={
            **dict.fromkeys(NAMES, _StatusCallbacks.happened),
            TextReceived: _StatusCallbacks.came_in,
        },
    )


def _always(token: str) -> Iterator[str]:
    """One token, for all tries of one call."""
    yield token


def _goes_on(communication: Any) -> bool:
    """Whether more will be told of a communication."""
    return any(each.delivery_status in ON_THEIR_WAY for each in communication.recipients)
