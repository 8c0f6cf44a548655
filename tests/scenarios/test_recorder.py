"""What happened on an emulator, recorded: it plays green on a fresh one."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.users import AddUser, ChangeReachability
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.restoring import RestoreWorld
from twilio_emulator.core.kernel.world import QUIET, Origin, Source
from twilio_emulator.core.sync.documents import AddSyncDocument, UpdateSyncDocument
from twilio_emulator.core.sync.maps import AddSyncMap, PutSyncMapItem
from twilio_emulator.core.verify.challenges import Challenges
from twilio_emulator.core.verify.resources import Verifications
from twilio_emulator.play import library
from twilio_emulator.play.local import LocalStage
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.scenarios.language.scenario import Scenario
from twilio_emulator.scenarios.language.source import parse, plain
from twilio_emulator.scenarios.player.report import Report
from twilio_emulator.scenarios.player.stage import ScenarioSetup
from twilio_emulator.scenarios.recorder import yaml_text
from twilio_emulator.scenarios.recorder.recorder import NotRecorded
from twilio_emulator.server.app import Server
from twilio_emulator.settings import CONVERSATION_SERVICE_SID, Settings

NAMES = sorted(
    path.name.removesuffix(library.SUFFIX)
    for path in library.find("x").parent.glob("*.yaml")
    if "push-denied" not in path.name  # docs/verify.md: what a device has signed cannot be recorded
)
SID = re.compile(r"(?!FW)[A-Z]{2}[0-9a-f]{32}|[a-z]+_[a-z]+_[0-7][0-9a-z]{25}")
"""Of what there is in an emulator: flows of Studio (FW) are none of that."""


def no_certificate() -> bytes:
    raise LookupError


async def happened(
    act: Callable[[LocalStage], Awaitable[Report | None]],
) -> tuple[Report | None, str]:
    """What somebody did on a fresh emulator: what came of it, and its recording."""
    server = Server(Settings(), no_certificate)
    stage = LocalStage(server, server.worlds)
    try:
        report = await act(stage)
        account = next(each for each in server.worlds if each is not server.worlds.default)
        return report, library.record(account.gate)
    finally:
        await server.end()


def played(scenario: Scenario) -> tuple[Report, str]:
    """A scenario's report, and the recording of it."""

    async def play(stage: LocalStage) -> Report:
        return await library.play(scenario, stage)

    report, text = asyncio.run(happened(play))
    assert report is not None
    return report, text


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_plays_green_and_names_no_sid_and_no_secret(name: str) -> None:
    _, text = played(library.load(name))
    report, again = played(library.load_text(text, "recorded"))

    assert report.held, report.failure and report.failure.lines()
    assert SID.findall(text) == []
    assert played(library.load_text(again, "again"))[0].held


