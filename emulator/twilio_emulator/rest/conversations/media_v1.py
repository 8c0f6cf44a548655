"""https://mcs.us1.twilio.com/v1: media of conversations, uploaded and fetched.

The rules of this file (https://www.twilio.com/docs/conversations/media-support-conversations):

- A file is uploaded as the body itself, or as the one file of a form. `Category` and `Filename`
  come in the query.
- A file is read with credentials at `links.content`, or by anybody at its temporary address while
  that is good.
- Client SDKs upload and read with their access token, from pages of any origin. A file that is in a
  message is as private as its conversation.
- Either way players get the part of a file that they ask for (`wire/parts.py`).
"""

import hmac
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.types import Receive, Scope, Send

from twilio_emulator.core.accounts.accounts import Accounts
from twilio_emulator.core.conversations import conversations, media, permissions, services
from twilio_emulator.core.conversations.media import Media, MediaTable, UploadMedia
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, NOT_FOUND, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.runtime.uploads import Files, guards
from twilio_emulator.wire.calls import Answer, Call
from twilio_emulator.wire.operations import SERVICE, Api
from twilio_emulator.wire.parts import part
from twilio_emulator.wire.spelling import iso

HOST = "mcs.us1.twilio.com"
TEMPORARY_HOST = "media.us1.twilio.com"
LARGEST_FILE = 150 * 1024 * 1024
GOOD_FOR = timedelta(hours=4)
"""How long a temporary address is good. Twilio's page names no time; this one is ours."""

UNTYPED = "application/octet-stream"


def api(files: Files) -> Api:
    """The table of operations, over a place where bytes are kept."""
    table = Api(
        HOST,
        "v1",
        largest_body=LARGEST_FILE + 64 * 1024,
        open_to_tokens=True,
        find_service=services.find_service,
    )

    @table.operation("POST", "/Media", UploadMedia, where=SERVICE)
    async def upload(call: Call) -> Answer:
        said = dict(call.query)
        content_type, filename, content = _file(call)
        with files.keeping() as keep:
            wish = UploadMedia(
                service=call.path["service"],
                content_type=content_type,
                size=len(content),
                digest=keep(content),
                filename=said.get("Filename") or filename,
                category=said.get("Category"),
            )
            uploaded = await call.gate.perform(wish, call.origin)
        return Answer(201, look(uploaded, call))

    @table.operation("GET", "/Media/{media}", where=SERVICE)
    async def fetch(call: Call) -> Answer:
        return Answer(200, look(_find(call), call))

    @table.operation("GET", "/Media/{media}/Content", where=SERVICE)
    async def content(call: Call) -> Answer:
        found = _find(call)
        held = held_bytes(found, files)
        if held is None:
            raise Refused(NOT_FOUND)
        sent = part(held, call.headers, found.digest)
        return Answer(sent.status, sent.content, found.content_type, sent.headers)

    @table.operation("POST", "/MediaSet", where=SERVICE)
    async def fetch_set(call: Call) -> Answer:
        return Answer(200, [_in_set(call, sid) for sid in _asked(call)])

    return table


