"""How a code goes to its recipient, channel by channel.

The rules of this file:

- `CHANNELS` has what sends by each channel. By which one a code goes is decided before; `auto` is
  not one of them.
"""

from twilio_emulator.core.verify.by_call import send_call
from twilio_emulator.core.verify.by_email import send_email
from twilio_emulator.core.verify.by_rcs import send_rcs
from twilio_emulator.core.verify.by_sms import send_sms
from twilio_emulator.core.verify.by_sna import send_sna
from twilio_emulator.core.verify.by_whatsapp import send_whatsapp
from twilio_emulator.core.verify.channels import VerifyChannel
from twilio_emulator.core.verify.wishes import Sender

CHANNELS: dict[VerifyChannel, Sender] = {
    VerifyChannel.SMS: send_sms,
    VerifyChannel.CALL: send_call,
    VerifyChannel.EMAIL: send_email,
    VerifyChannel.WHATSAPP: send_whatsapp,
    VerifyChannel.RCS: send_rcs,
    VerifyChannel.SNA: send_sna,
}
"""What sends by each channel."""