SIGN_IN = """\
scenario: Codes everywhere

people:
  Ann: +12025550199
  Ben: whatsapp:+12025550123
  Carl: {phone: +12025550166, calls: hold}
  Dora: {phone: +12025550177, email: dora@acme.example}
  Emil: {phone: +12025550155, network: airplane}

story:
  - verify.services.create:
      {friendly_name: Owl Bank, custom_code_enabled: true, dtmf_input_required: true}
    as: service
  - verify.services.verifications.create: {service: service, to: Ann, channel: sms}
  - Ann gets a code
  - wait: 30 seconds
  - verify.services.verifications.create: {service: service, to: Ann, channel: sms}
  - Ann gets a code:
    as: texted
  - Ann texts: "My code is ${texted}."
    to: number
  - verify.services.verification_checks.create: {service: service, to: Ann, code: "${texted}"}
    expect: {status: approved}
  - verify.services.verification_checks.create: {service: service, to: Ann, code: "${texted}"}
    fails: 20404
  - verify.services.verifications.create:
      {service: service, to: "+12025550123", channel: whatsapp}
  - Ben gets a code:
    as: copied
  - verify.services.verification_checks.create:
      {service: service, to: "+12025550123", code: " ${copied} "}
    expect: {status: approved}
  - verify.services.verifications.create: {service: service, to: Carl, channel: call}
  - Carl gets a code:
    by: call
    as: spoken
  - verify.services.verification_checks.create: {service: service, to: Carl, code: "${spoken}"}
    expect: {status: approved}
  - verify.services.verifications.create:
      {service: service, to: dora@acme.example, channel: email}
  - Dora's mailbox gets: /code/
    as: mail
  - verify.services.verifications.create:
      {service: service, to: ANN@example.com, channel: email}
  - Ann's mailbox gets: /code/
  - verify.services.verification_checks.create:
      {service: service, to: dora@acme.example, code: "${mail.codes.0}"}
    expect: {status: approved}

  # Nobody has seen this one, and that one is of the app's.
  - verify.services.verifications.create: {service: service, to: Emil, channel: sms}
    as: unseen
  - GET /verifications/${unseen.sid}/code:
    as: looked up
  - verify.services.verification_checks.create:
      {service: service, to: Emil, code: "${looked up.code}"}
    expect: {status: approved}
  - verify.services.verifications.create: {service: service, to: Emil, channel: sms}
    as: late
  - GET /verifications/${late.sid}/code:
    as: looked up
  - wait: 11 minutes
  - verify.services.verification_checks.create:
      {service: service, to: Emil, code: "${looked up.code}"}
    fails: 20404
  - verify.services.verifications.create:
      {service: service, to: Ann, channel: sms, custom_code: "808017"}
  - Ann gets a code
  - verify.services.verification_checks.create: {service: service, to: Ann, code: "808017"}
    expect: {status: approved}

  # An authenticator app, whose secret somebody has brought along.
  - verify.services.entities.factors.create:
      service: service
      entity: ann-00000001
      friendly_name: Ann
      factor_type: totp
      binding_secret: GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ
    as: factor
  - GET /totp/${factor.sid}:
    as: app
  - verify.services.entities.factors.update:
      {service: service, entity: ann-00000001, factor: factor, auth_payload: "${app.code}"}
    expect: {status: verified}
  - verify.services.entities.challenges.create:
      {service: service, entity: ann-00000001, factor_sid: factor}
    as: challenge
  - wait: 1 hour
  - GET /totp/${factor.sid}:
    as: app
  - verify.services.entities.challenges.create:
      {service: service, entity: ann-00000001, factor_sid: factor, auth_payload: "${app.code}"}
    expect: {status: approved}
"""


async def signed_in(text: str, seed: int) -> tuple[Report, str, list[str], set[str]]:
    """A story's report and recording, how its verifications and challenges ended, and what a
    recording of it does not say."""
    server = Server(Settings(seed=seed), no_certificate)
    try:
        report = await library.play(
            library.load_text(text, "codes"), LocalStage(server, server.worlds)
        )
        account = next(each for each in server.worlds if each is not server.worlds.default)
        world, tried = account.gate.world, [each.command for each in account.gate.journal]
        ends = [f"{each.status}" for kind in (Verifications, Challenges) for each in world[kind]]
        names = ("code", "custom_code", "auth_payload", "binding_secret")
        said = {str(getattr(each, name, None) or "").strip() for each in tried for name in names}
        secret = {each.code for each in world[Verifications]} | said - {""}
        return report, library.record(account.gate), ends, secret
    finally:
        await server.end()


def test_a_recording_says_no_code_and_plays_with_another_seed() -> None:
    report, text, ends, secret = asyncio.run(signed_in(SIGN_IN, 1))
    assert report.held, report.failure and report.failure.lines()
    again, _, as_before, others = asyncio.run(signed_in(text, 2))

    assert [each for each in secret if each in text] == []
    assert "GEZDG" not in text
    assert "not recorded" not in text
    for said in (
        "  - Ann gets a code:\n    by: sms\n    as: code\n",
        "  - Ann texts: My code is ${code}.\n",
        'code: "${code}", to: Ann',
        "  - Ben gets a code:\n    by: whatsapp\n    as: code 2\n",
        "  - Carl gets a code:\n    by: call\n    as: code 3\n",
        "'s mailbox gets: {from: verify@example.com}\n    as: mail\n",
        "  - Ann's mailbox gets: {from: verify@example.com}\n",
    ):
        assert said in text
    assert again.held, again.failure and again.failure.lines()
    assert secret & others == set()
    assert as_before == ends


