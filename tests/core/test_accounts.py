from twilio_emulator.core.accounts.accounts import (
    DEFAULT_NUMBERS,
    AccountOpened,
    Accounts,
    ApiKeys,
    OpenAccount,
    Start,
)
from twilio_emulator.core.accounts.subaccounts import AddSubaccount
from twilio_emulator.core.conversations.resources import AccountConfigurations, Roles, Services
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.resources import MessagingServices, PhoneNumbers, SenderKind

ACCOUNT = "AC00000000000000000000000000000001"


def test_an_account_is_complete_from_the_start(world: World) -> None:
    account = world[Accounts][ACCOUNT]
    assert account.auth_token == "00000000000000000000000000000001"
    assert account.test_account_sid == "AC0000000000000000000000000000000f"
    assert account.test_auth_token == "0000000000000000000000000000000f"

    (key,) = world[ApiKeys].all(world[ApiKeys].by_account, ACCOUNT)
    assert (key.sid, key.secret) == (
        "SK00000000000000000000000000000001",
        "0000000000000000000000000000000a",
    )

    defaults = world[AccountConfigurations][account.sid]
    service = world[Services][defaults.default_chat_service_sid]
    assert service.sid == "IS00000000000000000000000000000001"
    assert service.friendly_name == "Default Conversations Service"
    assert len(world[Roles]) == 4

    messaging = world[MessagingServices][defaults.default_messaging_service_sid]
    assert messaging.sid == "MG00000000000000000000000000000001"
    assert messaging.friendly_name == "Default Messaging Service for Conversations"
    assert list(world[Accounts].all(world[Accounts].by_owner, ACCOUNT)) == [account]


def test_it_has_two_numbers_in_the_default_service_and_a_whatsapp_sender(world: World) -> None:
    service_sid = "MG00000000000000000000000000000001"
    assert [
        (number.address, number.kind, number.sms, number.mms, number.messaging_service_sid)
        for number in world[PhoneNumbers]
    ] == [
        ("+12025550100", SenderKind.LONG_CODE, True, True, service_sid),
        ("+12025550101", SenderKind.LONG_CODE, True, True, service_sid),
        ("whatsapp:+14155238886", SenderKind.WHATSAPP, True, False, None),
    ]
    assert [number.sid[:2] for number in world[PhoneNumbers]] == ["PN", "PN", "XE"]
    pool = world[PhoneNumbers].all(world[PhoneNumbers].by_service, service_sid)
    assert [number.address for number in pool] == ["+12025550100", "+12025550101"]


def test_what_is_not_given_is_drawn(empty_world: World) -> None:
    events: list[object] = []
    empty_world.listeners.append(lambda happened: events.append(happened.event))

    account = empty_world.perform(OpenAccount(friendly_name="Test"))

    assert account.friendly_name == "Test"
    assert len(account.auth_token) == len(account.test_auth_token) == 32
    assert account.test_account_sid.startswith("AC")
    defaults = empty_world[AccountConfigurations][account.sid]
    assert defaults.default_chat_service_sid.startswith("IS")
    assert defaults.default_messaging_service_sid.startswith("MG")
    (key,) = empty_world[ApiKeys]
    assert key.sid.startswith("SK")
    assert len(key.secret) == 32
    assert AccountOpened(account=account, start=Start(numbers=DEFAULT_NUMBERS)) in events


def test_a_subaccount_has_an_oauth_client_of_its_own(world: World) -> None:
    account = world[Accounts][ACCOUNT]
    subaccount = world.perform(AddSubaccount(account=ACCOUNT))
    for each in (account, subaccount):
        assert each.oauth_client_id is not None
        assert each.oauth_client_id.startswith("OQ")
        assert world[Accounts].of_client(each.oauth_client_id) == each
        assert each.oauth_client_secret
    assert subaccount.oauth_client_secret != account.oauth_client_secret
    assert world[Accounts].of_client("OQ1") is None


def test_the_numbers_can_be_others(empty_world: World) -> None:
    empty_world.perform(OpenAccount(numbers=("+18005550100", "+18005550100", "12345")))
    assert [(number.address, number.kind) for number in empty_world[PhoneNumbers]] == [
        ("+18005550100", SenderKind.TOLL_FREE),
        ("12345", SenderKind.SHORT_CODE),
    ]


def test_a_snapshot_holds_the_account(world: World) -> None:
    snapshot = world.snapshot()
    world.restore(snapshot)
    assert world.snapshot() == snapshot
    assert world[PhoneNumbers].at("+12025550100") is not None
