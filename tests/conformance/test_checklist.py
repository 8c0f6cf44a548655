"""The conformance checklist, statement by statement, through the official library where it can.

The library knows neither phones nor clocks, and what it does not show is asked for by HTTP.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.rest.conversations.v1 import V1
from twilio.rest.conversations.v1.conversation import ConversationInstance

from tests.conformance.inside import CONVERSATIONS, Inside
from tests.webhooks.conftest import App, http
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.phones.inbox import InboxItems

ANN, BOB = "+12025550199", "+12025550198"
NUMBER, OTHER_NUMBER = "+12025550100", "+12025550101"
WHATSAPP = "whatsapp:+14155238886"


@pytest.fixture
def v1(inside: Inside) -> V1:
    """Conversations as the official library has it."""
    client: Client = inside.library
    version: V1 = client.conversations.v1
    return version


def refused(action: Callable[..., object], *given: Any, **wanted: Any) -> tuple[int, int, str]:
    """Status, code and text with which the library's call is refused."""
    with pytest.raises(TwilioRestException) as refusal:
        action(*given, **wanted)
    return refusal.value.status, refusal.value.code, refusal.value.msg


def add_phone(
    conversation: ConversationInstance, address: str = ANN, proxy_address: str = NUMBER
) -> Any:
    """Somebody reached by SMS or WhatsApp."""
    return conversation.participants.create(
        messaging_binding_address=address, messaging_binding_proxy_address=proxy_address
    )


def events(app: App, path: str) -> list[str]:
    """The events that came to a path, in order."""
    return [request.form["EventType"] for request in app[path]]


def configure(inside: Inside, v1: V1, *filters: str) -> None:
    """Have the account's webhooks go to the app's /pre and /post."""
    v1.configuration.webhooks().update(
        filters=list(filters),
        pre_webhook_url=f"{inside.app.url}/pre",
        post_webhook_url=f"{inside.app.url}/post",
    )


def test_1_a_wrong_password(inside: Inside) -> None:
    client = Client(inside.account_sid, "wrong", http_client=inside.library.http_client)
    status, code, _ = refused(client.conversations.v1.conversations.create)
    assert (status, code) == (401, 20003)


def test_2_an_unknown_conversation(v1: V1) -> None:
    sid = "CH" + "0" * 32
    status, code, text = refused(v1.conversations(sid).fetch)
    assert (status, code) == (404, 20404)
    assert text.endswith(f"The requested resource /Conversations/{sid} was not found")


def test_3_a_bare_conversation(inside: Inside, v1: V1) -> None:
    made = v1.conversations.create()
    assert (made.state, made.attributes, made.timers, made.bindings) == ("active", "{}", {}, {})
    assert made.unique_name is None
    assert {"participants", "messages", "webhooks"} <= made.links.keys()
    assert inside.ask("POST", "/Conversations").status == 201


def test_4_both_forms_lead_to_the_same(inside: Inside, v1: V1) -> None:
    service = v1.services(inside.service_sid)
    assert service.conversations(v1.conversations.create().sid).fetch().state == "active"
    assert v1.conversations(service.conversations.create().sid).fetch().state == "active"


def test_5_a_unique_name_is_unique_in_a_service(v1: V1) -> None:
    v1.conversations.create(unique_name="mine")
    assert refused(v1.conversations.create, unique_name="mine")[:2] == (409, 50353)
    other = v1.services.create(friendly_name="Other")
    assert v1.services(other.sid).conversations.create(unique_name="mine").unique_name == "mine"


def test_6_a_unique_name_stands_for_the_sid(v1: V1) -> None:
    made = v1.conversations.create(unique_name="mine")
    made.messages.create(body="Hello")
    made.participants.create(identity="alice")
    found = v1.conversations("mine")
    assert found.fetch().sid == made.sid
    assert [each.body for each in found.messages.list()] == ["Hello"]
    assert [each.identity for each in found.participants.list()] == ["alice"]


