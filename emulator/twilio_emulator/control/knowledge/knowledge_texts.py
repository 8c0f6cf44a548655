"""Knowledge by the control API: texts that an agent can look things up in."""

from typing import TypedDict

from twilio_emulator.control.exchange import Mistaken, Reply, json_reply
from twilio_emulator.control.listing import More, Paged, place_of, take
from twilio_emulator.control.routes import Control, Controls, Fields
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.knowledge.bases import AddKnowledgeBase, RemoveKnowledgeBase
from twilio_emulator.core.knowledge.knowledge import AddKnowledge
from twilio_emulator.core.knowledge.resources import (
    TEXT,
    KnowledgeBase,
    KnowledgeBases,
    KnowledgeSource,
    KnowledgeTable,
)

DESCRIPTION = "What the agents of this account look up."
"""Of a base that is made for a text: Twilio Agent Connect takes none without one."""


class NewText(Fields):
    """A text that is to be found.

    Attributes:
        content: what is searched, by words.
        name: what it is called.
        base: the id or the name of the knowledge base, which is made if there is none.
    """

    content: str
    name: str = "Text"
    base: str = "Handbook"


class ShownKnowledge(TypedDict):
    """Something that is known."""

    id: str
    name: str
    status: str


class ShownKnowledgeBase(TypedDict):
    """A knowledge base."""

    id: str
    display_name: str
    description: str | None
    knowledge: list[ShownKnowledge]


class KnowledgeBaseList(More):
    """Knowledge bases, oldest first."""

    bases: list[ShownKnowledgeBase]


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group("knowledge", "Knowledge: texts that agents look things up in.")

    @controls.on(
        "GET",
        "/knowledge/bases",
        "list_knowledge_bases",
        "The account's knowledge bases, oldest first.",
        query=Paged,
        gives=KnowledgeBaseList,
        examples=({"limit": 10},),
    )
    async def list_bases(control: Control) -> Reply:
        wish, world = control.query(Paged), control.hosted.world
        table = world[KnowledgeBases]
        places = table.by_account.of(control.account_sid).upward(place_of(wish.cursor))
        held, more = take(control, places, table.__getitem__, wish.limit)
        return json_reply({"bases": [look(world, each) for each in held], **more})

    @controls.on(
        "POST",
        "/knowledge/texts",
        "add_knowledge_text",
        "Puts a text into a knowledge base, where its words are found.",
        body=NewText,
        gives=ShownKnowledgeBase,
        status=201,
        examples=({"content": "We are open until 6 on weekdays.", "base": "Handbook"},),
    )
    async def add_text(control: Control) -> Reply:
        wish, world = control.body(NewText), control.hosted.world
        gate, account = control.hosted.gate, control.account_sid
        found = find(world, account, wish.base)
        is_new = found is None
        if found is None:
            if wish.base.startswith("know_"):
                raise Mistaken(f"body base: there is no knowledge base {wish.base}", 404)
            wanted_base = AddKnowledgeBase(
                account=account, display_name=wish.base, description=DESCRIPTION
            )
            await gate.perform(wanted_base)
            found = find(world, account, wish.base)
            assert found is not None
        source = KnowledgeSource(type=TEXT, content=wish.content)
        wanted = AddKnowledge(account=account, base=found.sid, name=wish.name, source=source)
        try:
            await gate.perform(wanted)
        except Refused:
            if is_new:  # nothing is left behind
                await gate.perform(RemoveKnowledgeBase(account=account, base=found.sid))
            raise
        return json_reply(look(world, found), 201)


def find(world: World, account: str, said: str) -> KnowledgeBase | None:
    """The base with this id or name."""
    table = world[KnowledgeBases]
    held = table.all(table.by_account, account)
    return next((each for each in held if said in (each.sid, each.display_name)), None)


def look(world: World, it: KnowledgeBase) -> ShownKnowledgeBase:
    """A knowledge base, with what is in it."""
    table = world[KnowledgeTable]
    return {
        "id": it.sid,
        "display_name": it.display_name,
        "description": it.description,
        "knowledge": [
            {"id": each.sid, "name": each.name, "status": each.status}
            for each in table.all(table.by_base, it.sid)
        ],
    }
