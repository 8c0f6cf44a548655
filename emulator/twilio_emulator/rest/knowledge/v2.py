"""https://knowledge.twilio.com/v2 as a table of operations."""

from twilio_emulator.core.kernel.bad_requests import bad
from twilio_emulator.core.kernel.records import closed, record
from twilio_emulator.core.knowledge import bases, knowledge, searching
from twilio_emulator.core.knowledge.bases import (
    AddKnowledgeBase,
    PatchKnowledgeBase,
    RemoveKnowledgeBase,
)
from twilio_emulator.core.knowledge.knowledge import (
    AddKnowledge,
    PatchKnowledge,
    RemoveKnowledge,
)
from twilio_emulator.core.knowledge.resources import KnowledgeSource
from twilio_emulator.rest.knowledge import look
from twilio_emulator.wire.bare_errors import BareErrorApi
from twilio_emulator.wire.calls import Answer, Call
from twilio_emulator.wire.json_parameters import JsonParameters
from twilio_emulator.wire.long_runs import LongRunLook
from twilio_emulator.wire.operations import ROOT

api = BareErrorApi("knowledge.twilio.com", "v2")

RUNS = LongRunLook(api.host, api.version)

BASES = "/ControlPlane/KnowledgeBases"
BASE = f"{BASES}/{{base}}"
ALL = "/KnowledgeBases/{base}/Knowledge"
ONE = f"{ALL}/{{knowledge}}"

LARGEST_PAGE_OF_BASES = 100

REFRESHED = "Knowledge update accepted and is being processed."


@closed()
@record
class SoughtKnowledge:
    """A question, and where it is asked."""

    account: str
    base: str
    query: str
    top: int
    knowledge_ids: tuple[str, ...] = ()


@record
class ChangedKnowledge:
    """What knowledge takes that is changed, in the body and in the query.

    Decided: a body has a name at least, as the schema of the OpenAPI file wants it, though its text
    says that nothing must be said; a request may do without a body.
    """

    account: str
    base: str
    knowledge: str
    name: str
    description: str | None = None
    source: KnowledgeSource | None = None
    refresh: bool = False


for method, path, command in (
    ("POST", BASES, AddKnowledgeBase),
    ("PATCH", BASE, PatchKnowledgeBase),
    ("DELETE", BASE, RemoveKnowledgeBase),
):
    api.performs(method, path, command, RUNS.accepted, 202, RUNS.headers)

api.lists(
    BASES,
    bases.list_knowledge_bases,
    look.base,
    "knowledgeBases",
    largest=LARGEST_PAGE_OF_BASES,
)
api.fetches("/ControlPlane/Operations/{operation}", bases.fetch_knowledge_operation, RUNS.operation)
api.lists(ALL, knowledge.list_knowledge, look.knowledge, "knowledge")
api.performs("POST", ALL, AddKnowledge, look.knowledge, 201)
api.fetches(ONE, knowledge.fetch_knowledge, look.knowledge)
api.performs("DELETE", ONE, RemoveKnowledge, None, 204)
api.lists(f"{ONE}/Chunks", knowledge.list_chunks, look.chunk, "chunks")


async def fetch_base(call: Call) -> Answer:
    """A base, with the version that it has as its ETag."""
    path = call.path
    found = bases.fetch_knowledge_base(call.world, account=path["account"], base=path["base"])
    return Answer(200, look.base(found, call), headers=((b"ETag", b'"%d"' % found.version),))


async def patch_knowledge(call: Call) -> Answer:
    """Have something otherwise, or have it read anew: then that was accepted, and is all that is
    answered."""
    refresh = dict(call.query).get("refresh", "false")
    if refresh not in ("true", "false"):
        raise bad("refresh must be true or false")
    said = _CHANGED.of_body(call) if call.body.strip() else _CHANGED.of_path(call)
    said.pop("refresh", None)
    changed = await call.gate.perform(PatchKnowledge(**said), call.origin)
    if refresh == "true":
        return Answer(202, {"message": REFRESHED})
    return Answer(200, look.knowledge(changed, call))


async def search(call: Call) -> Answer:
    """What is found in a base."""
    found = searching.search_knowledge(call.world, **_SOUGHT.of_body(call))
    return Answer(200, {"chunks": [look.found(each, call) for each in found]})


_CHANGED = JsonParameters(ChangedKnowledge)
_SOUGHT = JsonParameters(SoughtKnowledge)

api.add("GET", BASE, bases.fetch_knowledge_base, fetch_base, ROOT)
api.add("PATCH", ONE, ChangedKnowledge, patch_knowledge, ROOT)
api.add("POST", "/KnowledgeBases/{base}/Search", SoughtKnowledge, search, ROOT)
