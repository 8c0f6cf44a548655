"""An account in which every call of the control API has something to be about, the same each time;
and the examples that the calls declare, made there."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx2

from tests.control.asking import ANN, BOB, NUMBER, PREFIX, Control
from tests.sdk.client import frame
from twilio_emulator.control.routes import ControlCall
from twilio_emulator.control.verify.passkeys import CREATION
from twilio_emulator.control.verify.sna import NO_TOKEN
from twilio_emulator.core.carrier.caller_id_verification import RequestValidation
from twilio_emulator.core.carrier.handset_commands import ChangeHandset
from twilio_emulator.core.content.templates import AddContent, RequestApproval
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.core.orchestrator.communications import (
    CommunicationContentSaid,
    CommunicationEndSaid,
    RecordCommunication,
)
from twilio_emulator.core.orchestrator.conversations import BeginConversation
from twilio_emulator.core.orchestrator.participants import ParticipantDraft
from twilio_emulator.core.orchestrator.resources import (
    ContentType,
    OrchestratorChannel,
    ParticipantAddress,
    ParticipantType,
)
from twilio_emulator.core.phones.mailboxes import Mails
from twilio_emulator.core.studio.executions import AddExecution
from twilio_emulator.core.verify import services
from twilio_emulator.core.verify.by_sna import SnaLinks
from twilio_emulator.core.verify.challenge_commands import AddChallenge
from twilio_emulator.core.verify.factor_commands import AddFactor
from twilio_emulator.core.verify.passkeys_held import MakePasskey
from twilio_emulator.core.verify.resources import VerifyServices
from twilio_emulator.core.verify.services import FIRST_SERVICE, UpdateVerifyService
from twilio_emulator.core.verify.verifications import CreateVerification
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.sdk.twilsock.connection import ChatConnection
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings
from twilio_emulator.wire.twilio_hosts import Site

WHATSAPP = "whatsapp:+14155238886"
NOWHERE = "http://127.0.0.1:9/sms"
GIF = "R0lGODlhAQABAAAAACwAAAAAAQABAAA="
ACTIONS = [{"title": "Yes", "id": "yes"}, {"title": "Our site", "type": "URL", "url": "/"}]


@dataclass(frozen=True)
class Made:
    """A call as it was made, and its answer.

    Attributes:
        target: the path with its query string, but for the account.
        body: what was sent, as a value or a text.
        answer: a value of JSON, a text, or None.
    """

    method: str
    target: str
    body: Any
    status: int
    answer: Any


class LivedIn:
    """The account.

    Attributes:
        places: what can stand in the places of paths, by their names.
    """

    def __init__(self, control: Control, account: dict[str, Any]) -> None:
        self.control = control
        self.account = account
        self.sid: str = account["account_sid"]
        self.places: dict[str, str] = {}
        self._working: set[asyncio.Task[None]] = set()

    @property
    def hosted(self) -> Hosted:
        return self.control.server.worlds.hosted[self.sid]

    async def ask(self, method: str, path: str, body: Any = None, **wish: Any) -> Any:
        """A call about this account."""
        return await self.control.ask(method, path, body, account=self.sid, **wish)

    async def furnish(self) -> None:
        """Let things happen, of every kind that calls are about."""
        await self.ask("PUT", f"/handsets/{ANN}", {"label": "Ann", "profile_name": "Ann Lee"})
        await self.ask("PUT", f"/handsets/{BOB}", {"label": "Bob", "receipts": "hold"})
        await self.ask("PATCH", f"/numbers/{NUMBER}", {"sms_url": NOWHERE})
        self._send(body="Your code is 424242", to=ANN)
        self.places["message"] = self._send(body="Are you in?", to=BOB)
        await self.ask("POST", "/clock", {"advance": 5})
        written = {"to": NUMBER, "body": "Hello"}
        path = f"/handsets/{ANN}/messages"
        await self.ask("POST", path, written, status=201, wait="webhook")
        (webhook, *_) = (await self.ask("GET", "/webhooks"))["webhooks"]
        self.places["webhook"] = str(webhook["seq"])
        picture = {"base64": GIF, "content_type": "image/gif", "filename": "dot.gif"}
        await self.ask("POST", path, {"to": WHATSAPP, "media": [picture]}, status=201)
        newest = (await self.ask("GET", path))["items"][-1]
        self.places["media"] = newest["media"][0]["sid"]
        await self._template()
        await self._conversation()
        fault = {"do": {"delay": {"stage": "sent", "ms": 1000}}, "match": {"to": BOB}}
        self.places["fault"] = (await self.ask("POST", "/faults", fault, status=201))["id"]
        await self.ask("PUT", "/optouts", {"recipient": BOB, "scope": "+12025550101"})
        await self._connect()
        self._call_and_mail()
        await self._factors()
        (other,) = (await self.control.ask("POST", "/accounts", {"seed": 8}, status=201),)
        self.places["account"] = other["account_sid"]
        self.places["service"] = self.account["messaging_service_sid"]
        await self._around_verify()
        await self._share()
        self.places["orchestrated"] = self._orchestrated(ANN)
        gate = self.hosted.gate
        gate.perform_now(AddExecution(account=self.sid, flow=f"FW{'7' * 32}", to=ANN, from_=NUMBER))
        made = MakePasskey(handset=ANN, party="localhost", user="YW5u")
        self.hosted.gate.perform_now(made)

    async def _share(self) -> None:
        """A page and a back end share a cart, orders, prices and where pointers are."""
        await self.ask("PUT", "/sync/documents/cart", {"data": {"total": 3}})
        for index in (0, 1):
            await self.ask(
                "POST", "/sync/lists/orders/items", {"data": {"number": index}}, status=201
            )
        await self.ask("PUT", "/sync/maps/prices/items/apple", {"data": {"amount": 2}})
        said = {"data": {"x": 1, "y": 2}, "identity": "alice"}
        await self.ask("POST", "/sync/streams/pointers/messages", said, status=201)

    async def _around_verify(self) -> None:
        """Somebody gets no codes, there is a text for codes, and something was told of one."""
        rule = await self.ask("POST", "/verify/fraud", {"match": "+23480*"}, status=201)
        self.places["fraud"] = rule["id"]
        said = {"friendly_name": "Login", "translations": {"en": {"text": "It is {{code}}."}}}
        template = await self.ask("POST", "/verify/templates", said, status=201)
        self.places["verify_template"] = template["sid"]
        gate, told = self.hosted.gate, {"account": self.sid, "service": FIRST_SERVICE}
        gate.perform_now(UpdateVerifyService(**told, verify_event_subscription_enabled="true"))
        gate.perform_now(CreateVerification(**told, to="+12025550197", channel="sms"))

    def _orchestrated(self, address: str) -> str:
        """A customer of Conversations v2 has said something."""
        gate, configuration = self.hosted.gate, self.account["conversation_configuration_id"]
        places = (ParticipantAddress(channel=OrchestratorChannel.SMS, address=address),)
        customer = ParticipantDraft(type=ParticipantType.CUSTOMER, addresses=places)
        begun = gate.perform_now(
            BeginConversation(
                account=self.sid, configuration_id=configuration, participants=(customer,)
            )
        )
        sid: str = begun.sid
        gate.perform_now(
            RecordCommunication(
                account=self.sid,
                conversation=sid,
                author=CommunicationEndSaid(address=address, channel=OrchestratorChannel.SMS),
                recipients=(CommunicationEndSaid(address=NUMBER, channel=OrchestratorChannel.SMS),),
                content=CommunicationContentSaid(type=ContentType.TEXT, text="Are you open?"),
            )
        )
        return sid

    def _send(self, **said: Any) -> str:
        wish = CreateText(**{"account": self.sid, "from_": NUMBER, **said})
        sid: str = self.hosted.gate.perform_now(wish).sid
        return sid

    def _call_and_mail(self) -> None:
        """Ann's phone rings, and something is in her mailbox."""
        gate = self.hosted.gate
        gate.perform_now(ChangeHandset(address=ANN, calls="hold"))
        wish = RequestValidation(account=self.sid, phone_number=ANN)
        self.places["call"] = gate.perform_now(wish).call_sid
        (default,) = self.hosted.world[VerifyServices]
        channels = (*default.channels, "sna")
        self.hosted.world[VerifyServices].put(replace(default, channels=channels))
        said = {"account": self.sid, "service": default.sid}
        gate.perform_now(CreateVerification(**said, to="ann@example.com", channel="email"))
        (mail,) = self.hosted.world[Mails]
        self.places["mail"] = mail.sid
        gate.perform_now(CreateVerification(**said, to=ANN, channel="sna"))
        (link,) = self.hosted.world[SnaLinks]
        self.places["token"] = link.sid

    def _verify(self) -> str:
        """A code is on its way to Bob."""
        wish = CreateVerification(
            account=self.sid, service=services.FIRST_SERVICE, to=BOB, channel="sms"
        )
        sid: str = self.hosted.gate.perform_now(wish).sid
        return sid

    async def _factors(self) -> None:
        """Somebody has an authenticator app, and a device that is asked two things; Ann's phone has
        a passkey."""
        await self.ask("POST", "/passkeys/create", {"handset": ANN, "options": CREATION})
        (service,) = self.hosted.world[VerifyServices]
        hers = {"account": self.sid, "service": service.sid, "entity": "ann-00000001"}
        gate = self.hosted.gate
        secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        wish = AddFactor(**hers, friendly_name="App", factor_type="totp", binding_secret=secret)
        self.places["factor"] = gate.perform_now(wish).sid
        made = await self.ask("POST", "/push-devices", {"name": "Ann's phone"}, status=201)
        self.places["device"] = made["id"]
        path = f"/push-devices/{made['id']}/enroll"
        enrolled = await self.ask("POST", path, {"identity": "ann-00000001"})
        for message in ("Log in?", "Pay?"):
            asked = {"factor_sid": enrolled["factor_sid"], "details_message": message}
            gate.perform_now(AddChallenge(**hers, **asked))

    async def _template(self) -> None:
        """A template that WhatsApp thinks about, on Ann's phone."""
        gate = self.hosted.gate
        await self.ask("PATCH", "/carrier", {"approval_mode": "manual"})
        types = {"twilio/quick-reply": {"body": "Shall we come?", "actions": ACTIONS}}
        wish = AddContent(
            account=self.sid, friendly_name="visit", types=json.dumps(types), language="en"
        )
        self.places["content"] = content = gate.perform_now(wish).sid
        gate.perform_now(
            RequestApproval(account=self.sid, content=content, name="visit", category="UTILITY")
        )
        item = self._send(to=f"whatsapp:{ANN}", from_=WHATSAPP, content_sid=content)
        self.places["item"] = item
        await self.ask("POST", "/clock", {"advance": 5})

    async def _conversation(self) -> None:
        opened = await self.ask("POST", "/conversations", {"friendly_name": "Order 16"}, status=201)
        self.places["conversation"] = opened["sid"]
        self.places["participant"] = "alice"
        path = f"/conversations/{opened['sid']}"
        await self.ask("POST", f"{path}/participants", {"identity": "alice"}, status=201)
        said = {"author": "alice", "body": "Your order is here."}
        await self.ask("POST", f"{path}/messages", said, status=201)

    async def _connect(self) -> None:
        """Alice comes with a client SDK."""
        token = (await self.ask("POST", "/tokens", {"identity": "alice"}, status=201))["token"]
        site = Site("http://localhost/tsock.us1.twilio.com", "http://localhost/")
        lobby = self.control.server.lobby
        connection = ChatConnection(lobby.admit, site, lambda: None, self._spawn)
        connection.receive(frame({"id": "TM1", "method": "init", "token": token}, b""))
        (shown,) = (await self.ask("GET", "/connections"))["connections"]
        self.places["connection"] = shown["id"]

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def make(self, call: ControlCall, example: Any) -> Made:
        """Make a call as an example says it; what it takes besides is not said.

        `example` is None for a call that has none.
        """
        if "{verification}" in call.path:
            self.places["verification"] = self._verify()  # another call may have ended the last one
        if call.path.startswith("/sync/"):
            await self._share()  # so may what is shared
        if call.path.endswith(("}/close", "}/deactivate")):
            self.places["orchestrated"] = self._orchestrated(f"+120255503{len(call.path)}")
        path = re.sub(r"\{(\w+)\}", lambda found: self._place(call, found[1]), call.path)
        body: Any = example if call.body else None
        if isinstance(body, dict) and "url" in body and isinstance(body["url"], str):
            body = {**body, "url": body["url"].replace(NO_TOKEN, self.places["token"])}
        query = {} if call.body or example is None else example
        target = path + (f"?{urlencode(query)}" if query else "")
        if body is None and call.body == (dict,):
            body = await self.ask("GET", "/snapshot")
        sent: dict[str, Any] = {} if body is None else {"json": body}
        if isinstance(body, str):
            sent = {"content": body.encode()}
        if call.gives == "text/event-stream":
            self.hosted.news.end()  # else it would go on for ever
        response = await self.control.client.request(
            call.method,
            f"{PREFIX}{path}",
            params={**query, "account": self.sid},
            **sent,
        )
        if response.headers.get("content-type") == "application/json":
            answer = response.json()
        elif call.gives == "*/*":
            answer = f"({len(response.content)} bytes of {response.headers['content-type']})"
        else:
            answer = response.text or None
        return Made(call.method, target, body, response.status_code, answer)

    def _place(self, call: ControlCall, name: str) -> str:
        return self.places.get(name, call.places[name].example)


@asynccontextmanager
async def lived_in() -> AsyncIterator[LivedIn]:
    """The account, on a server of its own."""
    server = Server(Settings(clock="frozen"), lambda: b"-----BEGIN CERTIFICATE-----\n")
    transport = httpx2.ASGITransport(app=server)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8008") as client:
        await server.stories.begin()
        control = Control(server, client)
        wish = {"clock": "frozen", "now": "2026-01-05T09:00:00Z", "seed": 7}
        account = await control.ask("POST", "/accounts", wish, status=201)
        house = LivedIn(control, account)
        await house.furnish()
        yield house
        await server.end()