def test_7_attributes_are_json_byte_for_byte(v1: V1) -> None:
    assert refused(v1.conversations.create, attributes="{bad")[:2] == (400, 50304)
    assert v1.conversations.create(attributes='{ "a" : 1 }').attributes == '{ "a" : 1 }'


def test_8_pages_lead_on(inside: Inside, v1: V1) -> None:
    made = {v1.conversations.create().sid for _ in range(60)}
    first = v1.conversations.page(page_size=50)
    assert first.next_page_url.startswith(f"{CONVERSATIONS}/Conversations?")
    second = first.next_page()
    rows = [each.sid for page in (first, second) for each in page]
    assert (len(rows), set(rows)) == (60, made)
    assert second.next_page_url is None
    assert len(v1.conversations.list(page_size=50)) == 60


def test_9_the_latest_activity_comes_first(v1: V1) -> None:
    old = v1.conversations.create()
    v1.conversations.create()
    old.messages.create(body="Hello")
    assert v1.conversations.list()[0].sid == old.sid


def test_10_closed_is_final_and_can_be_read(v1: V1) -> None:
    made = v1.conversations.create()
    made.participants.create(identity="alice")
    made.messages.create(body="Hello")
    made.update(state="closed")
    assert refused(made.messages.create, body="More")[:2] == (400, 50377)
    assert made.fetch().state == "closed"
    assert (len(made.messages.list()), len(made.participants.list())) == (1, 1)


def test_11_timers_have_a_least_value(v1: V1) -> None:
    assert refused(v1.conversations.create, timers_inactive="PT30S")[:2] == (400, 50375)
    assert refused(v1.conversations.create, timers_closed="PT5M")[:2] == (400, 50376)


def test_12_an_inactive_conversation_revives(inside: Inside, v1: V1) -> None:
    made = v1.conversations.create(timers_inactive="PT1M")
    assert made.timers == {"date_inactive": "2026-01-05T09:01:00Z"}
    inside.advance(seconds=61)
    assert made.fetch().state == "inactive"
    made.messages.create(body="Hello")
    revived = made.fetch()
    assert revived.state == "active"
    assert revived.timers == {"date_inactive": "2026-01-05T09:02:01Z"}


def test_13_the_closed_timer_alone_closes(inside: Inside, v1: V1) -> None:
    configure(inside, v1, "onConversationStateUpdated")
    made = v1.conversations.create(timers_closed="PT10M")
    inside.advance(seconds=601)
    assert made.fetch().state == "closed"
    (request,) = inside.app["/post"]
    said = request.form
    assert (said["StateFrom"], said["StateTo"], said["Reason"]) == ("active", "closed", "TIMER")


def test_14_an_identity_once(v1: V1) -> None:
    made = v1.conversations.create()
    made.participants.create(identity="alice")
    assert refused(made.participants.create, identity="alice")[:2] == (409, 50433)
    assert v1.users("alice").fetch().identity == "alice"


def test_15_a_pair_once_until_it_is_closed(v1: V1) -> None:
    first, second = v1.conversations.create(), v1.conversations.create()
    add_phone(first)
    status, code, text = refused(add_phone, second)
    assert (status, code) == (409, 50416)
    assert text.endswith(f"already exists in Conversation {first.sid}")
    first.update(state="closed")
    assert add_phone(second).messaging_binding["address"] == ANN


def test_16_inactive_ones_of_other_services_count(v1: V1) -> None:
    other = v1.services.create(friendly_name="Other")
    first = v1.services(other.sid).conversations.create(state="inactive")
    first.participants.create(messaging_binding_address=ANN, messaging_binding_proxy_address=NUMBER)
    assert refused(add_phone, v1.conversations.create())[:2] == (409, 50416)


def test_17_both_sides_have_one_channel(v1: V1) -> None:
    made = v1.conversations.create()
    assert refused(add_phone, made, f"whatsapp:{ANN}", NUMBER)[:2] == (400, 50414)


def test_18_bindings_have_the_keys_that_apply(v1: V1) -> None:
    made = v1.conversations.create()
    assert made.participants.create(identity="alice").messaging_binding is None
    assert add_phone(made).messaging_binding == {
        "type": "sms",
        "address": ANN,
        "proxy_address": NUMBER,
    }


