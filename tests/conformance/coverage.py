"""Writes docs/coverage.md, and the table in README.md that sums it up: what is emulated, from the
tables of operations and Twilio's files.

`python -m tests.conformance.coverage` writes both, and the pages of control_page.py and
command_page.py; a test holds that they are as they would be written.
"""

import json
import re
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import Any

from tests.conformance import command_page, control_page
from tests.conformance.decisions import decisions
from tests.conformance.products import NOT_EMULATED
from tests.conformance.referee import FOLDER, PAGING, shape
from tests.conformance.refusals import (
    NEVER_OVER_REST,
    NOT_IN_THE_CATALOGUE,
    every_refusal,
)
from twilio_emulator.core.sync import errors
from twilio_emulator.sdk.conversations.projection import ACCESS_FORBIDDEN
from twilio_emulator.sdk.sync.collections import SyncMap
from twilio_emulator.sdk.sync.engine import (
    NAME_NOT_FOUND,
    OBJECT_NOT_FOUND,
    TOO_MANY_SUBSCRIPTIONS,
)
from twilio_emulator.sdk.sync.lists import SyncList
from twilio_emulator.sdk.sync.watched import Kind
from twilio_emulator.sdk.sync_product.clients import RATE_EXCEEDED
from twilio_emulator.sdk.sync_product.writes import UNKNOWN_INDEX
from twilio_emulator.sdk.twilsock import protocol
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings
from twilio_emulator.wire import access_tokens
from twilio_emulator.wire.operations import Api, Operation
from twilio_emulator.wire.spelling import snake

PAGE = Path(__file__).parents[2] / "docs/coverage.md"
README = Path(__file__).parents[2] / "README.md"

TITLES = {
    "conversations_v1": "Conversations v1",
    "conversations_v2": "Conversations v2",
    "memory_v1": "Memory v1",
    "knowledge_v2": "Knowledge v2",
    "studio_v2": "Studio v2",
    "content_v1": "Content v1",
    "content_v2": "Content v2",
    "mcs_v1": "Media of conversations",
    "messaging_v1": "Messaging v1",
    "messaging_v2": "Messaging v2",
    "api_v2010": "API 2010-04-01",
    "accounts_v1": "Accounts v1",
    "iam_v1": "IAM v1",
    "flex-api_v2": "Flex v2",
    "oauth_v1": "OAuth v1",
    "oauth_v2": "OAuth v2",
    "monitor_v1": "Monitor v1",
    "verify_v2": "Verify v2",
    "lookups_v2": "Lookup v2",
    "lookups_v1": "Lookup v1",
    "sync_v1": "Sync v1",
}
"""By product and version, as in the names of Twilio's files; for media there is no file. An API
without a title comes last, and has the name of its file."""

NOTED = {"preview-iam_v1"}
"""Hosts of operations that have another one, too: a note says so."""

NOTES = {
    "CreateConversation": "`Bindings.Email` is kept and shown; no e-mail is sent",
    "GET /v1/Conversations/{Sid}": "`links.export` leads to a 404",
    "FetchConversationMessage": "`links.channel_metadata` leads to a 404",
    "CreateConversationMessage": "`Subject` is kept; no answer of Twilio's shows it",
    "CreateConversationParticipant": "e-mail addresses are refused (50407)",
    "CreateConversationScopedWebhook": (
        "Studio flows are not run; that one would have started is noted in the journal"
    ),
    "UpdateConversation": (
        "a change of `State` fires `onConversationUpdated` besides `onConversationStateUpdated`: "
        "decided, as public apps wait for it"
    ),
    "UpdateConversationParticipant": (
        "a proxy address, a projected address or an identity that is there is not given again "
        "(50441, 50443, 50444)"
    ),
    "CreateMessage": "in TwiML replies `<Sms>` is `<Message>`: decided, as its old name",
    "CreateConversationWithParticipants": (
        "participants come 100 ms later on the account's clock, then the state"
    ),
    "UpdateConfigurationWebhook": "`Target=flex` is kept and shown",
    "CreateConfigurationAddress": (
        "texts by SMS and WhatsApp open conversations; other types are kept and shown"
    ),
    "CreateCredential": "kept and shown without its secrets; nothing is pushed",
    "ListServiceBinding": "bindings come to be when client SDKs register for push",
    "UpdateServiceNotification": "kept and shown; nothing is pushed",
    "CreateRole": "roles bind client SDKs; REST calls are not checked, as at Twilio",
    "CreateContent": (
        "all types are kept; conversations show seven of them (50542 for others), SMS and MMS "
        "texts and media (216602 for others)"
    ),
    "CreateApprovalCreate": "approved at once",
    "CreateWebChannel": "the visitor's identity is drawn, unless `Identity` gives one",
    "CreateToken": "client credentials alone; at `preview-iam.twilio.com` too",
    "CreateOauth2Token": "client credentials alone; the other grants begin in the Console",
    "CreateFetchProfileMemory": (
        "by shared words and dates: there is no language model, which would search by meaning"
    ),
    "CreateProfileObservation": "what a test writes; nothing is extracted from conversations",
    "CreateProfileConversationSummary": "what a test writes; nothing is summed up",
    "CreateDataMapping": "kept and shown; no data set is read",
    "CreateKnowledgeSearch": (
        "by shared words: there is no language model, which would search by meaning"
    ),
    "CreateKnowledge": (
        "a text is there at once; nothing is fetched from the web, so what a site says a test puts "
        "there; files are refused"
    ),
    "CreateExecution": "flows are not run: an execution shows that somebody was handed over",
}
"""What to know of an operation, by its name, or by method and path where two have one name."""