SHARED = """\
scenario: What pages do
people:
  Alice: chat:alice
story:
  - Alice sets: {map: prices, key: a/b c, data: {amount: 1}}
    ttl: 5 minutes
  - Alice updates: {map: prices, key: a/b c, data: {currency: EUR}}
  - sync.services.create: {friendly_name: Other}
    as: other
  - PUT /sync/maps/prices/items/k: {data: {n: 1}, service: "${other.sid}"}
  - sync.services.update: {service: default, acl_enabled: true}
  - sync.services.documents.create: {service: default, unique_name: cart}
  - sync.services.documents.permissions.update:
      {service: default, document: cart, permission: alice, read: true, write: false, manage: false}
  - Alice sets: {document: cart, data: {}}
    fails: 54007
  - sync.services.maps.create: {service: default, unique_name: "a/b {c} ü?"}
  - sync.services.maps.items.create: {service: default, map: "a/b {c} ü?", key: "%/ {d}", data: {}}
  - sync.services.maps.items.fetch: {service: default, map: "a/b {c} ü?", item: "%/ {d}"}
    expect: {key: "%/ {d}"}
"""


def test_what_pages_share_is_recorded_as_the_back_end_says_it() -> None:
    report, text = played(library.load_text(SHARED))
    assert report.held, report.failure and report.failure.lines()
    assert "PUT /sync/maps/${prices.sid}/items/a%2Fb%20c" in text
    again, _ = played(library.load_text(text))
    assert again.held, again.failure and again.failure.lines()
    assert "{data: {n: 1}, service: " in text
    assert "# not recorded" not in text
    assert "# refused to alice: UpdateSyncDocument" in text
    assert "currency: EUR" in text


AGENT = """\
scenario: What an agent remembers and forgets
people:
  Ann: +12025550199
  Ben: +12025550166
receivers:
  agent: 200
before:
  - PUT /orchestrator/agent: {url: agent}
story:
  - Ann texts: Where is my parcel?
  - agent receives: {event: COMMUNICATION_CREATED}
  - GET /orchestrator/conversations/Ann:
    as: talk
  - GET /memory/profiles/Ann:
    as: known
  - conversations.v2.conversations.patch:
      {conversation: "${talk.id}", metadata: {order_id: "7", due_: today, gone: soon}}
  - conversations.v2.conversations.patch:
      {conversation: "${talk.id}", metadata: {gone: null}}
    expect: {metadata: {order_id: "7", due_: today}}
  - conversations.v2.configurations.patch:
      {configuration: conversation_configuration_id, channel_settings: {RCS: null}}
  - stores.trait_groups.create:
      store: memory_store_id
      display_name: Parcels
      traits: {last_order: {dataType: STRING}, courier: {dataType: STRING}}
  - stores.profiles.patch:
      store: memory_store_id
      profile: ${known.id}
      traits: {Parcels: {last_order: "7", courier: by bike}}
  - stores.profiles.patch:
      {store: memory_store_id, profile: "${known.id}", traits: {Parcels: {courier: null}}}
  - POST /memory/profiles/Ann/observations: {content: In a hurry.}
    as: remembered
  - stores.profiles.observations.patch:
      store: memory_store_id
      profile: ${known.id}
      observation: ${remembered.observations.0.id}
      content: Always in a hurry.
  - POST /memory/profiles/Ann/summaries:
      {content: Asked for a parcel., conversation_id: "${talk.id}"}
    as: summed up
  - stores.profiles.conversation_summaries.delete:
      store: memory_store_id
      profile: ${known.id}
      conversation_summary: ${summed up.summaries.0.id}
  - POST /knowledge/texts: {content: We deliver until 6., name: Hours}
  - GET /memory/profiles/Ann:
    expect: {traits: {Parcels: {last_order: "7"}}, summaries: [], observations: {count: 1}}
  - stores.trait_groups.patch:
      {store: memory_store_id, trait_group: Parcels, description: x, if_match: '"1"'}
  - stores.trait_groups.patch:
      {store: memory_store_id, trait_group: Parcels, description: y, if_match: '"1"'}
    fails: 20412
  - memory.stores.create: {display_name: second}
  - memory.stores.list: {order_by: ASC}
    as: every
  - stores.profiles.create: {store: "${every.stores.1}", traits: {Contact: {phone: Ben}}}
  - Ben texts: Hello
  - GET /orchestrator/conversations/Ben:
    as: another
  - conversations.v2.conversations.delete: {conversation: "${another.id}"}
"""


