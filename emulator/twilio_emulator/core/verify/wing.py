"""Verify, as a part of the rules."""

from twilio_emulator.core.accounts.accounts import AccountOpened
from twilio_emulator.core.kernel.wing import Wing
from twilio_emulator.core.phones.handsets import HandsetRemoved
from twilio_emulator.core.texts.text import TextStatusChanged
from twilio_emulator.core.verify import attempts, services
from twilio_emulator.core.verify.checks import CheckVerification
from twilio_emulator.core.verify.passkeys_held import (
    HeldPasskeys,
    MakePasskey,
    UsePasskey,
    lose_passkeys,
)
from twilio_emulator.core.verify.resources import Verifications, VerifyAttempts, VerifyServices
from twilio_emulator.core.verify.services import (
    AddVerifyService,
    RemoveVerifyService,
    UpdateVerifyService,
)
from twilio_emulator.core.verify.verifications import (
    CreateVerification,
    EndVerification,
    ExpireVerification,
    UpdateVerification,
)

VERIFY = Wing(
    name="verify",
    tables=(
        VerifyServices,
        Verifications,
        VerifyAttempts,
        HeldPasskeys,
    ),
    commands=(
        AddVerifyService,
        UpdateVerifyService,
        RemoveVerifyService,
        CreateVerification,
        UpdateVerification,
        ExpireVerification,
        EndVerification,
        CheckVerification,
        MakePasskey,
        UsePasskey,
    ),
    reactions=(
        (AccountOpened, services.open_first),
        (TextStatusChanged, attempts.follow_text),
        (HandsetRemoved, lose_passkeys),
    ),
)