SOCKET_REFUSALS = (
    (access_tokens.NOT_A_TOKEN, "a token that is no JWT, or has no `exp`"),
    (access_tokens.WRONG_HEADER, "another `alg`, `typ` or `cty`"),
    (access_tokens.WRONG_ISSUER, "a key that there is not, or one of another account"),
    (
        access_tokens.EXPIRED,
        "`exp` is past, is no time, or is more than 24 hours after the beginning",
    ),
    (access_tokens.NOT_YET_VALID, "`nbf` is ahead"),
    (
        access_tokens.WRONG_GRANTS,
        "no grant for what the client is for, no identity, or a service that the account has not",
    ),
    (access_tokens.WRONG_SIGNATURE, "the key's secret gives another signature"),
    (errors.MALFORMED_IF_MATCH, "an `If-Match` that is no revision"),
    (errors.TOO_LARGE_FOR_SYNC, "a value of more than 16 KiB, a message of more than 4"),
    (ACCESS_FORBIDDEN, "a Sync object that is another user's alone, or without permission"),
    (errors.INVALID_ATTRIBUTE, "a body that is no JSON object, or a value in it that is none"),
    (RATE_EXCEEDED, "Sync, where a fault throttles a connection"),
    (errors.NOTHING_TO_CHANGE, "neither `data` nor `ttl`"),
    (errors.INVALID_TTL, "no whole seconds, or more than a year"),
    (OBJECT_NOT_FOUND[Kind.DOCUMENT], "by its sid"),
    (errors.DOCUMENT_REVISION, "another revision than `If-Match` says"),
    (OBJECT_NOT_FOUND[Kind.LIST], "by its sid"),
    (SyncList.item_not_found, "an item of a list"),
    (errors.LIST_ITEM_REVISION, "another revision than `If-Match` says"),
    (OBJECT_NOT_FOUND[Kind.MAP], "by its sid"),
    (SyncMap.item_not_found, "an item of a map"),
    (errors.MAP_ITEM_REVISION, "another revision than `If-Match` says, or there is no item"),
    (errors.MAP_KEY_TAKEN, "an item that is to be new"),
    (errors.INVALID_MAP_KEY, "an empty key, or one of more than 320 letters"),
    (OBJECT_NOT_FOUND[Kind.STREAM], "by its sid"),
    (NAME_NOT_FOUND, "a Sync object by its unique name"),
    (errors.SYNC_NAME_TAKEN, "an object that is to be new"),
    (errors.INVALID_UNIQUE_NAME, "a name that none can have"),
    (TOO_MANY_SUBSCRIPTIONS, "the 2001st object of Sync that a connection watches"),
    (errors.INVALID_ORDER, "a page of items"),
    (errors.INVALID_BOUNDS, "a page of items"),
    (errors.INVALID_PAGE_TOKEN, "a page of items"),
    (errors.INVALID_PAGE_SIZE, "a page of items"),
    (errors.INVALID_INDEX, "an item of a list"),
    (UNKNOWN_INDEX, "any query"),
)
SOCKET_STATUSES = (
    (protocol.TOKEN_EXPIRED, "the token ends while its client is connected, which closes"),
    (protocol.NOT_ACCEPTABLE, "what came is no frame, which closes"),
    (protocol.OTHER_IDENTITY, "`updateToken` for another identity or service"),
)