def test_what_an_agent_remembers_is_recorded_key_for_key() -> None:
    report, text = played(library.load_text(AGENT))
    assert report.held, report.failure and report.failure.lines()
    again, twice = played(library.load_text(text))
    assert again.held, again.failure and again.failure.lines()
    assert SID.findall(text) == []
    assert twice == text
    for said in (
        'metadata: {order_id: "7", due_: today, gone: soon}',
        "metadata: {gone: null}",
        "channel_settings: {RCS: null}",
        'traits: {Parcels: {last_order: "7", courier: by bike}}',
        "traits: {Parcels: {courier: null}}",
        'if_match: "\\"1\\""',
    ):
        assert said in text


def test_what_only_others_are_refused_is_a_remark() -> None:
    gate = Server(Settings(), no_certificate).worlds.default.gate
    at = {"account": gate.world.account_sid, "service": "default"}
    page = Origin(source=Source.SDK, identity="alice")
    gate.perform_now(AddSyncMap(**at, unique_name="prices"))
    gate.perform_now(AddSyncDocument(**at, unique_name="cart"))
    for wish, origin in (
        (PutSyncMapItem(**at, resource="prices", key="k", data="{}", ttl="1.5"), page),
        (UpdateSyncDocument(**at, resource="none", data="{}"), page),
        (UpdateSyncDocument(**at, resource="cart", data="{}", if_match="7"), QUIET),
        (UpdateSyncDocument(**at, resource="cart", data="["), QUIET),
    ):
        with pytest.raises(Refused):
            gate.perform_now(wish, origin)
    text = library.record(gate)
    assert re.findall("# refused .*", text) == [
        "# refused to alice: PutSyncMapItem",
        "# refused to alice: UpdateSyncDocument",
        "# refused for its If-Match: UpdateSyncDocument",
    ]
    again, _ = played(library.load_text(text))
    assert again.held, again.failure and again.failure.lines()


def test_what_was_refused_is_expected_to_be_refused() -> None:
    _, text = played(library.load("opt-out"))
    assert "    fails: 21610\n" in text


def test_a_journal_without_its_beginning_is_no_recording(server: Server) -> None:
    gate: Gate = server.worlds.default.gate
    gate.perform_now(RestoreWorld(snapshot=gate.world.snapshot()))
    with pytest.raises(NotRecorded, match="does not go back to its beginning: what was before"):
        library.record(gate)
    with pytest.raises(NotRecorded, match="nobody opened it"):
        library.record(Gate(gate.world))


def test_a_journal_that_dropped_its_beginning_says_how_to_keep_more() -> None:
    server = Server(Settings(keep=("commands=3",)), no_certificate)
    gate = server.worlds.default.gate
    for _ in range(3):
        gate.perform_now(AddConversation(service=CONVERSATION_SERVICE_SID))
    with pytest.raises(NotRecorded) as refused:
        library.record(gate)
    assert str(refused.value).partition("beginning: ")[2] == (
        "older commands were dropped; keep more with --keep commands=30"
        "; to keep all from now on: twilio-emulator record --begin"
    )


@pytest.mark.parametrize("opened", [True, False])
def test_an_account_that_is_recorded_keeps_all(opened: bool) -> None:
    server = Server(Settings(keep=("commands=3",), record=opened), no_certificate)
    gate = server.worlds.default.gate
    gate.record()
    for _ in range(5):
        gate.perform_now(AddConversation(service=CONVERSATION_SERVICE_SID))
        with pytest.raises(Refused):
            gate.perform_now(AddConversation(service="IS1"))
    gate.record()
    text = library.record(gate)
    assert text.count("conversations.create") == 10
    assert text.count("fails: ") == 5
    gate.end_recording()
    assert len(gate.journal) == 3
    with pytest.raises(NotRecorded):
        library.record(gate)