def test_19_indexes_are_not_used_again(v1: V1) -> None:
    made = v1.conversations.create()
    said = [made.messages.create(body=str(number)) for number in range(3)]
    assert [each.index for each in said] == [0, 1, 2]
    said[1].delete()
    assert made.messages.create(body="more").index == 3
    assert [each.index for each in made.messages.list()] == [0, 2, 3]


def test_20_nobody_in_particular_is_the_system(v1: V1) -> None:
    said = v1.conversations.create().messages.create(body="Hello")
    assert (said.author, said.participant_sid) == ("system", None)


def test_21_each_phone_gets_one_text(inside: Inside, v1: V1) -> None:
    made = v1.conversations.create()
    made.participants.create(identity="alice")
    add_phone(made, ANN, NUMBER)
    add_phone(made, BOB, OTHER_NUMBER)
    made.messages.create(author="alice", body="Hello  there")
    inside.advance(seconds=1)
    items = [(item.handset, item.peer, item.body) for item in inside.world[InboxItems]]
    assert items == [(ANN, NUMBER, "Hello  there"), (BOB, OTHER_NUMBER, "Hello  there")]
    made.messages.create(author=ANN, body="I am Ann")
    inside.advance(seconds=1)
    items = [(item.handset, item.body) for item in inside.world[InboxItems]]
    assert items[2:] == [(BOB, "I am Ann")]


def test_22_receipts_sum_up(inside: Inside, v1: V1) -> None:
    made = v1.conversations.create()
    add_phone(made, ANN)
    said = made.messages.create(body="Hello")
    assert [each.status for each in said.delivery_receipts.list()] == [None]
    inside.advance(milliseconds=50)
    assert said.fetch().delivery["sent"] == "all"
    assert said.fetch().delivery["delivered"] == "none"
    inside.advance(seconds=1)
    assert said.fetch().delivery == {
        "total": 1,
        "sent": "all",
        "delivered": "all",
        "read": "none",
        "failed": "none",
        "undelivered": "none",
    }
    add_phone(made, BOB)
    inside.write(BOB, NUMBER, "STOP")
    said = made.messages.create(body="Hello again")
    inside.advance(seconds=1)
    assert said.fetch().delivery["failed"] == "some"
    codes = {each.status: each.error_code for each in said.delivery_receipts.list()}
    assert codes == {"delivered": None, "failed": 21610}


def test_23_rest_calls_fire_webhooks_when_they_say_so(inside: Inside, v1: V1) -> None:
    configure(inside, v1, "onMessageAdd", "onMessageAdded")
    made = v1.conversations.create()
    made.messages.create(body="quiet")
    inside.settle()
    assert inside.app.received == []
    made.messages.create(body="loud", x_twilio_webhook_enabled="true")
    inside.settle()
    assert [request.form["EventType"] for request in inside.app.received] == [
        "onMessageAdd",
        "onMessageAdded",
    ]


def test_24_pre_events_reject_rewrite_and_time_out(inside: Inside, v1: V1) -> None:
    configure(inside, v1, "onMessageAdd", "onMessageAdded")
    made = v1.conversations.create()
    post = f"/Conversations/{made.sid}/Messages"
    inside.app.answers["/pre"] = http(status=403)
    assert inside.ask("POST", post, {"Body": "no"}, loud=True).status == 403
    inside.settle()
    assert (made.messages.list(), inside.app["/post"]) == ([], [])

    inside.app.answers["/pre"] = http('{"body":"x"}')
    made.messages.create(body="y", x_twilio_webhook_enabled="true")
    assert [each.body for each in made.messages.list()] == ["x"]

    answer = inside.loop.create_future()
    inside.app.answers["/pre"] = lambda _: answer
    asked = len(inside.app["/pre"])
    waiting = inside.loop.create_task(inside.asking("POST", post, {"Body": "z"}, loud=True))
    inside.run(inside.app.wait_for("/pre", asked + 1))
    assert not waiting.done()
    inside.advance(settle=False, seconds=6)
    assert inside.run(waiting).status_code == 201
    assert [each.body for each in made.messages.list()] == ["x", "z"]
    answer.set_result(http(status=403))
    inside.settle()


