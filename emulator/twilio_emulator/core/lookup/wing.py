"""What is known about phone numbers, as a part of the rules."""

from twilio_emulator.core.kernel.wing import Wing
from twilio_emulator.core.lookup.definitions import DefineAnswer, ForgetAnswer
from twilio_emulator.core.lookup.limits import CountLookups, RemoveLookupLimit, SetLookupLimit
from twilio_emulator.core.lookup.overrides import AddOverride, ChangeOverride, RemoveOverride
from twilio_emulator.core.lookup.resources import (
    DefinedAnswers,
    LineTypeOverrides,
    LookupLimits,
)

LOOKUP = Wing(
    name="lookup",
    tables=(
        DefinedAnswers,
        LineTypeOverrides,
        LookupLimits,
    ),
    commands=(
        DefineAnswer,
        ForgetAnswer,
        AddOverride,
        ChangeOverride,
        RemoveOverride,
        SetLookupLimit,
        RemoveLookupLimit,
        CountLookups,
    ),
)