def test_a_recording_begins_with_what_there_is_when_the_beginning_was_dropped() -> None:
    settings = Settings(keep=("commands=3",), numbers=("+12025550107",), clock="frozen")
    server = Server(settings, no_certificate)
    gate = server.worlds.default.gate
    for number in range(4):
        wish = AddConversation(service=CONVERSATION_SERVICE_SID, friendly_name=f"old {number}")
        gate.perform_now(wish)
    gate.record()
    assert gate.journal.base is not None
    made = gate.perform_now(AddConversation(service=CONVERSATION_SERVICE_SID, friendly_name="new"))
    gate.perform_now(
        PostMessage(service=CONVERSATION_SERVICE_SID, conversation=made.sid, body="Hello")
    )
    text = library.record(gate)

    assert "what was there before has to be there, too" in text
    assert 'number 3: "+12025550107"' in text or "number 3: +12025550107" in text
    assert "old" not in text
    assert "{conversation: new, body: Hello}" in text
    report, _ = played(library.load_text(text, "recorded"))
    assert report.held, report.failure and report.failure.lines()
    gate.end_recording()
    with pytest.raises(NotRecorded):
        library.record(gate)


def test_the_phone_of_somebody_with_a_name_keeps_it(server: Server) -> None:
    async def act(stage: LocalStage) -> None:
        await stage.open(ScenarioSetup(title="x"))
        await stage.control("PUT", "/handsets/+12025550199", {"profile_name": "Zoe"})
        await stage.control("PATCH", "/handsets/+12025550199", {"network": "airplane"})
        await stage.control("PATCH", "/carrier", {"profile": "no-dlr"})
        await stage.control("POST", "/faults", {"do": {"hold": True}})
        await stage.control("DELETE", "/faults")
        said = {"to": "+12025550100", "body": "Hi"}
        await stage.control("POST", "/handsets/+12025550199/messages", said)

    _, text = asyncio.run(happened(act))
    assert text.partition("Z\n\n")[2] == (
        """\
people:
  Zoe: {phone: +12025550199, profile_name: Zoe}

story:
  - Zoe's phone has: {network: airplane}
  - PATCH /carrier: {profile: no-dlr}
  - fault: {match: {}, do: {hold: true}}
  - no faults
  - Zoe texts: Hi
    to: ${number}
"""
    )


@pytest.mark.parametrize(
    "value",
    [
        "Hello, you!",
        "no",
        "on",
        "",
        " x ",
        "a: b",
        "a #b",
        "#1",
        "${name} x",
        "{x}",
        "[x]",
        "What?",
        'say "hi"',
        "back\\slash",
        "two\nlines",
        "+12025550199",
        "2026-01-05T09:00:00.000Z",
        "1",
        1,
        1.5,
        True,
        None,
        [],
        {},
        ["a, b", {"c": ["d?", {"e: f": 1}]}],
        {"x" * 50: "y" * 60, "z": [{"a": "b" * 90}]},
    ],
)
def test_yaml_that_is_written_reads_as_what_it_was(value: object) -> None:
    for written in (
        "\n".join(yaml_text.pair("key", value, 0)),
        "\n".join(["key:", *yaml_text.step({"in": value, "x": 1}, 2)]),
    ):
        read = plain(parse(written, "a"))
        assert read in ({"key": value}, {"key": [{"in": value, "x": 1}]})


API = "api.twilio.com"
CONVERSATIONS = "conversations.twilio.com"
MESSAGING = "messaging.twilio.com"
CONTENT = "content.twilio.com"