def page() -> str:
    """The whole page."""
    return "\n".join([*_head(), *_products(), *_codes(), *_socket(), *_decided()]) + "\n"


def readme() -> str:
    """README.md with its table as it should be."""
    table = "\n".join(["| API | Operations |", "| --- | --- |", *_summary()])
    between = re.compile(
        r"(?<=<!-- coverage: `make docs` writes this table -->\n).*(?=<!-- end -->)", re.S
    )
    return between.sub(f"\n{table}\n\n", README.read_text())


def _summary() -> Iterator[str]:
    for title, api, described in _apis():
        declared = {(each.method, shape(each.path)) for each in api.operations}
        anchor = title.lower().replace(" ", "-").replace(".", "")
        count = _count(declared, described).removesuffix(" operations")
        yield f"| [{title}](docs/coverage.md#{anchor}) | {count} |"


def _apis() -> Iterator[tuple[str, Api, dict[tuple[str, str], Any]]]:
    """Each API that is here: its title, what it declares and what Twilio describes."""
    apis = {
        f"{product}_{version.replace('2010-04-01', 'v2010')}": api
        for (product, version), api in Server(Settings(), lambda: b"").dispatch.apis.items()
        if api.operations
    }
    untitled = sorted(apis.keys() - TITLES.keys() - NOTED)
    for name in (*(name for name in TITLES if name in apis), *untitled):
        title = TITLES.get(name, name.replace("-", " ").replace("_", " ").capitalize())
        yield title, apis[name], _described(f"twilio_{name.replace('flex-api', 'flex')}.json")


def _head() -> Iterator[str]:
    yield "# Coverage"
    yield ""
    yield "This page is generated (`make docs`) from the tables of operations and from Twilio's"
    yield "public OpenAPI files. An operation that is not supported is answered with Twilio's 404"
    yield "(20404), and a line in the log names it: `not emulated: GET api.twilio.com/...`; without"
    yield "a reason beside it, all that it belongs to is not emulated."
    yield "A parameter with `*` is required, one that is ~~struck out~~ is ignored. Every list also"
    yield "takes `PageSize`, `Page`, `PageToken`. `[/Services/{IS}]` may be left out: the default"
    yield "service is meant then."


def _products() -> Iterator[str]:
    for title, api, described in _apis():
        declared = {(each.method, shape(each.path)): each for each in api.operations}
        yield ""
        yield f"## {title}"
        yield ""
        yield f"`https://{api.host}`: {_count(declared.keys(), described)}."
        yield ""
        yield "| Method | Path | Operation | Parameters | Notes |"
        yield "| --- | --- | --- | --- | --- |"
        for key, operation in declared.items():
            twin = _in_service(key)
            if twin in declared and "Configuration" not in operation.path:
                yield _row(operation, described.get(key), both=True)
            elif key not in map(_in_service, declared) or "Configuration" in operation.path:
                yield _row(operation, described.get(key))
        missing = {key: each for key, each in described.items() if key not in declared}
        if missing:
            yield from _not_supported(missing)


def _not_supported(missing: Mapping[tuple[str, str], Any]) -> Iterator[str]:
    """What Twilio describes and is not here, by path; and why, where it could be expected."""
    yield ""
    yield f"Not supported ({len(missing)}):"
    yield ""
    yield "| Path | Operations | Why |"
    yield "| --- | --- | --- |"
    paths: dict[str, list[str]] = {}
    for written in missing.values():
        paths.setdefault(written["path"], []).append(written["operationId"])
    for path, names in paths.items():
        whys = {reason for name in names if (reason := _reason(name))}
        yield f"| `{path}` | {', '.join(names)} | {'; '.join(sorted(whys))} |"


def _reason(name: str) -> str | None:
    return next((why for names, why in NOT_EMULATED.items() if re.fullmatch(names, name)), None)


def _count(declared: Set[tuple[str, str]], described: Mapping[tuple[str, str], Any]) -> str:
    if not described:
        return f"{len(declared)} operations"
    if declared >= described.keys():
        return f"all {len(described)} operations"
    return f"{len(declared & described.keys())} of {len(described)} operations"


def _in_service(key: tuple[str, str]) -> tuple[str, str]:
    """The same operation in the form that names a service."""
    method, path = key
    version, _, rest = path.strip("/").partition("/")
    return method, f"/{version}/Services/{{}}/{rest}"


