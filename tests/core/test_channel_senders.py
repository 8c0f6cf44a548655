import json
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, ANN, NUMBER, Told
from twilio_emulator.core.accounts.debugger_alerts import Alerts
from twilio_emulator.core.accounts.subaccounts import AddSubaccount, UpdateAccount
from twilio_emulator.core.conversations.address_configurations import (
    AddAddressConfiguration,
    AddressConfigurations,
)
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.messaging.typing_indicators import HandsetTyping, ShowTyping
from twilio_emulator.core.phones.inbox import InboxItems
from twilio_emulator.core.senders.messaging_services import MarkService, PoolPhoneNumber
from twilio_emulator.core.senders.number_listing import list_channel_senders
from twilio_emulator.core.senders.number_orders import MarkNumber, NumberChanged
from twilio_emulator.core.senders.resources import PhoneNumbers, add_number
from twilio_emulator.core.senders.whatsapp_senders import (
    AddChannelSender,
    RemoveChannelSender,
    SenderProfiles,
    UpdateChannelSender,
    profile_of,
)

SENDER = "whatsapp:+14155238886"
SERVICE = "MG00000000000000000000000000000001"


def test_a_sender_is_made_set_up_and_given_up(world: World, told: Told) -> None:
    sender = world.perform(
        AddChannelSender(
            account=ACCOUNT,
            sender_id="whatsapp:+1 202 555 0110",
            configuration={"waba_id": "1"},
            webhook={"callback_url": "https://example.com/a", "status_callback_method": "GET"},
            profile='{"name": "ACME", "emails": []}',
        )
    )
    assert (sender.sid[:2], sender.address) == ("XE", "whatsapp:+12025550110")
    assert (sender.sms_url, sender.status_callback_method) == ("https://example.com/a", "GET")
    changed = world.perform(
        UpdateChannelSender(
            account=ACCOUNT,
            number=sender.sid,
            friendly_name="Desk",
            configuration={"account_type": "b"},
            webhook={"callback_url": "", "fallback_url": "https://example.com/f"},
            profile='{"about": "Voilà"}',
        )
    )
    assert (changed.friendly_name, changed.sms_url) == ("Desk", None)
    assert changed.sms_fallback_url == "https://example.com/f"
    kept = profile_of(world, sender.sid)
    assert json.loads(kept.configuration) == {"waba_id": "1", "account_type": "b"}
    assert json.loads(kept.profile) == {"name": "ACME", "emails": [], "about": "Voilà"}
    assert "Voilà" in kept.profile
    rows = list_channel_senders(world, account=ACCOUNT, channel="whatsapp")
    assert [it.address for it in rows] == [sender.address, SENDER]
    assert list(list_channel_senders(world, account=ACCOUNT, channel="rcs")) == []
    world.perform(RemoveChannelSender(account=ACCOUNT, number=sender.sid))
    assert world[PhoneNumbers].at(sender.address) is None
    assert not len(world[SenderProfiles])
    assert [event.number for event in told.of(NumberChanged)] == [sender, changed, None]


def test_a_sender_that_is_given_up_takes_its_address_configuration_along(world: World) -> None:
    sender = world.perform(AddChannelSender(account=ACCOUNT, sender_id="whatsapp:+12025550110"))
    configured = world.perform(
        AddAddressConfiguration(account=ACCOUNT, type="whatsapp", address=sender.address)
    )
    world.perform(RemoveChannelSender(account=ACCOUNT, number=sender.sid))
    assert not len(world[AddressConfigurations])
    (alert,) = world[Alerts]
    assert (alert.error_code, alert.resource_sid) == (50610, configured.sid)


def test_a_sender_of_a_subaccount_that_is_closed_takes_its_profile_along(world: World) -> None:
    sub = world.perform(AddSubaccount(account=ACCOUNT))
    sender = world.perform(AddChannelSender(account=sub.sid, sender_id="whatsapp:+12025550110"))
    assert sender.sid in world[SenderProfiles]
    world.perform(UpdateAccount(account=sub.sid, caller=ACCOUNT, status="closed"))
    assert not len(world[SenderProfiles])


