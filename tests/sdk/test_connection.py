"""One connection of a client SDK, frame by frame: how it is let in, and when it is hung up on."""

from datetime import timedelta
from urllib.parse import quote

import pytest

from tests.sdk.client import frame
from tests.sdk.visitor import SERVICE, House, Visitor

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def house(anyio_backend: str) -> House:
    return House()


def closed(visitor: Visitor) -> dict[str, object]:
    """What Twilsock said when it hung up."""
    assert visitor.connection.ended
    header, payload = visitor.told[-1]
    assert (header["method"], payload) == ("close", None)
    status: dict[str, object] = header["status"]
    return status


UNREADABLE = [
    b"",
    b"invalid message",
    "invalid message",
    b"\x00" * 100,
    b"\xff\xfe\xfd",
    b"GET / HTTP/1.1\r\n\r\n",
    b"TWILSOCK V3.0 \r\n{}\r\n",
    b"TWILSOCK V3.0 -2\r\n{}\r\n",
    b"TWILSOCK V3.0 999999999\r\n{}\r\n",
    b"TWILSOCK V3.0 9999999999999999\r\n{}\r\n",
    b'TWILSOCK V9.0 17\r\n{"method":"ping"}\r\n',
    b"TWILSOCK V3.0 3\r\n{}\r\n",
    b"TWILSOCK V3.0 2\r\n{}\r\n",
    b"TWILSOCK V3.0 2\r\n[]\r\n",
    b"TWILSOCK V3.0 4\r\nnull\r\n",
    b"TWILSOCK V3.0 4\r\n\xff\xfe\xfd\xfc\r\n",
    b'TWILSOCK V3.0 5\r\n"\xed\xa0\x80"\r\n',
    b'TWILSOCK V3.0 12\r\n{"method":1}\r\n',
    b'TWILSOCK V3.0 34\r\n{"method":"ping","payload_size":-1}\r\n',
    b'TWILSOCK V3.0 34\r\n{"method":"ping","payload_size":99}\r\n',
    b"TWILSOCK V3.0 50000\r\n" + b"[" * 50000 + b"\r\n",
    b'TWILSOCK V3.0 50021\r\n{"method":' + b'{"a":' * 10002 + b"1\r\n",
]


@pytest.mark.parametrize("message", UNREADABLE, ids=range(len(UNREADABLE)))
@pytest.mark.parametrize("known", [False, True])
async def test_what_cannot_be_read_is_said_so_and_the_connection_is_over(
    house: House, message: bytes | str, known: bool, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = house.client("alice") if known else house.visitor()
    visitor.say(message)
    assert closed(visitor) == {
        "code": 406,
        "status": "NOT_ACCEPTABLE_MESSAGE",
        "description": "Not acceptable message",
        "errorCode": 51214,
    }
    [record] = caplog.records
    assert record.getMessage().startswith("a client SDK sent what is no Twilsock frame: ")
    visitor.say(frame({"id": "TM9", "method": "ping"}))
    assert len(visitor.told) == 1
    visitor.connection.leave()


@pytest.mark.parametrize(
    "header",
    [
        {"method": "dance"},
        {"method": ""},
        {"method": "x" * 9000},
        {"method": "message"},
        {"method": "message", "http_request": {"method": "GET"}},
        {"method": "message", "http_request": {"method": "GET", "path": "/", "params": {"a": 1}}},
        {"method": "update", "token": {}},
    ],
)
async def test_what_asks_for_nothing_that_there_is_is_a_bad_request(
    house: House, header: dict[str, object]
) -> None:
    visitor = house.client("alice")
    id = visitor.tell(header)
    assert visitor.answer(id)["status"]["code"] == 400
    assert not visitor.connection.ended
    assert (await visitor.ask("GET", "/Client/v2/Configuration"))[0] == 200


async def test_the_same_frame_twice_is_answered_twice(house: House) -> None:
    visitor = house.client("alice")
    http = {"method": "GET", "path": "/v3/Configuration"}
    message = frame({"id": "TM7", "method": "message", "http_request": http})
    for _ in range(2):
        visitor.say(message)
        assert visitor.answer("TM7")["http_status"]["code"] == 200


NO_NUMBERS = ("²", "٣", "9" * 5000, "-1", "1.5", "1e3", " 1", "\0")


@pytest.mark.parametrize("value", NO_NUMBERS, ids=range(len(NO_NUMBERS)))
async def test_what_is_no_number_of_a_page_is_refused_or_none(
    house: House, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = house.client("alice")
    user = visitor.user_sid
    for path in (
        f"/Client/v2/Services/{SERVICE}/Users/{user}/Conversations",
        "/Client/v2/ContentTemplates",
        f"/v1/Services/{SERVICE}/Users/{user}/SyncList",
    ):
        assert (await visitor.ask("GET", path, PageSize=quote(value)))[0] == 200
        for token in (value, f"{value}-CH0"):
            status, answer = await visitor.ask("GET", path, PageToken=quote(token))
            assert (status, answer["code"]) == (400, 20001)
    assert caplog.records == []


@pytest.mark.parametrize("deep", [400, 900, 5000])
async def test_what_is_nested_deeply_is_taken_or_refused(house: House, deep: int) -> None:
    said = b'{"a":' * deep + b"{}" + b"}" * deep
    visitor = house.client("alice")
    assert (await visitor.ask("POST", "/v4/Subscriptions", said))[0] == 400
    path = f"/Client/v2/Services/{SERVICE}/Conversations"
    assert (await visitor.ask("POST", path, said))[0] in (201, 400)
    _, made = await visitor.ask("POST", "/v3/Lists", {"purpose": "com.twilio.rtd.ipmsg"})
    item = b'{"data":{"request":{"action":"createConversation","x":%b}}}' % said
    status, _ = await visitor.ask("POST", f"/v3/Lists/{made['sid']}/Items", item)
    assert status in (201, 400)
    assert (await visitor.ask("GET", f"/v3/Lists/{made['sid']}/Items"))[0] == 200


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/v4/Subscriptions", rb'{"action": "\ud83d"}'),
        ("/v4/Subscriptions", b'{"action": "\xf0"}'),
        ("/v3/Lists", rb'{"purpose": "\ud83d"}'),
        ("/v3/Lists", b'{"purpose": "\xf0"}'),
        (f"/Client/v2/Services/{SERVICE}/Conversations", rb'{"friendly_name": "\ud83d"}'),
        (f"/Client/v2/Services/{SERVICE}/Conversations", b'{"friendly_name": "\xf0"}'),
    ],
)
async def test_a_cut_emoji_is_refused_in_twilios_words(
    house: House, path: str, said: bytes
) -> None:
    visitor = house.client("alice")
    status, answer = await visitor.ask("POST", path, said)
    assert (status, answer["code"], answer["message"]) == (400, 20001, "Invalid JSON body.")