def _row(operation: Operation, written: Any, *, both: bool = False) -> str:
    if written is None:
        names = ", ".join(operation.wire)
        return f"| {operation.method} | `{operation.path}` | | {names} | |"
    place = f"{operation.method} {written['path']}"
    note = NOTES.get(place, NOTES.get(written["operationId"], ""))
    path = written["path"].replace("/v1/", "/v1[/Services/{IS}]/", 1) if both else written["path"]
    cells = (
        operation.method,
        f"`{path}`",
        written["operationId"],
        ", ".join(_parameters(operation, written)),
        note,
    )
    return "| " + " | ".join(cells) + " |"


def _parameters(operation: Operation, written: Any) -> Iterator[str]:
    """As Twilio spells them; what is not taken is struck out."""
    content = written.get("requestBody", {}).get("content", {})
    form = next(iter(content.values()), {}).get("schema", {})
    required = set(form.get("required", ()))
    names = [each["name"] for each in written.get("parameters", ()) if each.get("in") == "query"]
    for name in (*names, *form.get("properties", ())):
        if name in PAGING:
            continue
        shown = f"{name}*" if name in required else name
        yield shown if snake(name) in operation.parameters else f"~~{shown}~~"


def _described(file: str) -> dict[tuple[str, str], Any]:
    path = FOLDER / file
    if not path.is_file():
        return {}
    specification = json.loads(path.read_text())
    components = specification.get("components", {})
    found = {}
    for path, item in specification["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method in item:
                written = {**item[method], "path": path}
                _resolve(written, components)
                found[method.upper(), shape(path)] = written
    return found


def _resolve(written: Any, components: Any) -> None:
    """Put the schema of a JSON body, and parameters, in place of their names."""
    schemas = components.get("schemas", {})
    for content in written.get("requestBody", {}).get("content", {}).values():
        name = content["schema"].get("$ref", "").rpartition("/")[2]
        content["schema"] = schemas.get(name, content["schema"])
    written["parameters"] = [
        components["parameters"][each["$ref"].rpartition("/")[2]] if "$ref" in each else each
        for each in written.get("parameters", ())
    ]


def _codes() -> Iterator[str]:
    yield ""
    yield "## Error codes of Conversations"
    yield ""
    refusals = every_refusal()
    raised = sorted({each.code for name, each in refusals.items() if name not in NEVER_OVER_REST})
    yield "REST calls are answered with these: " + ", ".join(map(str, raised)) + "."
    yield ""
    yield "They are not answered with these:"
    yield ""
    yield "| Code | Text | Why |"
    yield "| --- | --- | --- |"
    for name, reason in NEVER_OVER_REST.items():
        yield f"| {refusals[name].code} | {refusals[name].text} | {reason} |"
    for code, reason in NOT_IN_THE_CATALOGUE.items():
        yield f"| {code} | | {reason} |"


def _socket() -> Iterator[str]:
    """What the socket of client SDKs says no with, besides the codes of Conversations."""
    yield ""
    yield "## Error codes of the client SDKs' socket"
    yield ""
    yield "Besides those of Conversations: 50430 for whatever is private to others, 50107 where a"
    yield "role lacks a permission."
    yield ""
    yield "| Code | Status | Text | When |"
    yield "| --- | --- | --- | --- |"
    for refusal, when in SOCKET_REFUSALS:
        text = refusal.text.replace("{{", "{").replace("}}", "}")
        yield f"| {refusal.code} | {refusal.status} | {text} | {when} |"
    for status, when in SOCKET_STATUSES:
        yield f"| {status.error_code} | {status.code} | {status.description} | {when} |"


def _decided() -> Iterator[str]:
    """What no source of Twilio's says of some products."""
    yield ""
    yield "## Decided in Verify, Lookup, Sync, Conversations v2, Memory, Knowledge and Studio"
    yield ""
    yield "What no source of Twilio's says, or where they contradict each other, stands behind one"
    yield "place each. These are all of them, below `emulator/twilio_emulator/`:"
    yield ""
    yield "| File | Place | Decided |"
    yield "| --- | --- | --- |"
    for each in decisions():
        name = f"`{each.name}`" if each.name else ""
        yield f"| `{each.file}` | {name} | {each.text.replace('|', '&#124;')} |"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page())
    README.write_text(readme())
    control_page.write()
    command_page.write()
