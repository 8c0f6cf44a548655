"""Verify, as a part of the rules."""

from twilio_emulator.core.kernel.wing import Wing
from twilio_emulator.core.phones.handsets import HandsetRemoved
from twilio_emulator.core.verify.passkeys_held import (
    HeldPasskeys,
    MakePasskey,
    UsePasskey,
    lose_passkeys,
)

VERIFY = Wing(
    name="verify",
    tables=(HeldPasskeys,),
    commands=(MakePasskey, UsePasskey),
    reactions=((HandsetRemoved, lose_passkeys),),
)
