"""Sentences about agents of Conversations v2: what they answer to what they were told."""

from typing import Any

from twilio_emulator.scenarios.language.scenario import RECEIVER
from twilio_emulator.scenarios.language.sentence import Step, sentence
from twilio_emulator.scenarios.language.shapes import NewName, TextShape
from twilio_emulator.scenarios.player.report import Unfulfilled
from twilio_emulator.scenarios.player.scene import Scene
from twilio_emulator.scenarios.player.unclaimed import Item
from twilio_emulator.scenarios.sentences.answers import REFUSAL, refused_as_expected

CREATED = "COMMUNICATION_CREATED"
CHAT = "CH"
"""What the sid of a conversation of Conversations v1 begins with."""

SEND = "conversations.v2.conversations.actions.create"


@sentence(
    "replies",
    by=(RECEIVER,),
    says=TextShape(),
    beside={"as": NewName(), "fails": REFUSAL},
    example="agent replies: We are open until 6.",
)
async def replies(scene: Scene, step: Step) -> None:
    """An agent of Conversations v2 answers what it was told last, on that channel."""
    told, text = scene.receiver(step.who).last, scene.text(step.says)
    if told is None or told.get("event") != CREATED:
        raise Unfulfilled(f"something to answer: a step where {step.who} receives {CREATED}")
    said = {"conversation": told["conversationId"], **_message(told, step.who or "", text)}
    answer = await scene.call(SEND, said)
    refused_as_expected(answer, scene.meant(step.beside.get("fails")), step.key)
    scene.keep(step.beside.get("as"), answer.body)
    await scene.tell_that(step.who or "", "→", text)


def _message(told: Item, name: str, text: str) -> dict[str, Any]:
    """What sends an answer to who has said something.

    Args:
        name: what the agent is called in a chat where nobody is spoken to yet.
    """
    author = told["author"]
    same = (each for each in told["recipients"] if each["channel"] == author["channel"])
    own = next(same, {"channel": author["channel"], "address": name})
    payload = {"from": _party(own), "to": [_party(author)], "content": {"text": text}}
    if str(told.get("channelId", "")).startswith(CHAT):
        payload["channelSettings"] = {"channelId": told["channelId"]}
    return {"type": "SEND_MESSAGE", "payload": payload}


def _party(said: Item) -> Item:
    """An end of a communication, as an action names it."""
    if said.get("participantId"):
        return {"participantId": said["participantId"], "channel": said["channel"]}
    return {"address": said["address"], "channel": said["channel"]}
