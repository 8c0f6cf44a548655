"""An agent on Twilio Agent Connect that knows nothing of the emulator, and needs no model: it says
what it was told, remembers on request, and fetches a person.

It tells line by line what its callbacks hear, and can be asked to begin a conversation.
"""

import json
import os
import socket
import sys
from typing import Any

import uvicorn
from fastapi import FastAPI
from tac import TAC, TACConfig
from tac.channels.chat import ChatChannel
from tac.channels.sms import SMSChannel
from tac.channels.whatsapp import WhatsAppChannel
from tac.models.outbound import (
    InitiateChatConversationOptions,
    InitiateMessagingConversationOptions,
)
from tac.models.session import ConversationSession
from tac.models.tac import TACMemoryResponse
from tac.server import TACFastAPIServer
from tac.tools.handoff import create_studio_handoff_tool

MEMORY = {"memory_mode": "always"}

tac = TAC(config=TACConfig.from_env())
sms = SMSChannel(tac, config=MEMORY)
whatsapp = WhatsAppChannel(tac, config=MEMORY)
chat = ChatChannel(tac)
channels = {"SMS": sms, "WHATSAPP": whatsapp, "CHAT": chat}


def tell(*said: Any) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


async def answer(
    message: str, context: ConversationSession, memory: TACMemoryResponse | None
) -> str:
    told = len([each for each in memory.observations if each.content]) if memory else 0
    tell("heard", context.channel, message, context.conversation_id, told)
    if message.startswith("Remember "):
        fact = message.removeprefix("Remember ")
        await tac.conversation_memory_client.create_observation(context.profile_id, fact, "agent")
        return "I will."
    if message == "What do you know?":
        known = [each.content for each in memory.observations]
        name = (context.profile.traits or {}).get("Contact", {}).get("phone")
        return f"Of {name}: {'; '.join(known)}"
    if message == "A person, please.":
        handoff = create_studio_handoff_tool(tac, context, attributes={"desk": "returns"})
        result = await handoff(reason="asked for one")
        tell(result["status"], result["channel"])
        return "One moment."
    return f"You said: {message}"


async def ended(context: ConversationSession) -> None:
    tell("ended", context.channel, context.conversation_id)


async def failed(error: Exception, context: dict[str, Any]) -> None:
    tell("failed", str(error), context)


tac.on_message_ready(answer)
tac.on_conversation_ended(ended)
tac.on_error(failed)
app = FastAPI()


@app.post("/begin/{channel}")
async def begin(channel: str, wish: dict[str, str]) -> dict[str, str]:
    options = (
        InitiateChatConversationOptions
        if channel == "CHAT"
        else (InitiateMessagingConversationOptions)
    )
    begun = await channels[channel].initiate_outbound_conversation(options(**wish))
    return {"conversation_id": begun.conversation_id}


@app.get("/sessions")
async def sessions() -> dict[str, list[str]]:
    return {name: list(channel._conversations) for name, channel in channels.items()}


server = TACFastAPIServer(tac, messaging_channels=[*channels.values()], app=app)
with socket.socket() as door:  # whoever calls before all is ready waits in its queue
    door.bind(("127.0.0.1", int(os.environ.get("TWILIO_SERVER_PORT", "0"))))
    door.listen()
    tell("open", door.getsockname()[1])
    uvicorn.Server(uvicorn.Config(server.app, log_level="warning")).run(sockets=[door])
