"""Observations, summaries of conversations, and what is recalled of them, by REST."""

from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.memory import observations, profiles, summaries
from twilio_emulator.core.memory.observations import (
    AddObservations,
    PatchObservation,
    RemoveObservation,
)
from twilio_emulator.core.memory.recall import Recollection
from twilio_emulator.core.memory.summaries import (
    AddConversationSummaries,
    PatchConversationSummary,
    RemoveConversationSummary,
)
from twilio_emulator.core.orchestrator.recollection import recall_with_conversation
from twilio_emulator.rest.memory import look
from twilio_emulator.rest.memory.answers import CANONICAL
from twilio_emulator.rest.memory.profiles import PROFILE, said
from twilio_emulator.wire.calls import Answer, Call, Work
from twilio_emulator.wire.json_operations import JsonApi, given
from twilio_emulator.wire.json_parameters import JsonParameters
from twilio_emulator.wire.operations import ROOT
from twilio_emulator.wire.token_pages import token_lister

OBSERVATIONS = f"{PROFILE}/Observations"
OBSERVATION = f"{OBSERVATIONS}/{{observation}}"
SUMMARIES = f"{PROFILE}/ConversationSummaries"
SUMMARY = f"{SUMMARIES}/{{summary}}"

QUERY_TIME = 0
"""Decided: milliseconds that a recall took; no time passes in a world while it is asked."""


@record
class AskedRecall(Recollection):
    """What is asked for, and of whom."""

    account: str
    store: str
    profile: str


def declare(api: JsonApi) -> None:
    """Declare the operations of this file."""
    api.lists(OBSERVATIONS, observations.list_observations, look.observation, "observations")
    api.lists(SUMMARIES, summaries.list_summaries, look.summary, "summaries")
    for method, path, command, message in (
        ("POST", OBSERVATIONS, AddObservations, "Observations accepted for processing."),
        ("PATCH", OBSERVATION, PatchObservation, "Observation update accepted."),
        ("DELETE", OBSERVATION, RemoveObservation, "Observation deletion accepted."),
        ("POST", SUMMARIES, AddConversationSummaries, "Summaries accepted for processing."),
        ("PATCH", SUMMARY, PatchConversationSummary, "Summary update accepted."),
        ("DELETE", SUMMARY, RemoveConversationSummary, "Summary deletion accepted."),
    ):
        api.performs(method, path, command, said(message), 202)
    api.add("GET", OBSERVATION, observations.fetch_observation, _canonical(_observation), ROOT)
    api.add("GET", SUMMARY, summaries.fetch_summary, _canonical(_summary), ROOT)
    find = observations.list_revisions
    revisions = token_lister(find, look.revision, "revisions")
    api.add("GET", f"{OBSERVATION}/Revisions", find, _canonical(revisions), ROOT)
    api.add("POST", f"{PROFILE}/Recall", AskedRecall, recalled, ROOT)


async def recalled(call: Call) -> Answer:
    """What is remembered of a customer."""
    asked = AskedRecall(**_RECALL.of_body(call))
    _, profile = profiles.fetch_current(call.world, asked.account, asked.store, asked.profile)
    asked.check()
    found = recall_with_conversation(call.world, asked.account, profile, asked)
    return Answer(
        200,
        {
            "observations": [
                given({**look.observation(it.memory, call), "score": it.score})
                for it in found.memories.observations
            ],
            "summaries": [
                given({**look.summary(it.memory, call), "score": it.score})
                for it in found.memories.summaries
            ],
            "communications": [look.communication(it, call) for it in found.communications],
            "meta": {"queryTime": QUERY_TIME},
        },
    )


async def _observation(call: Call) -> Answer:
    path = call.path
    found = observations.fetch_observation(
        call.world,
        account=path["account"],
        store=path["store"],
        profile=path["profile"],
        observation=path["observation"],
    )
    return Answer(200, look.observation(found, call))


async def _summary(call: Call) -> Answer:
    path = call.path
    found = summaries.fetch_summary(
        call.world,
        account=path["account"],
        store=path["store"],
        profile=path["profile"],
        summary=path["summary"],
    )
    return Answer(200, look.summary(found, call))


def _canonical(work: Work) -> Work:
    """What is answered for a profile that was merged by the one that it is now, which it names."""

    async def show(call: Call) -> Answer:
        answer = await work(call)
        path = call.path
        _, named = profiles.fetch_memory_profile(
            call.world, account=path["account"], store=path["store"], profile=path["profile"]
        )
        if named.canonical is None:
            return answer
        return answer._replace(headers=((CANONICAL, named.canonical.encode()),))

    return show


_RECALL = JsonParameters(AskedRecall)