def test_25_a_conversations_own_webhook(inside: Inside, v1: V1) -> None:
    made, other = v1.conversations.create(), v1.conversations.create()
    wanted = {
        "target": "webhook",
        "configuration_url": f"{inside.app.url}/own",
        "configuration_filters": ["onMessageAdded"],
    }
    made.webhooks.create(**wanted)
    for conversation in (made, other):
        conversation.messages.create(body="Hello", x_twilio_webhook_enabled="true")
    inside.settle()
    assert [request.form["ConversationSid"] for request in inside.app.received] == [made.sid]
    assert events(inside.app, "/own") == ["onMessageAdded"]
    assert refused(made.webhooks.create, **{**wanted, "configuration_filters": ["onMessageAdd"]})[
        :2
    ] == (400, 50365)
    for _ in range(4):
        made.webhooks.create(**wanted)
    assert refused(made.webhooks.create, **wanted)[:2] == (400, 50361)


def test_26_filters_are_an_allow_list(inside: Inside, v1: V1) -> None:
    configure(inside, v1, "onMessageAdded")
    configure(inside, v1, "onConversationAdded")
    made = v1.conversations.create(x_twilio_webhook_enabled="true")
    made.messages.create(body="Hello", x_twilio_webhook_enabled="true")
    inside.settle()
    assert events(inside.app, "/post") == ["onConversationAdded"]
    assert v1.configuration.webhooks().fetch().filters == ["onConversationAdded"]


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_27_signatures_pass_the_librarys_validator(inside: Inside, v1: V1, method: str) -> None:
    url = f"{inside.app.url}/post?a=1"
    v1.configuration.webhooks().update(
        filters=["onConversationAdded"], post_webhook_url=url, method=method
    )
    v1.conversations.create(friendly_name="Ä + &", x_twilio_webhook_enabled="true")
    inside.settle()
    (request,) = inside.app["/post"]
    assert request.method == method
    signature = request.headers["x-twilio-signature"]
    validator = RequestValidator(inside.auth_token)
    assert validator.validate(inside.app.url + request.target, request.form, signature)
    assert not validator.validate(inside.app.url + request.target, {"a": "b"}, signature)


def test_28_webhooks_show_milliseconds_and_answers_do_not(inside: Inside, v1: V1) -> None:
    configure(inside, v1, "onMessageAdded")
    path = f"/Conversations/{v1.conversations.create().sid}/Messages"
    said = inside.made(path, {"Body": "Hello"}, loud=True)
    inside.settle()
    (request,) = inside.app["/post"]
    assert re.fullmatch(r"2026-01-05T09:00:00\.\d{3}Z", request.form["DateCreated"])
    assert said["date_created"] == "2026-01-05T09:00:00Z"


EVERY_EVENT = (
    "onConversationAdd",
    "onConversationAdded",
    "onParticipantAdd",
    "onParticipantAdded",
    "onMessageAdd",
    "onMessageAdded",
    "onConversationUpdated",
    "onConversationStateUpdated",
    "onDeliveryUpdated",
)


def autocreate(v1: V1, **wanted: object) -> None:
    """Have texts to the number open conversations."""
    v1.address_configurations.create(
        type="sms", address=NUMBER, auto_creation_enabled=True, **wanted
    )


def test_29_a_text_opens_a_conversation(inside: Inside, v1: V1) -> None:
    configure(inside, v1, *EVERY_EVENT)
    autocreate(v1, auto_creation_type="default")
    inside.write(ANN, NUMBER, "Hello")
    assert [request.form["EventType"] for request in inside.app.received] == [
        "onConversationAdd",
        "onConversationAdded",
        "onParticipantAdded",
        "onMessageAdded",
    ]
    asked = inside.app["/pre"][0].form
    assert (asked["MessageBody"], asked["Source"]) == ("Hello", "SMS")
    assert asked["MessagingBinding.Address"] == ANN
    assert asked["MessagingBinding.ProxyAddress"] == NUMBER
    assert "ConversationSid" not in asked
    (made,) = v1.conversations.list()
    (said,) = made.messages.list()
    (ann,) = made.participants.list()
    assert (said.index, said.body, said.author) == (0, "Hello", ANN)
    assert said.participant_sid == ann.sid


