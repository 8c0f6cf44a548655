"""Conversations of Conversations v2 by the control API: seen whole, and ended."""

from itertools import islice

from twilio_emulator.control.exchange import Mistaken, Reply, json_reply
from twilio_emulator.control.listing import (
    LOOKED_AT,
    More,
    Paged,
    check_limit,
    place_of,
    take,
)
from twilio_emulator.control.orchestrator import look
from twilio_emulator.control.orchestrator.look import (
    ShownCommunication,
    ShownOrchestratedConversation,
)
from twilio_emulator.control.parameters import choose
from twilio_emulator.control.routes import Control, Controls, Place, Whole
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator.conversations import ChangeOrchestratedConversation
from twilio_emulator.core.orchestrator.resources import (
    Communications,
    OrchestratedConversation,
    OrchestratedConversations,
    OrchestratedParticipants,
    OrchestratedStatus,
    OrchestratorChannel,
)
from twilio_emulator.core.senders.addresses import bare, spelled

ORCHESTRATED = {
    "orchestrated": Place(
        words="The id of a conversation, or an address of somebody in one: of several, the newest.",
        example="+12025550199",
    )
}


class OrchestratedFilter(Paged):
    """Which conversations.

    Attributes:
        status: that stand so.
        address: with somebody who has this address, on whatever channel.
        channel: with somebody who is reached by this channel.
        profile: with the customer who has this profile.
        configuration: of the configuration with this id.
    """

    status: str | None = None
    address: str | None = None
    channel: str | None = None
    profile: str | None = None
    configuration: str | None = None


class OrchestratedList(More):
    """Conversations, newest first."""

    conversations: list[ShownOrchestratedConversation]


class CommunicationFilter(Paged):
    """Which part of what was said.

    Attributes:
        last: only the newest so many.
    """

    last: Whole | None = None


class CommunicationList(More):
    """What was said in a conversation, oldest first."""

    communications: list[ShownCommunication]


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group(
        "orchestrator", "Conversations v2: conversations across channels, and agents in them."
    )
    _declare_reading(controls)
    _declare_step(controls, "close", "Closes a conversation, for good.", OrchestratedStatus.CLOSED)
    _declare_step(
        controls,
        "deactivate",
        "Has a conversation be inactive, as when nothing was said for long.",
        OrchestratedStatus.INACTIVE,
    )


def _declare_reading(controls: Controls) -> None:
    @controls.on(
        "GET",
        "/orchestrator/conversations",
        "list_orchestrated_conversations",
        "Conversations of Conversations v2, newest first.",
        query=OrchestratedFilter,
        gives=OrchestratedList,
        examples=({"limit": 1}, {"address": "+12025550199", "status": "ACTIVE"}),
    )
    async def list_all(control: Control) -> Reply:
        wish, world = control.query(OrchestratedFilter), control.hosted.world
        if wish.status is not None:
            choose("query status", wish.status, tuple(OrchestratedStatus))
        if wish.channel is not None:
            choose("query channel", wish.channel, tuple(OrchestratorChannel))
        table = world[OrchestratedConversations]
        held, more = take(
            control,
            table.by_account.of(control.account_sid).downward(place_of(wish.cursor)),
            table.__getitem__,
            wish.limit,
            keep=lambda it: _fits(world, it, wish),
            looked_at=LOOKED_AT,
        )
        return json_reply({"conversations": [look.conversation(world, it) for it in held], **more})

    @controls.on(
        "GET",
        "/orchestrator/conversations/{orchestrated}",
        "show_orchestrated_conversation",
        "One conversation of Conversations v2.",
        places=ORCHESTRATED,
        gives=ShownOrchestratedConversation,
    )
    async def show(control: Control) -> Reply:
        return json_reply(look.conversation(control.hosted.world, find(control)))

    @controls.on(
        "GET",
        "/orchestrator/conversations/{orchestrated}/communications",
        "list_orchestrated_communications",
        "What was said in a conversation on all channels, oldest first.",
        places=ORCHESTRATED,
        query=CommunicationFilter,
        gives=CommunicationList,
        examples=({"limit": 20}, {"last": 20}),
    )
    async def list_said(control: Control) -> Reply:
        wish, said = control.query(CommunicationFilter), control.hosted.world[Communications]
        ranks = said.by_conversation.of(find(control).sid)
        if wish.last is not None:
            check_limit(wish.last)
            newest = [said[sid] for _, sid in islice(ranks.downward(), wish.last)]
            return json_reply({"communications": [look.communication(it) for it in newest[::-1]]})
        places = ranks.upward(place_of(wish.cursor))
        held, more = take(control, places, said.__getitem__, wish.limit)
        return json_reply({"communications": [look.communication(it) for it in held], **more})


def _declare_step(controls: Controls, verb: str, words: str, status: OrchestratedStatus) -> None:
    @controls.on(
        "POST",
        f"/orchestrator/conversations/{{orchestrated}}/{verb}",
        f"{verb}_orchestrated_conversation",
        words,
        places=ORCHESTRATED,
        gives=ShownOrchestratedConversation,
        otherwise={409: "It is closed."},
    )
    async def take_step(control: Control) -> Reply:
        world, found = control.hosted.world, find(control)
        if found.status is OrchestratedStatus.CLOSED:
            raise Mistaken(f"path orchestrated: {found.sid} is closed", 409)
        wish = ChangeOrchestratedConversation(
            account=found.account_sid, conversation=found.sid, status=status
        )
        return json_reply(look.conversation(world, await control.hosted.gate.perform(wish)))


def find(control: Control) -> OrchestratedConversation:
    """The conversation that is meant: of several with somebody, the newest.

    Raises:
        Mistaken: there is none, or none among the newest with that address.
    """
    world, said = control.hosted.world, control.said["orchestrated"]
    table = world[OrchestratedConversations]
    found = table.get(said)
    if found is not None and found.account_sid == control.account_sid:
        return found
    newest = islice(table.by_account.of(control.account_sid).downward(), LOOKED_AT)
    for _, sid in newest:
        if is_with(world, sid, said):
            return table[sid]
    raise Mistaken(f"path orchestrated: there is no conversation {said}", 404)


def is_with(world: World, conversation: str, address: str) -> bool:
    """Whether somebody in a conversation has this address, on whatever channel."""
    wanted, participants = bare(spelled(address)), world[OrchestratedParticipants]
    return any(
        bare(place.address) == wanted
        for each in participants.all(participants.by_conversation, conversation)
        for place in each.addresses
    )


def _fits(world: World, it: OrchestratedConversation, wish: OrchestratedFilter) -> bool:
    if wish.status not in (None, it.status):
        return False
    if wish.configuration not in (None, it.configuration_sid):
        return False
    if wish.address is not None and not is_with(world, it.sid, wish.address):
        return False
    participants = world[OrchestratedParticipants]
    here = list(participants.all(participants.by_conversation, it.sid))
    if wish.profile is not None and all(each.profile_id != wish.profile for each in here):
        return False
    channels = {place.channel for each in here for place in each.addresses}
    return wish.channel is None or wish.channel in channels
