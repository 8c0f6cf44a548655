from tests.core.conftest import ANN, NUMBER
from twilio_emulator.core.carrier.handset_commands import ChangeHandset, UpsertHandset
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.lookup import carriers
from twilio_emulator.core.lookup.carriers import PhoneCarrier
from twilio_emulator.core.lookup.line_types import NumberType, carrier_of, line_type_of

LONDON = "+442079460958"


def carrier(world: World, number: str) -> PhoneCarrier:
    return carrier_of(world, world.numbering.planned(number, "US"))


def test_a_number_without_a_handset_is_what_its_range_is_for(world: World) -> None:
    assert line_type_of(world, ANN) is NumberType.MOBILE
    assert line_type_of(world, LONDON) is NumberType.LANDLINE
    assert line_type_of(world, "+18005550123") is NumberType.TOLL_FREE
    assert line_type_of(world, "+1") is NumberType.UNKNOWN


def test_a_handset_says_what_line_it_has(world: World) -> None:
    for said, line_type in (
        ("landline", NumberType.LANDLINE),
        ("voip", NumberType.NON_FIXED_VOIP),
        ("tollfree", NumberType.TOLL_FREE),
        ("mobile", NumberType.MOBILE),
    ):
        world.perform(UpsertHandset(address=ANN, line_type=said))
        assert line_type_of(world, ANN) is line_type


def test_the_first_text_to_a_landline_makes_no_mobile_of_it(world: World) -> None:
    world.perform(UpsertHandset(address=LONDON))
    assert line_type_of(world, LONDON) is NumberType.LANDLINE
    world.perform(ChangeHandset(address=LONDON, line_type="voip"))
    assert line_type_of(world, LONDON) is NumberType.NON_FIXED_VOIP


def test_the_accounts_own_numbers_are_twilios(world: World) -> None:
    assert line_type_of(world, NUMBER) is NumberType.NON_FIXED_VOIP
    assert carrier(world, NUMBER) == PhoneCarrier("Twilio - SMS/MMS-SVR", "240", None)


def test_a_country_has_a_carrier_of_each_sort(world: World) -> None:
    assert carrier(world, ANN) == carriers.MOBILE["US"]
    assert carrier(world, LONDON) == PhoneCarrier("BT", "234", None)
    assert carrier(world, "+18005550123") == carriers.UNKNOWN
    assert carrier(world, "+33612345678") == carriers.UNKNOWN


def test_a_handset_says_whose_subscriber_it_is(world: World) -> None:
    world.perform(UpsertHandset(address=ANN))
    assert carrier(world, ANN) == carriers.MOBILE["US"]
    world.perform(ChangeHandset(address=ANN, carrier_name="Ours", mcc="001", mnc="01"))
    assert carrier(world, ANN) == PhoneCarrier("Ours", "001", "01")
    world.perform(ChangeHandset(address=ANN, line_type="voip"))
    assert carrier(world, ANN) == PhoneCarrier("Ours", "001", None)