def test_30_a_webhook_may_forbid_it(inside: Inside, v1: V1) -> None:
    configure(inside, v1, *EVERY_EVENT)
    autocreate(v1, auto_creation_type="default")
    inside.app.answers["/pre"] = http(status=403)
    inside.write(ANN, NUMBER, "Hello")
    assert v1.conversations.list() == []
    assert inside.app["/post"] == []


def test_31_the_next_text_is_in_the_same_conversation(inside: Inside, v1: V1) -> None:
    autocreate(v1, auto_creation_type="default")
    inside.write(ANN, NUMBER, "Hello")
    configure(inside, v1, *EVERY_EVENT)
    inside.write(ANN, NUMBER, "Hello again")
    assert [request.form["EventType"] for request in inside.app.received] == [
        "onMessageAdd",
        "onMessageAdded",
    ]
    assert {request.form["Source"] for request in inside.app.received} == {"SMS"}
    (made,) = v1.conversations.list()
    assert [each.body for each in made.messages.list()] == ["Hello", "Hello again"]


def test_32_an_address_brings_its_webhook(inside: Inside, v1: V1) -> None:
    autocreate(
        v1,
        auto_creation_type="webhook",
        auto_creation_webhook_url=f"{inside.app.url}/own",
        auto_creation_webhook_filters=["onMessageAdded", "onParticipantAdded"],
    )
    inside.write(ANN, NUMBER, "Hello")
    (made,) = v1.conversations.list()
    (webhook,) = made.webhooks.list()
    assert webhook.configuration == {
        "url": f"{inside.app.url}/own",
        "method": "POST",
        "filters": ["onMessageAdded", "onParticipantAdded"],
    }
    assert events(inside.app, "/own") == ["onParticipantAdded", "onMessageAdded"]
    assert inside.app["/own"][1].form["Index"] == "0"


def test_33_the_conversations_of_an_address(inside: Inside, v1: V1) -> None:
    first = v1.conversations.create()
    add_phone(first)
    first.update(state="closed")
    second = v1.conversations.create()
    add_phone(second)
    found = v1.participant_conversations.list(address=ANN)
    assert {each.conversation_sid: each.conversation_state for each in found} == {
        first.sid: "closed",
        second.sid: "active",
    }
    both = inside.ask("GET", "/ParticipantConversations", query={"Address": ANN, "Identity": "a"})
    assert (both.status, both.code) == (400, 50451)


def test_34_unread_is_unknown_before_there_is_a_horizon(v1: V1) -> None:
    made = v1.conversations.create()
    made.participants.create(identity="alice")
    for number in range(3):
        made.messages.create(body=str(number))
    seen = v1.users("alice").user_conversations(made.sid)
    assert seen.fetch().unread_messages_count is None
    assert seen.update(last_read_message_index=0).unread_messages_count == 2
    assert made.participants("alice").fetch().last_read_message_index == 0
    made.messages.create(body="3")
    assert seen.fetch().unread_messages_count == 3