async def test_a_token_that_opens_nothing_ends_the_connection(house: House) -> None:
    visitor = house.visitor()
    assert visitor.init("invalid_test_token")["status"] == {
        "code": 401,
        "status": "UNAUTHORIZED",
        "description": "Invalid Access Token",
        "errorCode": 20101,
    }
    assert visitor.connection.ended


async def test_a_token_that_lives_for_more_than_a_day_is_out_of_date(house: House) -> None:
    refused = house.visitor().init(house.token("alice", ttl=86_401))["status"]
    assert (refused["code"], refused["errorCode"]) == (401, 20104)
    assert refused["description"] == "Access Token expired or expiration date invalid"
    house.visitor().init(house.token("alice", ttl=86_400))
    visitor = house.client("alice")
    assert visitor.update(house.token("alice", ttl=86_401))["errorCode"] == 20104


async def test_who_asks_whose_connection_it_is_is_told(house: House) -> None:
    wanted = ["client_update", "account_descriptor"]
    reply = house.visitor().init(house.token("alice"), capabilities=wanted)
    assert sorted(reply["capabilities"]) == sorted(wanted)
    assert reply["account_descriptor"] == {
        "account_sid": house.world.account_sid,
        "instance_sids": {"ip_messaging": SERVICE},
        "identity": "alice",
    }
    assert "account_descriptor" not in house.visitor().init(house.token("alice"))


async def test_a_new_token_is_for_the_same_identity_and_service(house: House) -> None:
    other = house.other_service()
    visitor = house.client("alice")
    for token in (house.token("bob"), house.token("alice", service=other)):
        assert visitor.update(token) == {
            "code": 401,
            "status": "UNAUTHORIZED",
            "description": (
                "Can't update token, new token was issued for other identity/instance/product."
            ),
            "errorCode": 51215,
        }
    assert visitor.update(house.token("alice")) == {"code": 200, "status": "OK"}


async def test_a_token_ends_while_its_client_is_connected(house: House) -> None:
    visitor = house.client("alice")
    house.advance(timedelta(minutes=57))
    visitor.listen()
    assert visitor.told.pop()[0]["client_update_type"] == "token_about_to_expire"
    house.advance(timedelta(minutes=3))
    visitor.listen()
    assert closed(visitor) == {
        "code": 410,
        "status": "TOKEN_EXPIRED",
        "description": "Token expired",
        "errorCode": 51207,
    }


async def test_what_a_client_says_of_itself_is_texts_and_numbers(house: House) -> None:
    nested: dict[str, object] = {"a": 1}
    for _ in range(400):
        nested = {"a": nested}
    said = {"sdk": "JS", "osa": 64, "dev": None, "mobile": True, "deep": nested, "list": [1]}
    visitor = house.client("alice", metadata=said)
    shown = visitor.connection.entered.metadata
    assert shown == {"sdk": "JS", "osa": 64, "dev": None, "mobile": True}