class Life:
    """Somebody who does things on an emulator, by REST and by hand."""

    def __init__(self, stage: LocalStage) -> None:
        self._stage = stage

    async def rest(
        self, method: str, host: str, path: str, *given: tuple[str, str]
    ) -> dict[str, Any]:
        """A REST call that is done."""
        answer = await self._stage.rest(method, host, path, list(given), loud=False)
        assert answer.status < 300, answer
        found: dict[str, Any] = answer.body
        return found

    async def control(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """A call of the control API that is done."""
        answer = await self._stage.control(method, path, body)
        assert answer.status < 300, answer
        found: dict[str, Any] = answer.body
        return found

    async def live(self) -> Report | None:
        """Most things that can be done, one after another."""
        account = await self._stage.open(ScenarioSetup(title="x", numbers=("+18885550123",)))
        texts = f"/2010-04-01/Accounts/{account.account_sid}/Messages.json"
        ann = "/handsets/+12025550199"
        talk = await self.rest("POST", CONVERSATIONS, "/v1/Conversations", ("UniqueName", "one"))
        path = f"/v1/Conversations/{talk['sid']}"
        pair = ("MessagingBinding.Address", "+12025550199")
        by = ("MessagingBinding.ProxyAddress", "+12025550100")
        await self.rest("POST", CONVERSATIONS, f"{path}/Participants", pair, by)
        await self.rest("POST", CONVERSATIONS, f"{path}/Participants", ("Identity", "alice"))
        await self.control("POST", f"{ann}/messages", {"to": "+12025550100", "body": "Hello"})

        # What came in is found by who looks for it.
        listed = await self.rest("GET", CONVERSATIONS, f"{path}/Messages")
        message = listed["messages"][0]["sid"]
        attributes = ("Attributes", f'{{"from": "{message}"}}')
        await self.rest("POST", CONVERSATIONS, f"{path}/Messages/{message}", attributes)
        members = await self.rest("GET", CONVERSATIONS, f"{path}/Participants")
        member = members["participants"][1]["sid"]
        await self.rest("DELETE", CONVERSATIONS, f"{path}/Participants/{member}")
        user = (await self.rest("GET", CONVERSATIONS, "/v1/Users/alice"))["sid"]
        await self.rest("POST", CONVERSATIONS, f"/v1/Users/{user}", ("FriendlyName", "Alice"))
        roles = (await self.rest("GET", CONVERSATIONS, "/v1/Roles"))["roles"]
        role = f"/v1/Roles/{roles[0]['sid']}"
        await self.rest("POST", CONVERSATIONS, role, ("Permission", "editOwnUserInfo"))
        await self.rest("POST", CONVERSATIONS, path, ("UniqueName", ""), ("Timers.Closed", "PT1H"))

        # Services of both kinds, and what is in them.
        rooms = await self.rest("POST", CONVERSATIONS, "/v1/Services", ("FriendlyName", "Shop"))
        inner = f"/v1/Services/{rooms['sid']}/Conversations"
        room = await self.rest("POST", CONVERSATIONS, inner, ("FriendlyName", "In the shop"))
        said = ("Body", "/not a pattern/")
        await self.rest("POST", CONVERSATIONS, f"{inner}/{room['sid']}/Messages", said)
        pool = await self.rest("POST", MESSAGING, "/v1/Services", ("FriendlyName", "Pool"))

        # Texts, and what becomes of them.
        await self.control("PATCH", ann, {"receipts": "hold", "label": "Ann"})
        to, sender = ("To", "+12025550199"), ("From", "+12025550101")
        sent = await self.rest("POST", API, texts, to, sender, ("Body", "${Hello} there"))
        await self.control("POST", "/clock", {"advance": 5})
        (item,) = [
            each
            for each in await self._stage.inbox("+12025550199", 0)
            if each["direction"] == "to_handset"
        ]
        await self.control("POST", f"/messages/{sent['sid']}/receipt", {"status": "delivered"})
        await self.control("POST", f"{ann}/messages/{item['id']}/read")
        await self.control("POST", f"{ann}/threads/+12025550101/read")
        await self.rest("POST", API, texts, to, sender, ("Body", "Once more"))
        await self.control("POST", "/clock", {"advance": 5})
        match = {"from": "+12025550101", "to": "+12025550199"}
        release = {"match": match, "as": "undelivered", "error_code": 30003}
        await self.control("POST", "/receipts/release", release)
        reply = {"to": "+12025550101", "body": "Here", "reply_to": item["id"], "others": []}
        place = {"latitude": "1", "longitude": "2"}
        much = {**reply, "location": place, "forwarded": True, "extra_params": {"X": "1"}}
        await self.control("POST", f"{ann}/messages", much)
        await self.control("POST", f"{ann}/messages", {**reply, "channel": "mms"})

        # Faults, opt-outs, windows, templates, numbers.
        fault = {"match": match, "do": {"final": {"status": "failed", "error_code": 30008}}}
        rule = await self.control("POST", "/faults", fault)
        busy = {"do": {"api_error": {"status": 429, "code": 20429}}, "times": 2}
        await self.control("POST", "/faults", busy)
        await self._stage.rest("POST", API, texts, [to, ("Body", "x")], loud=False)
        await self.control("DELETE", f"/faults/{rule['id']}")
        await self.control("DELETE", "/faults")
        pair_out = {"recipient": "+12025550177", "scope": "+12025550101"}
        await self.control("PUT", "/optouts", pair_out)
        query = "recipient=%2B12025550177&scope=%2B12025550101"
        await self.control("DELETE", f"/optouts?{query}")
        words = {"stop": ["HALT"], "stopped": "Bye", "start": ["GO"], "started": "Hi"}
        own = f"/services/{pool['sid']}/advanced-optout"
        await self.control("PUT", own, {"wordings": {"US": words}})
        await self.control("PATCH", f"/services/{pool['sid']}", {"link_domain": "a.test"})
        await self.control("PATCH", "/numbers/+18885550123", {"verified": True})
        await self.control("PATCH", "/address-rules", {"group_mms": False})
        await self.control("PUT", "/handsets/+12025550155", {})
        await self.control("PATCH", "/whatsapp/windows/+12025550199/+14155238886", {"open": False})
        types = {"twilio/text": {"body": "Hi"}}
        given = {"friendly_name": "t", "language": "en", "types": types}
        made = await self._stage.rest("POST", CONTENT, "/v1/Content", given, loud=False)
        approval = f"/v1/Content/{made.body['sid']}/ApprovalRequests/whatsapp"
        asked = {"name": "t", "category": "UTILITY"}
        await self._stage.rest("POST", CONTENT, approval, asked, loud=False)
        thinks = {"status": "rejected", "reason": "no"}
        await self.control("POST", f"/content/{made.body['sid']}/approval", thinks)
        await self.control("DELETE", "/handsets/+12025550155")
        return None


def test_whatever_is_done_is_recorded(server: Server) -> None:
    async def act(stage: LocalStage) -> Report | None:
        return await Life(stage).live()

    _, text = asyncio.run(happened(act))

    assert "not recorded" not in text
    assert SID.findall(text) == []
    report, _ = played(library.load_text(text, "recorded"))
    assert report.held, report.failure and report.failure.lines()


def test_a_command_without_words_is_a_comment(server: Server) -> None:
    gate = server.worlds.default.gate
    user = gate.perform_now(AddUser(service=CONVERSATION_SERVICE_SID, identity="ann"))
    coming = ChangeReachability(service=CONVERSATION_SERVICE_SID, user=user.sid, is_online=True)
    gate.perform_now(coming)
    assert "  # not recorded: ChangeReachability\n" in library.record(gate)


def test_a_snapshot_that_is_put_back_is_what_a_recording_begins_with(server: Server) -> None:
    gate = server.worlds.default.gate
    gate.record()
    gate.perform_now(AddConversation(service=CONVERSATION_SERVICE_SID, friendly_name="lost"))
    snapshot = gate.world.snapshot()
    gate.perform_now(AddConversation(service=CONVERSATION_SERVICE_SID, friendly_name="undone"))
    gate.perform_now(RestoreWorld(snapshot=snapshot))
    gate.perform_now(AddConversation(service=CONVERSATION_SERVICE_SID, friendly_name="made"))
    text = library.record(gate)
    assert ("lost" in text, "undone" in text, "made" in text) == (False, False, True)
