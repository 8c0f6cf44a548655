"""Sessions: the Sync lists through which version 1 of the JavaScript SDK has things done.

The rules of this file (`@twilio/conversations` 1.2.3, session.ts):

- A client makes a list with a purpose. What it has to know of Conversations comes as the list's
  context, as an event.
- It adds a command as an item. The item is changed when the command is done: then the answer is in
  it, in `response`.
- A session outlives the connection, since the client comes back to it. One that we have forgotten
  is made anew by the client.
"""

from collections import deque
from collections.abc import Awaitable, Callable
from itertools import count
from typing import TypeVar

import msgspec

from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, NOT_FOUND, Refused
from twilio_emulator.sdk.conversations import names
from twilio_emulator.sdk.sync.engine import OBJECT_NOT_FOUND, short_path
from twilio_emulator.sdk.sync.lists import SyncList
from twilio_emulator.sdk.sync.objects import ListContents
from twilio_emulator.sdk.sync.service import Sync
from twilio_emulator.sdk.sync.watched import Kind
from twilio_emulator.sdk.twilsock.operations import ClientSession, answered
from twilio_emulator.sdk.twilsock.tunnel import TunnelRequest, TunnelResponse, refusal
from twilio_emulator.wire import json_bodies
from twilio_emulator.wire.spelling import iso_milliseconds

PURPOSE = "com.twilio.rtd.ipmsg"
SESSIONS_OF_A_USER = 16
COMMANDS_OF_A_SESSION = 100
"""How many are remembered, so that who was away for a moment finds the answer."""

T = TypeVar("T")

Perform = Callable[[ClientSession, dict[str, object]], Awaitable[dict[str, object]]]
"""Has a command done; answers what is in `response`."""


class _NewList(msgspec.Struct):
    purpose: str = ""


class _NewItem(msgspec.Struct):
    data: dict[str, msgspec.Raw]
    """Shown as it came, however deep; only the command in it is taken apart."""


class Sessions:
    """The sessions of one service.

    Args:
        sync: where their lists are.
        perform: has commands done.
    """

    def __init__(self, sync: Sync, perform: Perform) -> None:
        self._sync = sync
        self._perform = perform
        self._numbers = count(1)
        self._names: dict[str, deque[str]] = {}

    @staticmethod
    def is_for(request: TunnelRequest) -> bool:
        """Whether a request to Sync makes a session or adds a command to one."""
        return request.method == "POST" and short_path(request)[:2] == ("v3", "Lists")

    async def answer(
        self, caller: ClientSession, request: TunnelRequest, reply: Callable[[TunnelResponse], None]
    ) -> None:
        """Answer a request, then do what it asks for."""
        try:
            match short_path(request):
                case ("v3", "Lists"):
                    reply(self._open(caller, request))
                case ("v3", "Lists", sid, "Items"):
                    await self._take(caller, request, self._find(caller, sid), reply)
                case _:
                    raise Refused(NOT_FOUND, resource=request.path)
        except Refused as refused:
            reply(refusal(refused))

    def _open(self, caller: ClientSession, request: TunnelRequest) -> TunnelResponse:
        wish = _decoded(request.body, _NewList)
        if wish.purpose != PURPOSE:
            raise Refused(INVALID_PARAMETER, parameter="purpose")
        name = names.session_of(caller.identity, next(self._numbers))
        now = iso_milliseconds(caller.world.now) or ""
        contents = ListContents(
            date_created=now, date_updated=now, created_by=caller.identity, items=(), context={}
        )
        made = self._sync.add(Kind.LIST, name, contents)
        assert isinstance(made, SyncList)
        known = self._names.setdefault(caller.identity, deque())
        known.append(name)
        if len(known) > SESSIONS_OF_A_USER:
            self._sync.discard(Kind.LIST, known.popleft())
        said = made.descriptor()
        # An event that comes after the list was made: clients wait for it.
        self._sync.set_context(made, context(caller))
        return answered(said, 201)

    def _find(self, caller: ClientSession, sid: str) -> SyncList:
        found = self._sync.find(sid)
        known = self._names.get(caller.identity, ())
        if not isinstance(found, SyncList) or found.name not in known:
            raise Refused(OBJECT_NOT_FOUND[Kind.LIST])
        return found

    async def _take(
        self,
        caller: ClientSession,
        request: TunnelRequest,
        session: SyncList,
        reply: Callable[[TunnelResponse], None],
    ) -> None:
        said = _decoded(request.body, _NewItem).data
        command = _decoded(said.get("request", b"null"), dict[str, object])
        index = self._sync.append(session, said)
        item = session.item(index)
        assert item is not None
        reply(answered(session.item_descriptor(item), 201))
        response = await self._perform(caller, command)
        self._sync.set_list_item(session.name, index, {**said, "response": response})
        session.discard_before(index - COMMANDS_OF_A_SESSION)


def context(caller: ClientSession) -> dict[str, object]:
    """What a client of version 1 has to know before it begins. Links begin with a path, which the
    client puts after a host of its own."""
    user = caller.user
    service = f"/v1/Services/{caller.service_sid}"
    of_user = f"{service}/Users/{user.sid}"
    return {
        "identity": user.identity,
        "userInfo": names.info_of(user.sid),
        "userInfosToSubscribe": 100,
        "channels": names.conversations_of(caller.service_sid),
        "myChannels": names.conversations_of(user.identity),
        "reachabilityEnabled": caller.service.reachability_enabled,
        "consumptionReportInterval": "PT1S",
        "httpCacheInterval": "PT0S",
        "links": {
            "publicChannelsUrl": f"{service}/PublicChannels",
            "myChannelsUrl": f"{of_user}/Channels",
            "syncListUrl": f"{of_user}/SyncList",
            "usersUrl": f"{service}/Users",
            "typingUrl": "/v1/typing",
            "mediaServiceUrl": f"{service}/Media",
            "messagesReceiptsUrl": f"{service}/Channels/%s/Messages/%s/Receipts",
        },
    }


def _decoded(said: bytes | msgspec.Raw, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(said, type=kind)
    except json_bodies.UNREADABLE as wrong:
        raise json_bodies.refusal(bytes(said), wrong) from None
