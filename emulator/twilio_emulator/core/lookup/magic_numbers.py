"""Lookup with test credentials: magic numbers answer in one way each, others of no package.

The rules of this file (https://www.twilio.com/docs/lookup/magic-numbers-for-lookup):

- A request without packages is answered as any other.
- A package is told of its magic numbers alone; for any other number the request is refused. Of
  those that Twilio publishes, the ones of `sim_swap` are here whose answers are known; for all
  others it is refused, too, rather than answered otherwise than by Twilio.
- With live credentials the numbers mean nothing.
"""

from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.lookup.answers import NumberAnswer, answer, asked_for
from twilio_emulator.core.lookup.carriers import mobile_carrier
from twilio_emulator.core.lookup.errors import INVALID_MAGIC_NUMBER
from twilio_emulator.core.lookup.packages import LAST_SIM_SWAP, Package

SWAPPED_PERIODS = {
    "+12345678900": "PT48H",
    "+12345678901": "PT24H",
    "+12345678904": "PT48H",
    "+12345678907": "PT24H",
}
"""Numbers whose SIM was not swapped in a period
(https://www.twilio.com/docs/lookup/magic-numbers-for-lookup/testing-sim-swap-with-magic-numbers)."""


def rehearse_look_up(
    world: World,
    *,
    account: str,
    number: str,
    fields: str | None = None,
    country_code: str | None = None,
) -> NumberAnswer:
    """What a look-up with test credentials answers.

    Raises:
        Refused: 60618 there is no such package, 60622 the number is not magic for one.
    """
    packages = asked_for(fields)
    found = answer(world, account, number, country_code, ())
    for name in packages:
        if name != "sim_swap" or found.it.number not in SWAPPED_PERIODS:
            raise Refused(INVALID_MAGIC_NUMBER)
        found.packages[name] = _sim_swap(found)
    return found


def _sim_swap(found: NumberAnswer) -> Package:
    carrier = mobile_carrier(found.it.country)
    last = dict.fromkeys(LAST_SIM_SWAP)
    period = SWAPPED_PERIODS[found.it.number]
    return {
        "last_sim_swap": {**last, "swapped_period": period, "swapped_in_period": False},
        "carrier_name": carrier.name,
        "mobile_country_code": carrier.mobile_country_code,
        "mobile_network_code": carrier.mobile_network_code,
        "error_code": None,
    }