def test_35_every_operation_answers_through_the_library(inside: Inside, v1: V1) -> None:
    """Each has its own method in the library; the one that answers bindings has no create."""
    made = v1.conversations.create(friendly_name="A")
    people, said = made.participants, made.messages.create(body="Hello")
    inside.perform(UpsertHandset(address=ANN))
    phone = add_phone(made)
    people.create(identity="alice")
    answered = made.messages.create(body="Hello", author="alice")
    service = v1.services(inside.service_sid)
    flow = "FW" + "0" * 32
    for root in (v1, service):
        there: Any = root.conversations(made.sid)
        assert there.update(friendly_name="B").friendly_name == "B"
        assert there.fetch().date_created.year == 2026
        assert [each.sid for each in root.conversations.list()] == [made.sid]
        assert there.participants(phone.sid).fetch().sid == phone.sid
        assert there.participants(phone.sid).update(attributes="{}").attributes == "{}"
        assert len(there.participants.list()) == 2
        assert there.messages(said.sid).update(body="Hi").body == "Hi"
        assert there.messages(said.sid).fetch().index == 0
        assert [each.index for each in there.messages.list(order="desc")] == [1, 0]
        (receipt,) = there.messages(answered.sid).delivery_receipts.list()
        same = there.messages(answered.sid).delivery_receipts(receipt.sid).fetch()
        assert same.channel_message_sid == receipt.channel_message_sid
        hook = there.webhooks.create(target="studio", configuration_flow_sid=flow)
        assert there.webhooks(hook.sid).fetch().configuration == {"flow_sid": flow}
        assert there.webhooks(hook.sid).update(configuration_flow_sid=flow).target == "studio"
        assert len(there.webhooks.list()) == 1
        assert there.webhooks(hook.sid).delete()
        role = root.roles.create(friendly_name="R", type="service", permission=["joinConversation"])
        assert root.roles(role.sid).update(permission=["createConversation"]).permissions
        assert root.roles(role.sid).fetch().type == "service"
        assert len(root.roles.list()) == 5
        assert root.roles(role.sid).delete()
        user = root.users.create(identity="bob")
        assert root.users(user.sid).update(friendly_name="Bob").friendly_name == "Bob"
        assert root.users("bob").fetch().sid == user.sid
        assert "bob" in [each.identity for each in root.users.list()]
        bobs = root.users("bob")
        there.participants.create(identity="bob")
        assert bobs.user_conversations(made.sid).fetch().notification_level == "default"
        bobs.user_conversations(made.sid).update(notification_level="muted")
        assert len(bobs.user_conversations.list()) == 1
        assert len(root.participant_conversations.list(identity="bob")) == 1
        assert bobs.user_conversations(made.sid).delete()
        assert root.users("bob").delete()
        together = root.conversation_with_participants.create(participant=['{"identity":"zoe"}'])
        assert together.state == "initializing"
        inside.advance(seconds=1)
        assert root.conversations(together.sid).fetch().state == "active"
        assert root.conversations(together.sid).delete()
        removable = there.messages.create(body="Gone soon")
        assert there.messages(removable.sid).delete()
    assert v1.configuration().fetch().default_chat_service_sid == inside.service_sid
    assert v1.configuration().update(default_closed_timer="P1D").default_closed_timer == "P1D"
    assert v1.configuration.webhooks().fetch().method == "POST"
    number = v1.address_configurations.create(type="sms", address=NUMBER)
    assert v1.address_configurations(NUMBER).fetch().sid == number.sid
    assert v1.address_configurations(number.sid).update(friendly_name="N").friendly_name == "N"
    assert len(v1.address_configurations.list()) == 1
    assert v1.address_configurations(number.sid).delete()
    credential = v1.credentials.create(type="fcm", secret="s")
    assert v1.credentials(credential.sid).update(friendly_name="C").friendly_name == "C"
    assert v1.credentials(credential.sid).fetch().type == "fcm"
    assert len(v1.credentials.list()) == 1
    assert v1.credentials(credential.sid).delete()
    other = v1.services.create(friendly_name="Other")
    assert v1.services(other.sid).fetch().friendly_name == "Other"
    assert len(v1.services.list()) == 2
    assert v1.services(other.sid).delete()
    assert service.configuration().fetch().reachability_enabled is False
    assert service.configuration().update(reachability_enabled=True).reachability_enabled
    assert service.configuration.webhooks().fetch().method is None
    assert service.configuration.webhooks().update(method="POST").method == "POST"
    assert service.configuration.notifications().fetch().log_enabled is False
    assert service.configuration.notifications().update(log_enabled=True).log_enabled
    assert service.bindings.list() == []
    assert made.participants("alice").delete()
    assert made.delete()
