"""https://flex-api.twilio.com/v2: what a web chat begins with, and nothing else of Flex."""

from twilio_emulator.core.conversations.resources import Participant
from twilio_emulator.core.conversations.web_chats import OpenWebChat
from twilio_emulator.wire.calls import Call, performer
from twilio_emulator.wire.operations import ROOT, Api

api = Api("flex-api.twilio.com", "v2")


def web_chat(it: Participant, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/flex/developer/conversations/webchats-resource"""
    return {"conversation_sid": it.conversation_sid, "identity": it.identity}


api.add("POST", "/WebChats", OpenWebChat, performer(OpenWebChat, web_chat, 201), ROOT)
