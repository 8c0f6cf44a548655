"""https://flex-api.twilio.com/v2: what a web chat begins with, and nothing else of Flex."""

from emulator.core.participants import Participant
from emulator.core.web_chats import OpenWebChat
from emulator.wire.calls import Call, performer
from emulator.wire.operations import ROOT, Api

api = Api("flex-api.twilio.com", "v2")


def web_chat(it: Participant, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/flex/developer/conversations/webchats-resource"""
    return {"conversation_sid": it.conversation_sid, "identity": it.identity}


api.add("POST", "/WebChats", OpenWebChat, performer(OpenWebChat, web_chat, 201), ROOT)
