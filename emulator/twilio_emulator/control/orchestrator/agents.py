"""Agents by the control API: connected to what customers write, as a configuration is set for one.

The rules of this file:

- An agent is no thing at Twilio: it is a configuration that captures texts and tells an app.
- What else the configuration says, such as its timeouts, stays as it was.
"""

from twilio_emulator.control.exchange import Mistaken, Reply, json_reply
from twilio_emulator.control.listing import More, Paged, place_of, take
from twilio_emulator.control.orchestrator import look
from twilio_emulator.control.orchestrator.look import (
    ShownConversationConfiguration,
    ShownOperation,
)
from twilio_emulator.control.parameters import choose
from twilio_emulator.control.routes import Control, Controls, Fields
from twilio_emulator.core.conversations.resources import AccountConfigurations, Services
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator.configurations import (
    ChangeConversationConfiguration,
    first_configuration,
)
from twilio_emulator.core.orchestrator.operations import OrchestratorOperations
from twilio_emulator.core.orchestrator.resources import (
    CaptureRule,
    ChannelSettings,
    ConversationConfiguration,
    ConversationConfigurations,
    OrchestratorChannel,
    StatusCallbackTarget,
    V1Bridge,
)
from twilio_emulator.core.senders.resources import PhoneNumbers

CHAT = OrchestratorChannel.CHAT
CAPTURED = (OrchestratorChannel.SMS, OrchestratorChannel.WHATSAPP, OrchestratorChannel.RCS)
ANYBODY = "*"


class AgentFields(Fields):
    """An agent, and what it hears.

    Attributes:
        url: its server's, where it takes status callbacks.
        channels: `SMS`, `WHATSAPP` and `RCS`, whose texts are captured in both directions, and
            `CHAT`, for which the account's service of Conversations v1 is bridged; all unless
            given. Texts of others are captured no more; a bridge stays.
        numbers: those of the account whose texts are captured; all unless given.
        configuration: the id of the configuration; the account's first unless given.
    """

    url: str
    channels: list[str] | None = None
    numbers: list[str] | None = None
    configuration: str | None = None


class AgentFilter(Fields):
    """Which agent.

    Attributes:
        configuration: the id of its configuration; the account's first unless given.
    """

    configuration: str | None = None


class ConfigurationList(More):
    """Configurations, oldest first."""

    configurations: list[ShownConversationConfiguration]


