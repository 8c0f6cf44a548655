"""Knowledge, as a part of the rules."""

from twilio_emulator.core.kernel.wing import Wing
from twilio_emulator.core.knowledge import knowledge
from twilio_emulator.core.knowledge.bases import (
    AddKnowledgeBase,
    PatchKnowledgeBase,
    RemoveKnowledgeBase,
)
from twilio_emulator.core.knowledge.knowledge import (
    AddKnowledge,
    FillKnowledge,
    PatchKnowledge,
    RemoveKnowledge,
)
from twilio_emulator.core.knowledge.resources import (
    KnowledgeBaseChanged,
    KnowledgeBases,
    KnowledgeChunks,
    KnowledgeOperations,
    KnowledgeTable,
)

KNOWLEDGE = Wing(
    name="knowledge",
    tables=(KnowledgeBases, KnowledgeTable, KnowledgeChunks, KnowledgeOperations),
    commands=(
        AddKnowledgeBase,
        PatchKnowledgeBase,
        RemoveKnowledgeBase,
        AddKnowledge,
        PatchKnowledge,
        FillKnowledge,
        RemoveKnowledge,
    ),
    reactions=((KnowledgeBaseChanged, knowledge.forget_knowledge),),
)