def test_a_sender_from_the_start_has_an_empty_profile(world: World) -> None:
    sender = world[PhoneNumbers].at(SENDER)
    assert sender is not None
    assert profile_of(world, sender.sid).profile == "{}"
    world.perform(UpdateChannelSender(account=ACCOUNT, number=sender.sid))
    assert profile_of(world, sender.sid).profile == "{}"
    world[SenderProfiles].clear()
    world.perform(RemoveChannelSender(account=ACCOUNT, number=sender.sid))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"sender_id": SENDER}, 20409),
        ({"sender_id": "+12025550110"}, 20001),
        ({"sender_id": "whatsapp:5550110"}, 20001),
        ({"sender_id": "whatsapp:+1"}, 20001),
        ({"webhook": {"callback_url": "example"}}, 20001),
        ({"webhook": {"callback_method": "PUT"}}, 20001),
        ({"friendly_name": "x" * 65}, 50003),
    ],
)
def test_what_no_sender_can_be(world: World, fields: dict[str, Any], code: int) -> None:
    before = world.snapshot()
    with pytest.raises(Refused) as refused:
        world.perform(
            AddChannelSender(**{"account": ACCOUNT, "sender_id": "whatsapp:+12025550110", **fields})
        )
    assert refused.value.code == code
    assert world.snapshot() == before


def test_a_typing_indicator_shows_a_message_as_read(world: World, told: Told) -> None:
    text = world.perform(SendFromHandset(address=ANN, to=SENDER, body="Hello?"))
    world.perform(ShowTyping(account=ACCOUNT, channel="whatsapp", message_id=text.sid))
    (typing,) = told.of(HandsetTyping)
    assert (typing.handset.address, typing.peer) == (ANN, SENDER)
    assert world[InboxItems][text.sid].state == "read"
    world[InboxItems].remove(text.sid)
    world.perform(ShowTyping(account=ACCOUNT, channel="whatsapp", message_id=text.sid))
    assert len(told.of(HandsetTyping)) == 2


def test_there_is_no_typing_elsewhere(world: World) -> None:
    sms = world.perform(SendFromHandset(address=ANN, to=NUMBER, body="Hello?"))
    for account, channel, sid, code in (
        (ACCOUNT, "sms", sms.sid, 20001),
        (ACCOUNT, "whatsapp", sms.sid, 20404),
        (ACCOUNT, "whatsapp", "SM1", 20404),
        ("AC2", "whatsapp", sms.sid, 20404),
    ):
        with pytest.raises(Refused) as refused:
            world.perform(ShowTyping(account=account, channel=channel, message_id=sid))
        assert refused.value.code == code


def test_what_only_twilio_knows_is_said_by_hand(world: World, told: Told) -> None:
    toll_free = add_number(world, ACCOUNT, "+18005550100")
    assert world.perform(MarkNumber(address=toll_free.address, verified=True)).verified
    assert world.perform(MarkNumber(address=SENDER, sandbox_code="red-fox")).sandbox_code == (
        "red-fox"
    )
    assert world.perform(MarkNumber(address=SENDER, sandbox_code="")).sandbox_code is None
    with pytest.raises(Refused) as refused:
        world.perform(MarkNumber(address="+12025550123"))
    assert refused.value.code == 20404
    wish = MarkService(messaging_service=SERVICE, us_app_to_person_registered=True)
    assert world.perform(wish).us_app_to_person_registered
    with pytest.raises(Refused) as refused:
        world.perform(MarkService(messaging_service="MG1"))
    assert refused.value.code == 21701


def test_a_pool_takes_what_can_send_and_only_so_many(world: World) -> None:
    mute = world[PhoneNumbers].put(_without_messages(add_number(world, ACCOUNT, "+12025550110")))
    wish = PoolPhoneNumber(account=ACCOUNT, messaging_service=SERVICE, phone_number_sid=mute.sid)
    with pytest.raises(Refused) as refused:
        world.perform(wish)
    assert refused.value.code == 21715
    for line in range(398):
        add_number(world, ACCOUNT, f"+1303555{line:04}", messaging_service_sid=SERVICE)
    last = add_number(world, ACCOUNT, "+12025550111")
    with pytest.raises(Refused) as refused:
        world.perform(
            PoolPhoneNumber(account=ACCOUNT, messaging_service=SERVICE, phone_number_sid=last.sid)
        )
    assert (refused.value.code, refused.value.status) == (21714, 409)


def _without_messages(number: Any) -> Any:
    return replace(number, sms=False, mms=False)
