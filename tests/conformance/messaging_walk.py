"""A real sequence of calls that comes by every operation of messaging, numbers and accounts."""

from dataclasses import dataclass
from typing import Any

from tests.conformance import lookup_walk, studio_walk, sync_walk, verify_walk
from tests.conformance.inside import Inside
from twilio_emulator.core.accounts.debugger_alerts import RaiseAlert
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.senders.resources import PhoneNumbers, add_number
from twilio_emulator.core.texts.media import Enclosure

ANN = "+12025550199"
NUMBER = "+12025550100"
WHATSAPP = "whatsapp:+14155238886"
URL = "https://example.com/a"
API = "https://api.twilio.com/2010-04-01"
MESSAGING = "https://messaging.twilio.com"
CONTENT = "https://content.twilio.com"


@dataclass(frozen=True)
class Step:
    """One request and its answer."""

    method: str
    url: str
    status: int
    body: Any


class Walk:
    """Requests, each of which is expected to go well."""

    def __init__(self, inside: Inside) -> None:
        self.inside = inside
        self.steps: list[Step] = []
        self.account = f"{API}/Accounts/{inside.account_sid}"

    def post(self, url: str, said: object = None, **form: Any) -> Any:
        if said is not None:
            return self._step("POST", url, said=said)
        return self._step("POST", url, form=form)

    def put(self, url: str, said: object) -> Any:
        return self._step("PUT", url, said=said)

    def get(self, url: str, **query: Any) -> Any:
        return self._step("GET", url, query=query)

    def delete(self, url: str) -> None:
        self._step("DELETE", url)

    def _step(self, method: str, url: str, **given: Any) -> Any:
        answer = self.inside.ask(method, url, **given)
        assert answer.status < 300, (method, url, answer.body)
        self.steps.append(Step(method, url, answer.status, answer.body))
        return answer.body


def walk(inside: Inside) -> list[Step]:
    """Come by every operation."""
    it = Walk(inside)
    _messages(it)
    _numbers(it)
    _to_buy(it)
    _of_account(it)
    _services(it)
    _senders(it)
    _templates(it)
    _alerts(it)
    lookup_walk.look_up(it)
    verify_walk.verify(it)
    sync_walk.sync(it)
    studio_walk.studio(it)
    return it.steps


def _messages(it: Walk) -> None:
    messages = f"{it.account}/Messages"
    sent = it.post(f"{messages}.json", To=ANN, From=NUMBER, Body="Hello", Tags='{"a":"b"}')
    service = it.inside.messaging_service_sid
    it.post(f"{messages}.json", To=ANN, MessagingServiceSid=service, Body="Hello")
    later = it.post(
        f"{messages}.json",
        To=ANN,
        MessagingServiceSid=service,
        Body="Later",
        ScheduleType="fixed",
        SendAt="2026-01-05T10:00:00Z",
    )
    it.post(f"{messages}/{later['sid']}.json", Status="canceled")
    it.post(f"{messages}.json", To=f"whatsapp:{ANN}", From=WHATSAPP, Body="Hello")
    it.inside.advance(seconds=10)
    picture = Enclosure(content_type="image/png", digest="d", size=1)
    received = it.inside.perform(
        SendFromHandset(address=ANN, to=NUMBER, body="Look", media=(picture, picture))
    )
    for sid in (sent["sid"], later["sid"], received.sid):
        it.get(f"{messages}/{sid}.json")
    it.get(f"{messages}.json")
    it.get(f"{messages}.json", PageSize="2", To=ANN)
    it.post(f"{messages}/{sent['sid']}.json", Body="")
    it.post(f"{messages}/{sent['sid']}/Feedback.json", Outcome="confirmed")
    media = f"{messages}/{received.sid}/Media"
    first, _ = it.get(f"{media}.json")["media_list"]
    it.get(f"{media}/{first['sid']}.json")
    it.delete(f"{media}/{first['sid']}.json")
    it.delete(f"{messages}/{sent['sid']}.json")


