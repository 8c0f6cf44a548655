"""The channel `auto`: which one it is for a recipient.

The rules of this file (https://www.twilio.com/docs/verify/auto-channel):

- Silent network authentication where it can work, else SMS; where neither may be used, 60550.
- Decided: it can work for a mobile line whose phone is switched on and in reach, if the request
  says where the device is (`DeviceIp`), which tells Twilio whose network that is.
"""

from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.handsets import Handsets, LineType, Network, Phone, Power
from twilio_emulator.core.verify import errors
from twilio_emulator.core.verify.channels import VerifyChannel
from twilio_emulator.core.verify.wishes import SendWish


def choose(world: World, wish: SendWish) -> SendWish:
    """The same with the channel that is chosen."""
    if wish.channel is not VerifyChannel.AUTO:
        return wish
    on = wish.service.channels
    handset = world[Handsets].get(wish.to)
    if (
        VerifyChannel.SNA in on
        and not wish.service.psd2_enabled
        and wish.asked.device_ip
        and (handset is None or _is_on_its_network(handset))
    ):
        return replace(wish, channel=VerifyChannel.SNA)
    if VerifyChannel.SMS in on:
        return replace(wish, channel=VerifyChannel.SMS)
    raise Refused(errors.NO_CHANNEL_LEFT)


def _is_on_its_network(handset: Phone) -> bool:
    return (
        handset.line_type is LineType.MOBILE
        and handset.power is Power.ON
        and handset.network is Network.ONLINE
    )
