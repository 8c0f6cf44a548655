"""Templates, and what they render to."""

from twilio_emulator.core.content.templates import (
    AddContent,
    ChangeApproval,
    Contents,
    RemoveContent,
    RequestApproval,
    UpdateContent,
)
from twilio_emulator.core.kernel.wing import Wing

CONTENT = Wing(
    name="content",
    tables=(Contents,),
    commands=(
        AddContent,
        UpdateContent,
        RemoveContent,
        RequestApproval,
        ChangeApproval,
    ),
)
