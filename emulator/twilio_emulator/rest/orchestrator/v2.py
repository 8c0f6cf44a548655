"""https://conversations.twilio.com/v2 as a table of operations: JSON in and out."""

from twilio_emulator.core.orchestrator.communications import (
    RecordCommunication,
    fetch_communication,
    list_communications,
)
from twilio_emulator.core.orchestrator.configurations import (
    AddConversationConfiguration,
    ChangeConversationConfiguration,
    RemoveConversationConfiguration,
    SetConversationConfiguration,
    fetch_configuration,
    list_configurations,
)
from twilio_emulator.core.orchestrator.conversations import (
    BeginConversation,
    ChangeOrchestratedConversation,
    RemoveOrchestratedConversation,
    SetOrchestratedConversation,
    fetch_conversation,
    list_conversations,
)
from twilio_emulator.core.orchestrator.operations import fetch_operation
from twilio_emulator.core.orchestrator.participants import (
    AddOrchestratedParticipant,
    SetOrchestratedParticipant,
    fetch_participant,
    list_participants,
)
from twilio_emulator.rest.orchestrator import actions, look
from twilio_emulator.wire.json_operations import JsonApi

CONFIGURATIONS = "/ControlPlane/Configurations"
CONFIGURATION = f"{CONFIGURATIONS}/{{configuration}}"
CONVERSATIONS = "/Conversations"
CONVERSATION = f"{CONVERSATIONS}/{{conversation}}"
PARTICIPANTS = f"{CONVERSATION}/Participants"
PARTICIPANT = f"{PARTICIPANTS}/{{participant}}"
COMMUNICATIONS = f"{CONVERSATION}/Communications"

api = JsonApi("conversations.twilio.com", "v2")

api.lists(CONFIGURATIONS, list_configurations, look.configuration, "configurations")
api.fetches(CONFIGURATION, fetch_configuration, look.configuration)
for _method, _path, _command in (
    ("POST", CONFIGURATIONS, AddConversationConfiguration),
    ("PUT", CONFIGURATION, SetConversationConfiguration),
    ("PATCH", CONFIGURATION, ChangeConversationConfiguration),
    ("DELETE", CONFIGURATION, RemoveConversationConfiguration),
    ("DELETE", CONVERSATION, RemoveOrchestratedConversation),
):
    api.performs(_method, _path, _command, look.accepted, 202, look.accepted_headers)
api.fetches("/ControlPlane/Operations/{operation}", fetch_operation, look.operation)

api.lists(CONVERSATIONS, list_conversations, look.conversation, "conversations")
api.fetches(CONVERSATION, fetch_conversation, look.conversation)
api.performs("POST", CONVERSATIONS, BeginConversation, look.conversation, 201)
api.performs("PUT", CONVERSATION, SetOrchestratedConversation, look.conversation)
api.performs("PATCH", CONVERSATION, ChangeOrchestratedConversation, look.conversation)

api.lists(PARTICIPANTS, list_participants, look.participant, "participants")
api.fetches(PARTICIPANT, fetch_participant, look.participant)
api.performs("POST", PARTICIPANTS, AddOrchestratedParticipant, look.participant, 201)
api.performs("PUT", PARTICIPANT, SetOrchestratedParticipant, look.participant)

api.lists(COMMUNICATIONS, list_communications, look.communication, "communications")
api.fetches(f"{COMMUNICATIONS}/{{communication}}", fetch_communication, look.communication)
api.performs("POST", COMMUNICATIONS, RecordCommunication, look.communication, 201)

actions.declare(api)