def _numbers(it: Walk) -> None:
    numbers = f"{it.account}/IncomingPhoneNumbers"
    bought = it.post(f"{numbers}.json", PhoneNumber="+12025550110", SmsUrl=URL)
    it.post(f"{numbers}.json", AreaCode="415")
    it.post(f"{numbers}/{bought['sid']}.json", FriendlyName="Desk", AddressSid="AD" + "0" * 32)
    it.get(f"{numbers}/{bought['sid']}.json")
    it.get(f"{numbers}.json", PhoneNumber="0110")
    it.delete(f"{numbers}/{bought['sid']}.json")
    for kind, number in (
        ("Local", "+12025550111"),
        ("Mobile", "+447700900123"),
        ("TollFree", "+18005550100"),
    ):
        it.post(f"{numbers}/{kind}.json", PhoneNumber=number)
        it.get(f"{numbers}/{kind}.json")
    code = add_number(it.inside.world, it.inside.account_sid, "12345")
    codes = f"{it.account}/SMS/ShortCodes"
    it.get(f"{codes}.json")
    it.get(f"{codes}/{code.sid}.json")
    it.post(f"{codes}/{code.sid}.json", SmsUrl=URL)


def _to_buy(it: Walk) -> None:
    there = f"{it.account}/AvailablePhoneNumbers"
    it.get(f"{there}.json")
    it.get(f"{there}/GB.json")
    for kind in ("Local", "Mobile", "TollFree"):
        it.get(f"{there}/GB/{kind}.json", PageSize="2")
    it.get(f"{there}/US/Local.json", AreaCode="415", Contains="555")


def _of_account(it: Walk) -> None:
    for kind in ("Keys", "SigningKeys"):
        keys = f"{it.account}/{kind}"
        key = it.post(f"{keys}.json", FriendlyName="One")
        it.post(f"{keys}/{key['sid']}.json", FriendlyName="Two")
        it.get(f"{keys}/{key['sid']}.json")
        it.get(f"{keys}.json")
        it.delete(f"{keys}/{key['sid']}.json")
    keys = "https://iam.twilio.com/v1/Keys"
    sid = it.inside.account_sid
    it.post(keys, AccountSid=sid, KeyType="restricted", Policy='{"allow":[]}')
    key = it.post(keys, AccountSid=sid, FriendlyName="One")
    it.post(f"{keys}/{key['sid']}", FriendlyName="Two")
    it.get(f"{keys}/{key['sid']}")
    it.get(keys, AccountSid=sid)
    it.delete(f"{keys}/{key['sid']}")
    apps = f"{it.account}/Applications"
    app = it.post(f"{apps}.json", FriendlyName="Desk", SmsUrl=URL)
    it.post(f"{apps}/{app['sid']}.json", MessageStatusCallback=URL)
    it.get(f"{apps}/{app['sid']}.json")
    it.get(f"{apps}.json")
    it.delete(f"{apps}/{app['sid']}.json")
    callers = f"{it.account}/OutgoingCallerIds"
    it.post(f"{callers}.json", PhoneNumber=ANN)
    it.inside.advance(seconds=1)
    (caller,) = it.get(f"{callers}.json")["outgoing_caller_ids"]
    it.post(f"{callers}/{caller['sid']}.json", FriendlyName="Ann")
    it.get(f"{callers}/{caller['sid']}.json")
    it.delete(f"{callers}/{caller['sid']}.json")
    sub = it.post(f"{API}/Accounts.json", FriendlyName="Branch")
    it.post(f"{API}/Accounts/{sub['sid']}.json", Status="suspended")
    it.get(f"{API}/Accounts/{sub['sid']}.json")
    it.get(f"{API}/Accounts.json", Status="suspended")
    tokens = "https://accounts.twilio.com/v1/AuthTokens"
    it.post(f"{tokens}/Secondary")
    it.delete(f"{tokens}/Secondary")
    it.post(f"{tokens}/Secondary")
    it.inside.auth_token = it.post(f"{tokens}/Promote")["auth_token"]