def look(it: Media, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/conversations/api/media-resource"""
    url = f"{call.root}/Media/{it.sid}"
    return {
        "sid": it.sid,
        "service_sid": it.service_sid,
        "channel_sid": it.conversation_sid,
        "message_sid": it.message_sid,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "date_upload_updated": iso(it.date_created),
        "size": it.size,
        "content_type": it.content_type,
        "filename": it.filename,
        "category": it.category,
        "author": it.author,
        "is_multipart_upstream": False,
        "url": url,
        "links": {
            "content": f"{url}/Content",
            "content_direct_temporary": temporary_url(it, call),
        },
    }


def temporary_url(it: Media, call: Call) -> str:
    """An address that needs no credentials, and is good for a while."""
    expires = int((call.world.clock.now() + GOOD_FOR).timestamp())
    query = urlencode(
        {
            "Account": it.account_sid,
            "Expires": expires,
            "Signature": _signature(call.world, it, str(expires)),
        }
    )
    return f"{call.site.of(TEMPORARY_HOST)}/{it.sid}?{query}"


def held_bytes(it: Media, files: Files) -> bytes | None:
    """The bytes of a file; None when they are elsewhere, or lost."""
    if it.content is not None:
        return it.content.encode()
    return files.read(it.digest) if it.digest is not None else None


class TemporaryMedia:
    """Answers temporary addresses. They need no credentials, and any page may read them.

    Args:
        find_world: the world of an account, by its sid.
        files: where bytes are kept.
    """

    def __init__(self, find_world: Callable[[str], World | None], files: Files) -> None:
        self._find_world = find_world
        self._files = files

    async def answer(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request to the host of temporary addresses."""
        said = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        found = self._find(path.strip("/"), said)
        if found is None:
            await _send(send, 403, b"", [])
            return
        held = held_bytes(found, self._files)
        if held is not None:
            headers = [(b"content-type", found.content_type.encode())]
            sent = part(held, dict(scope["headers"]), found.digest)
            headers += [*guards(found.content_type), *sent.headers]
            await _send(send, sent.status, sent.content, headers)
        else:
            await _send(send, 404, b"", [])

    def _find(self, sid: str, said: dict[str, str]) -> Media | None:
        """The file, when the address is good."""
        world = self._find_world(said.get("Account", ""))
        found = world[MediaTable].get(sid) if world is not None else None
        if world is None or found is None:
            return None
        expires = said.get("Expires", "")
        signature = _signature(world, found, expires)
        if not hmac.compare_digest(signature.encode(), said.get("Signature", "").encode()):
            return None
        return found if world.clock.now().timestamp() < int(expires) else None


def _signature(world: World, it: Media, expires: str) -> str:
    key = world[Accounts][it.account_sid].auth_token.encode()
    return hmac.digest(key, f"{it.sid}/{expires}".encode(), "sha256").hex()


async def _send(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


def _find(call: Call) -> Media:
    return _readable(call, call.path["media"])


def _readable(call: Call, sid: str) -> Media:
    """The file with this sid, when the client may read it.

    Raises:
        Refused: 20404 there is none, 50430 it was sent to a conversation that is private to others.
    """
    found = media.find(call.world, call.path["service"], sid)
    if call.identity is not None and found.conversation_sid is not None:
        conversation = conversations.find(call.world, found.service_sid, found.conversation_sid)
        permissions.require_reader(call.world, call.identity, conversation)
    return found


def _asked(call: Call) -> list[str]:
    """The sids that a set is asked for.

    Raises:
        Refused: 20001 the body says something else.
    """
    said: Any = parameters.json_object(call.body)
    try:
        if said["command"] != "get":
            raise ValueError(said["command"])
        return [str(each["media_sid"]) for each in said["list"]]
    except (ValueError, TypeError, KeyError):
        raise Refused(INVALID_PARAMETER, parameter="JSON body") from None


def _in_set(call: Call, sid: str) -> dict[str, object]:
    """One file of a set; the client alone decides what a missing one means for the others."""
    try:
        found = _readable(call, sid)
    except Refused as refused:
        return {"code": refused.status, "media_record": {"sid": sid}}
    return {"code": 200, "media_record": look(found, call)}


def _file(call: Call) -> tuple[str, str | None, bytes]:
    """Type, name and bytes of what is uploaded."""
    content_type = call.headers.get(b"content-type", b"").decode("latin-1")
    if not content_type.lower().startswith("multipart/form-data"):
        return content_type or UNTYPED, None, call.body
    return _file_of_form(content_type, call.body)


def _file_of_form(content_type: str, body: bytes) -> tuple[str, str | None, bytes]:
    """The same of the first file in a form.

    Raises:
        Refused: 20001 there is none, or the form is broken.
    """
    from python_multipart import create_form_parser
    from python_multipart.exceptions import FormParserError

    found: list[tuple[str, str | None, bytes]] = []

    def keep(file: Any) -> None:
        file.file_object.seek(0)
        name = (file.file_name or b"").decode("utf-8", "replace")
        found.append((file.content_type or UNTYPED, name or None, file.file_object.read()))
        file.close()

    if "boundary=" not in content_type.lower():
        raise Refused(INVALID_PARAMETER, parameter="form")  # the library would log it as an error
    headers = {"Content-Type": content_type.encode("latin-1")}
    try:
        parser = create_form_parser(headers, None, keep, {"MAX_MEMORY_FILE_SIZE": LARGEST_FILE})
        parser.write(body)
        parser.finalize()
        parser.parser = None  # a cycle, which would be there until Python looks for cycles
    except (FormParserError, ValueError):
        found.clear()
    if not found:
        raise Refused(INVALID_PARAMETER, parameter="form")
    return found[0]
