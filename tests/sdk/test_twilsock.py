"""The Twilsock protocol, with frames as the SDKs for JavaScript and Kotlin send them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sdk.client import frame, read
from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.sdk.twilsock.continuation import Continuation
from twilio_emulator.sdk.twilsock.protocol import (
    NOT_ACCEPTABLE,
    OTHER_IDENTITY,
    TOO_MANY_REQUESTS,
    AccountDescriptor,
    Closed,
    Garbage,
    InitWanted,
    Status,
    TokenUpdateWanted,
    TwilsockConnection,
    notification,
    unauthorized,
)
from twilio_emulator.sdk.twilsock.tunnel import TunnelRequest, TunnelResponse, refusal, reply
from twilio_emulator.wire.access_tokens import GrantKind

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
KEPT = Continuation("token", "twi1-0")
ACCOUNT = AccountDescriptor(account_sid="AC1", services={GrantKind.CHAT: "IS1"}, identity="alice")

INIT = {
    "id": "TM1",
    "method": "init",
    "token": "a.b.c",
    "continuation_token": None,
    "metadata": {"ver": "1.0.2", "type": "conversations", "sdk": "JS", "osa": 64},
    "registrations": [
        {
            "product": "ip_messaging",
            "type": "ers",
            "notification_protocol_version": 0,
            "message_types": ["twilio.ipmsg.typing_indicator", "twilio.sync.event"],
        }
    ],
    "tweaks": None,
    "capabilities": ["client_update", "offline_storage", "telemetry.v1"],
}


def init_wanted(connection: TwilsockConnection, **changed: object) -> InitWanted:
    [wanted] = connection.receive(frame(INIT | changed))
    assert isinstance(wanted, InitWanted)
    return wanted


def opened(life: float = 3600, **changed: object) -> TwilsockConnection:
    connection = TwilsockConnection()
    connection.accept_init(init_wanted(connection, **changed), ACCOUNT, KEPT, NOW, life)
    return connection


def status(messages: list[Any]) -> Any:
    [message] = messages
    return read(message)[0]["status"]


class TestInit:
    def test_what_the_client_says(self) -> None:
        wanted = init_wanted(TwilsockConnection(), continuation_token="before")
        assert (wanted.id, wanted.token) == ("TM1", "a.b.c")
        assert wanted.continuation_token == "before"
        assert wanted.metadata["sdk"] == "JS"
        assert wanted.registrations[0].message_types[1] == "twilio.sync.event"

    @pytest.mark.parametrize(
        "changed",
        [
            {"token": None, "registrations": None, "capabilities": None, "metadata": None},
            {"registrations": []},
            {"registrations": [{"product": "p", "type": "ers"}]},
        ],
    )
    def test_what_a_client_may_leave_out(self, changed: dict[str, object]) -> None:
        connection = TwilsockConnection()
        wanted = init_wanted(connection, **changed)
        header, _ = read(connection.accept_init(wanted, ACCOUNT, KEPT, NOW, 60))
        assert header["status"]["code"] == 200

    def test_the_kotlin_client(self) -> None:
        registrations = [
            {
                "product": "ip_messaging",
                "type": "ers",
                "notification_protocol_version": 4,
                "message_types": ["twilio.sync.event"],
            }
        ]
        connection = TwilsockConnection()
        message = frame(INIT | {"registrations": registrations}, end=b"\r\n")
        assert isinstance(connection.receive(message)[0], InitWanted)

    def test_accepted(self) -> None:
        connection = TwilsockConnection()
        wanted = init_wanted(connection)
        continuation = Continuation(
            "next", "twi1-0", "MISSING", "Continuation token is not provided"
        )
        header, payload = read(connection.accept_init(wanted, ACCOUNT, continuation, NOW, 3600))
        assert payload is None
        assert header == {
            "method": "reply",
            "id": "TM1",
            "status": {"code": 200, "status": "OK"},
            "capabilities": ["client_update"],
            "continuation_token": "next",
            "continuation_token_status": {
                "reissued": True,
                "reissue_reason": "MISSING",
                "reissue_message": "Continuation token is not provided",
            },
            "init_registrations": [
                {
                    "notification_ctx_id": "",
                    "type": "ers",
                    "product": "ip_messaging",
                    "message_types": ["twilio.ipmsg.typing_indicator", "twilio.sync.event"],
                }
            ],
            "payload_size": 0,
        }

    def test_refused_with_the_tokens_own_error(self) -> None:
        connection = TwilsockConnection()
        refused = Refused(Refusal(20104, 401, "Access Token expired"))
        header, payload = read(
            connection.refuse_init(init_wanted(connection), unauthorized(refused))
        )
        assert payload is None
        assert header["id"] == "TM1"
        assert header["status"] == {
            "code": 401,
            "status": "UNAUTHORIZED",
            "description": "Access Token expired",
            "errorCode": 20104,
        }

    def test_whose_connection_it_is_is_told_to_who_asks(self) -> None:
        connection = TwilsockConnection()
        asked = ["client_update", "account_descriptor", "telemetry.v1"]
        wanted = init_wanted(connection, capabilities=asked)
        header, _ = read(connection.accept_init(wanted, ACCOUNT, KEPT, NOW, 3600))
        assert header["capabilities"] == ["client_update", "account_descriptor"]
        assert header["account_descriptor"] == {
            "account_sid": "AC1",
            "instance_sids": {"ip_messaging": "IS1"},
            "identity": "alice",
        }

    def test_after_a_refusal_the_connection_is_over(self) -> None:
        connection = TwilsockConnection()
        connection.refuse_init(init_wanted(connection), TOO_MANY_REQUESTS)
        assert connection.receive(frame(INIT)) == []

    def test_throttled(self) -> None:
        connection = TwilsockConnection()
        header, payload = read(
            connection.refuse_init(
                init_wanted(connection), TOO_MANY_REQUESTS, backoff=timedelta(seconds=1.5)
            )
        )
        assert header["status"]["code"] == 429
        assert header["status"]["errorCode"] == 51202
        assert header["payload_type"] == "application/json"
        assert payload == {"backoff_policy": {"reconnect_min_ms": 1500}}

    def test_twice(self) -> None:
        connection = opened()
        assert status(connection.receive(frame(INIT)))["code"] == 400

    def test_while_the_first_is_being_checked(self) -> None:
        connection = TwilsockConnection()
        init_wanted(connection)
        assert status(connection.receive(frame(INIT)))["code"] == 401

    def test_with_fields_of_another_type(self) -> None:
        connection = TwilsockConnection()
        refused = status(connection.receive(frame(INIT | {"registrations": 7})))
        assert refused["code"] == 400
        assert "registrations" in refused["description"]
        assert isinstance(connection.receive(frame(INIT))[0], InitWanted)


class TestTokens:
    def test_the_warning_comes_three_minutes_before_the_end(self) -> None:
        connection = opened(life=3600)
        assert connection.warning_due == NOW + timedelta(minutes=57)
        assert connection.expiry_due == NOW + timedelta(minutes=60)

    def test_the_warning_can_be_set(self) -> None:
        connection = TwilsockConnection(warning=timedelta(seconds=30))
        connection.accept_init(init_wanted(connection), ACCOUNT, KEPT, NOW, 3600)
        assert connection.warning_due == NOW + timedelta(seconds=3570)
        assert "30000 ms" in read(connection.token_about_to_expire())[0]["client_update_message"]

    def test_a_short_life_is_warned_of_at_once(self) -> None:
        assert opened(life=100).warning_due == NOW

    def test_a_client_that_cannot_be_warned_is_not(self) -> None:
        connection = opened(capabilities=[])
        assert connection.warning_due is None
        assert connection.expiry_due is not None

    def test_about_to_expire(self) -> None:
        connection = opened()
        header, _ = read(connection.token_about_to_expire())
        assert header["method"] == "client_update"
        assert header["client_update_type"] == "token_about_to_expire"
        assert header["client_update_message"] == (
            "Your token is about to expire. Time left: less than 180000 ms"
        )
        assert connection.warning_due is None
        assert connection.expiry_due is not None

    def test_expired(self) -> None:
        connection = opened()
        header, _ = read(connection.token_expired())
        assert header["method"] == "close"
        assert header["status"] == {
            "code": 410,
            "status": "TOKEN_EXPIRED",
            "description": "Token expired",
            "errorCode": 51207,
        }
        assert connection.expiry_due is None
        assert connection.receive(frame(INIT)) == []

    def test_a_new_one(self) -> None:
        connection = opened(life=100)
        connection.token_about_to_expire()
        [wanted] = connection.receive(frame({"id": "TM2", "method": "update", "token": "d.e.f"}))
        assert wanted == TokenUpdateWanted(id="TM2", token="d.e.f")
        later = NOW + timedelta(seconds=50)
        header, payload = read(connection.accept_update(wanted, later, 3600))
        assert payload is None
        assert (header["id"], header["status"]) == ("TM2", {"code": 200, "status": "OK"})
        assert connection.warning_due == later + timedelta(minutes=57)
        assert connection.expiry_due == later + timedelta(minutes=60)

    def test_a_new_one_that_is_no_good(self) -> None:
        connection = opened()
        before = connection.expiry_due
        [wanted] = connection.receive(frame({"id": "TM2", "method": "update"}))
        assert wanted == TokenUpdateWanted(id="TM2", token="")
        header, _ = read(connection.refuse_update(wanted, OTHER_IDENTITY))
        assert header["status"]["code"] == 401
        assert connection.expiry_due == before

    def test_a_new_one_before_the_first(self) -> None:
        update = frame({"id": "TM2", "method": "update", "token": "d.e.f"})
        assert status(TwilsockConnection().receive(update))["code"] == 401


class TestRequests:
    def received(self, http: dict[str, object], payload: bytes = b"") -> TunnelRequest:
        header = {
            "id": "TM2",
            "method": "message",
            "active_grant": "ip_messaging",
            "payload_type": "application/json; charset=utf-8",
            "http_request": {"host": "aim.us1.twilio.com", "path": "/", "method": "GET"} | http,
        }
        [request] = opened().receive(frame(header, payload))
        assert isinstance(request, TunnelRequest)
        return request

    def test_as_the_javascript_client_sends_them(self) -> None:
        request = self.received(
            {
                "path": "/Client/v2/Services/IS1/Conversations",
                "method": "post",
                "params": {"PageSize": "5"},
                "headers": {"Content-Type": "application/json", "X-Twilio-Mutation-Id": "u"},
            },
            b'{"friendly_name":"\xc3\xa9"}',
        )
        assert (request.id, request.method, request.host) == ("TM2", "POST", "aim.us1.twilio.com")
        assert request.segments == ("Client", "v2", "Services", "IS1", "Conversations")
        assert request.param("PageSize") == "5"
        assert request.param("Order") is None
        assert request.headers == {"content-type": "application/json", "x-twilio-mutation-id": "u"}
        assert json.loads(request.body) == {"friendly_name": "é"}

    def test_as_the_kotlin_client_sends_them(self) -> None:
        request = self.received(
            {"params": {"From": ["1", "2"], "None": []}, "headers": {"Accept": ["a", "b"]}}
        )
        assert request.param("From") == "2"
        assert request.param("None") is None
        assert request.headers == {"accept": "a, b"}

    def test_without_parameters_and_headers(self) -> None:
        request = self.received({"params": None, "headers": None})
        assert (request.params, request.headers, request.body) == ({}, {}, b"")

    @pytest.mark.parametrize(
        ("sent", "identity"),
        [
            ("a%20b", "a b"),
            ("a+b", "a+b"),
            ("a%2Bb", "a+b"),
            ("a%2Fb%3Fc%26d%25e%40f", "a/b?c&d%e@f"),
            ("%E6%97%A5%C3%A9", "日é"),
            ("100%", "100%"),
            ("%FF", "\ufffd"),
        ],
    )
    def test_paths_are_decoded_segment_by_segment(self, sent: str, identity: str) -> None:
        request = self.received({"path": f"/v3/Users/{sent}", "params": {"K%20y": sent}})
        assert request.segments == ("v3", "Users", identity)
        assert request.param("K y") == identity

    @pytest.mark.parametrize(
        "header",
        [
            {},
            {"http_request": None},
            {"http_request": {"method": "GET"}},
            {"http_request": {"method": "GET", "path": "/", "params": {"a": 1}}},
        ],
    )
    def test_incomplete(self, header: dict[str, object]) -> None:
        refused = status(opened().receive(frame({"id": "TM2", "method": "message"} | header)))
        assert refused["code"] == 400

    def test_before_the_init(self) -> None:
        http = {"method": "GET", "path": "/"}
        message = frame({"id": "TM2", "method": "message", "http_request": http})
        refused = status(TwilsockConnection().receive(message))
        assert (refused["code"], refused["status"]) == (401, "UNAUTHORIZED")

    def test_an_answer(self) -> None:
        header, payload = read(
            reply(self.received({}), TunnelResponse(status=201, body=b'{"sid":"CH1"}'))
        )
        assert header["method"] == "reply"
        assert header["id"] == "TM2"
        assert header["status"] == {"code": 200, "status": "OK"}
        assert header["http_status"] == {"code": 201, "status": "Created"}
        assert header["payload_type"] == "application/json"
        assert payload == {"sid": "CH1"}

    def test_an_error_is_the_requests_and_not_the_sockets(self) -> None:
        response = refusal(Refused(Refusal(50353, 409, "Unique name taken")))
        header, payload = read(reply(self.received({}), response))
        assert header["status"]["code"] == 200
        assert header["http_status"] == {"code": 409, "status": "Conflict"}
        assert payload == {
            "status": 409,
            "code": 50353,
            "message": "Unique name taken",
            "more_info": "https://www.twilio.com/docs/errors/50353",
        }

    def test_nothing_to_say(self) -> None:
        header, payload = read(reply(self.received({}), TunnelResponse(status=204)))
        assert header["http_status"] == {"code": 204, "status": "No Content"}
        assert payload is None


class TestOtherFrames:
    def test_a_notification_does_not_depend_on_the_connection(self) -> None:
        header, payload = read(notification("twilio.sync.event", b'{"a":1}', 7))
        assert header["method"] == "notification"
        assert header["message_type"] == "twilio.sync.event"
        assert header["notification_ctx_id"] == ""
        assert payload == {"a": 1}
        assert header["id"] != read(notification("twilio.sync.event", b'{"a":1}', 8))[0]["id"]

    def test_every_frame_of_a_connection_has_its_own_id(self) -> None:
        connection = opened()
        frames = [connection.ping(), connection.ping(), connection.token_about_to_expire()]
        headers = [read(sent)[0] for sent in frames]
        assert headers[0]["method"] == "ping"
        assert len({header["id"] for header in headers}) == 3

    def test_acknowledgements_need_nothing(self) -> None:
        acknowledged = {"id": "TM9", "method": "reply", "status": {"code": 200, "status": "OK"}}
        assert opened().receive(frame(acknowledged)) == []
        assert TwilsockConnection().receive(frame(acknowledged)) == []

    def test_telemetry_needs_nothing(self) -> None:
        assert opened().receive(frame({"id": "TM9", "method": "telemetry.v1", "events": []})) == []

    @pytest.mark.parametrize("method", ["ping", "put_notification_ctx", "delete_notification_ctx"])
    def test_what_is_only_acknowledged(self, method: str) -> None:
        message = frame({"id": "TM9", "method": method, "notification_ctx_id": "x"}, b"{}")
        [sent] = opened().receive(message)
        header, _ = read(sent)
        assert (header["id"], header["method"]) == ("TM9", "reply")
        assert header["status"] == {"code": 200, "status": "OK"}

    def test_an_unknown_method(self) -> None:
        refused = status(opened().receive(frame({"id": "TM9", "method": "dance"})))
        assert refused["code"] == 400
        assert "dance" in refused["description"]

    def test_goodbye(self) -> None:
        connection = opened()
        assert connection.receive(frame({"id": "TM9", "method": "close"})) == [Closed()]
        assert connection.receive(frame({"id": "TM9", "method": "ping"})) == []

    def test_closing(self) -> None:
        connection = opened()
        offload = Status(code=308, status="OFFLOAD", description="Come back")
        header, payload = read(connection.close(offload, backoff=timedelta(seconds=2)))
        assert header["method"] == "close"
        assert header["status"] == {"code": 308, "status": "OFFLOAD", "description": "Come back"}
        assert payload == {"backoff_policy": {"reconnect_min_ms": 2000}}
        assert connection.warning_due is connection.expiry_due is None

    @pytest.mark.parametrize("message", [b"", b"\x00" * 100, "TWILSOCK V9.0 2\r\n{}\r\n"])
    def test_what_is_no_frame_is_not_acceptable(self, message: bytes | str) -> None:
        connection = opened()
        [garbage] = connection.receive(message)
        assert isinstance(garbage, Garbage)
        assert garbage.reason
        header, _ = read(connection.close(NOT_ACCEPTABLE))
        assert header["method"] == "close"
        assert header["status"] == {
            "code": 406,
            "status": "NOT_ACCEPTABLE_MESSAGE",
            "description": "Not acceptable message",
            "errorCode": 51214,
        }
        assert connection.receive(frame({"id": "TM9", "method": "close"})) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
METHODS = ["init", "update", "message", "close", "reply", "ping", "dance"]
FIELDS = [*INIT, "http_request", "payload_size"]


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(METHODS), st.dictionaries(st.sampled_from(FIELDS), JSON)),
        max_size=4,
    )
)
def test_whatever_a_client_says_is_dealt_with(said: list[tuple[str, dict[str, Any]]]) -> None:
    connection = TwilsockConnection()
    for method, fields in said:
        header = json.dumps(fields | {"method": method})
        for event in connection.receive(f"TWILSOCK V3.0 {len(header)}\r\n{header}\r\n"):
            if isinstance(event, InitWanted):
                connection.accept_init(event, ACCOUNT, KEPT, NOW, 60)