class OperationList(More):
    """Operations, newest first."""

    operations: list[ShownOperation]


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    @controls.on(
        "GET",
        "/orchestrator/operations",
        "list_conversation_operations",
        "The account's operations of Conversations v2, newest first: changes of configurations, and"
        " conversations that were deleted.",
        query=Paged,
        gives=OperationList,
        examples=({"limit": 10},),
    )
    async def list_operations(control: Control) -> Reply:
        wish, table = control.query(Paged), control.hosted.world[OrchestratorOperations]
        places = table.by_account.of(control.account_sid).downward(place_of(wish.cursor))
        held, more = take(control, places, table.__getitem__, wish.limit)
        return json_reply({"operations": [look.operation(it) for it in held], **more})

    @controls.on(
        "GET",
        "/orchestrator/configurations",
        "list_conversation_configurations",
        "The account's configurations of Conversations v2, oldest first.",
        query=Paged,
        gives=ConfigurationList,
        examples=({"limit": 10},),
    )
    async def list_configurations(control: Control) -> Reply:
        wish, table = control.query(Paged), control.hosted.world[ConversationConfigurations]
        places = table.by_account.of(control.account_sid).upward(place_of(wish.cursor))
        held, more = take(control, places, table.__getitem__, wish.limit)
        return json_reply({"configurations": [look.configuration(it) for it in held], **more})

    @controls.on(
        "PUT",
        "/orchestrator/agent",
        "connect_agent",
        "Has an agent be told of what customers write: sets a configuration for it.",
        body=AgentFields,
        gives=ShownConversationConfiguration,
        otherwise={409: "Another configuration has the chats that are asked for."},
        examples=(
            {"url": "http://127.0.0.1:8000/webhook"},
            {
                "url": "http://127.0.0.1:8000/webhook",
                "channels": ["SMS", "CHAT"],
                "numbers": ["+12025550100"],
            },
        ),
    )
    async def connect(control: Control) -> Reply:
        wish, world = control.body(AgentFields), control.hosted.world
        found = _find(control, "body configuration", wish.configuration)
        channels = [*CAPTURED, CHAT] if wish.channels is None else wish.channels
        for each in channels:
            choose("body channels", each, (*CAPTURED, CHAT))
        for number in wish.numbers or ():
            held = world[PhoneNumbers].at(number)
            if held is None or held.account_sid != control.account_sid:
                raise Mistaken(f"body numbers: the account has no number {number}")
        rules = _rules(wish.numbers)
        command = ChangeConversationConfiguration(
            account=found.account_sid,
            configuration=found.sid,
            channel_settings={
                each: _with_rules(found, each, _fitting(each, rules) if each in channels else ())
                for each in CAPTURED
                if each in channels or each in found.settings.channel_settings
            },
            status_callbacks=(StatusCallbackTarget(url=wish.url),),
            conversations_v1_bridge=_bridge(world, found, wish.channels),
        )
        await control.hosted.gate.perform(command)
        return json_reply(look.configuration(world[ConversationConfigurations][found.sid]))

    @controls.on(
        "DELETE",
        "/orchestrator/agent",
        "disconnect_agent",
        "Has a configuration capture nothing and tell nobody; a bridge to Conversations v1 stays.",
        query=AgentFilter,
        gives=ShownConversationConfiguration,
        examples=({},),
    )
    async def disconnect(control: Control) -> Reply:
        world = control.hosted.world
        said = control.query(AgentFilter).configuration
        found = _find(control, "query configuration", said)
        command = ChangeConversationConfiguration(
            account=found.account_sid,
            configuration=found.sid,
            channel_settings={
                each: _with_rules(found, each, ()) for each in found.settings.channel_settings
            },
            status_callbacks=(),
        )
        await control.hosted.gate.perform(command)
        return json_reply(look.configuration(world[ConversationConfigurations][found.sid]))


def _find(control: Control, place: str, said: str | None) -> ConversationConfiguration:
    world = control.hosted.world
    first = first_configuration(world, control.account_sid)
    found = first if said is None else world[ConversationConfigurations].get(said)
    if found is None or found.account_sid != control.account_sid:
        raise Mistaken(f"{place}: there is no such configuration", 404)
    return found


def _rules(numbers: list[str] | None) -> tuple[CaptureRule, ...]:
    """Rules that capture both directions."""
    if numbers is None:
        return (CaptureRule(from_=ANYBODY, to=ANYBODY),)
    return tuple(
        rule
        for number in numbers
        for rule in (
            CaptureRule(from_=ANYBODY, to=number),
            CaptureRule(from_=number, to=ANYBODY),
        )
    )


def _fitting(channel: str, rules: tuple[CaptureRule, ...]) -> tuple[CaptureRule, ...]:
    """Those rules whose addresses are of a channel."""
    prefix = "" if channel == OrchestratorChannel.SMS else f"{channel.lower()}:"
    return tuple(
        each for each in rules if {_prefix(each.from_), _prefix(each.to)} <= {None, prefix}
    )


def _prefix(address: str) -> str | None:
    scheme, mark, _ = address.rpartition(":")
    return None if address == ANYBODY else scheme + mark


def _with_rules(
    it: ConversationConfiguration, channel: str, rules: tuple[CaptureRule, ...]
) -> ChannelSettings:
    return replace(
        it.settings.channel_settings.get(channel, ChannelSettings()), capture_rules=rules
    )


def _bridge(
    world: World, it: ConversationConfiguration, channels: list[str] | None
) -> V1Bridge | None:
    """The account's own service, where chats are wanted and the configuration has no bridge.

    Raises:
        Mistaken: chats are asked for by name, and another configuration has them.
    """
    bridged = world[Services].get(it.bridged)
    if bridged is not None or (channels is not None and CHAT not in channels):
        return None
    service = world[AccountConfigurations][it.account_sid].default_chat_service_sid
    table = world[ConversationConfigurations]
    other = table.found(table.by_bridge, service)
    if other is None:
        return V1Bridge(service_id=service)
    if channels is None:
        return None
    raise Mistaken(f"body channels: {service} is bridged to {other.sid} already", 409)
