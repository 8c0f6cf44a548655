"""Studio, as a part of the rules."""

from twilio_emulator.core.kernel.wing import Wing
from twilio_emulator.core.studio.executions import AddExecution, EndExecution, RemoveExecution
from twilio_emulator.core.studio.resources import FlowExecutions

STUDIO = Wing(
    name="studio",
    tables=(FlowExecutions,),
    commands=(AddExecution, EndExecution, RemoveExecution),
)