def _services(it: Walk) -> None:
    services = f"{MESSAGING}/v1/Services"
    made = it.post(services, FriendlyName="Alerts", StatusCallback=URL, ValidityPeriod="60")
    own = f"{services}/{made['sid']}"
    it.post(own, InboundRequestUrl=URL)
    it.get(own)
    it.get(services)
    it.get(f"{services}/Usecases")
    world, sid = it.inside.world, it.inside.account_sid
    whatsapp = world[PhoneNumbers].at(WHATSAPP)
    assert whatsapp is not None
    for kind, form in (
        ("PhoneNumbers", {"PhoneNumberSid": add_number(world, sid, "+12025550112").sid}),
        ("ShortCodes", {"ShortCodeSid": add_number(world, sid, "54321").sid}),
        ("ChannelSenders", {"Sid": whatsapp.sid}),
        ("AlphaSenders", {"AlphaSender": "ACME"}),
        ("DestinationAlphaSenders", {"AlphaSender": "ACME-FR", "IsoCountryCode": "FR"}),
    ):
        member = it.post(f"{own}/{kind}", **form)
        it.get(f"{own}/{kind}")
        it.get(f"{own}/{kind}/{member['sid']}")
        it.delete(f"{own}/{kind}/{member['sid']}")
    it.delete(own)


def _senders(it: Walk) -> None:
    senders = f"{MESSAGING}/v2/Channels/Senders"
    it.post(senders, said={"sender_id": "whatsapp:+12025550113"})
    made = it.post(
        senders,
        said={
            "sender_id": "whatsapp:+12025550114",
            "friendly_name": "Desk",
            "configuration": {"waba_id": "1"},
            "webhook": {"callback_url": URL},
            "profile": {"name": "ACME", "websites": [{"website": URL, "label": "Website"}]},
        },
    )
    it.post(f"{senders}/{made['sid']}", said={"profile": {"about": "We answer"}})
    it.get(f"{senders}/{made['sid']}")
    it.get(senders, Channel="whatsapp")
    it.delete(f"{senders}/{made['sid']}")
    text = it.inside.perform(SendFromHandset(address=ANN, to=WHATSAPP, body="Hello?"))
    it.post(f"{MESSAGING}/v2/Indicators/Typing.json", channel="whatsapp", messageId=text.sid)


def _templates(it: Walk) -> None:
    contents = f"{CONTENT}/v1/Content"
    types = {"twilio/text": {"body": "Hello {{1}}"}}
    made = it.post(contents, said={"language": "en", "types": types, "variables": {"1": "you"}})
    it.get(f"{contents}/{made['sid']}")
    it.get(contents)
    it.post(
        f"{contents}/{made['sid']}/ApprovalRequests/whatsapp",
        said={"name": "hello", "category": "UTILITY"},
    )
    it.get(f"{contents}/{made['sid']}/ApprovalRequests")
    it.get(f"{CONTENT}/v1/ContentAndApprovals")
    it.get(f"{CONTENT}/v2/Content")
    it.get(f"{CONTENT}/v2/ContentAndApprovals")
    it.put(f"{contents}/{made['sid']}", said={"types": types})
    it.delete(f"{contents}/{made['sid']}")


def _alerts(it: Walk) -> None:
    it.inside.perform(
        RaiseAlert(
            account=it.inside.account_sid,
            error_code=11200,
            alert_text="answered 500",
            resource_sid="SM" + "0" * 32,
            request_url=URL,
            request_method="POST",
        )
    )
    alerts = "https://monitor.twilio.com/v1/Alerts"
    (alert,) = it.get(alerts)["alerts"]
    it.get(f"{alerts}/{alert['sid']}")
