"""What a test may want otherwise: the carrier profile, switches, faults."""

from twilio_emulator.core.kernel.wing import Wing
from twilio_emulator.core.simulation.faults import AddFault, RemoveFaults, SpendFault
from twilio_emulator.core.simulation.resources import FaultRules
from twilio_emulator.core.simulation.settings import Carriers, ChangeCarrier

SIMULATION = Wing(
    name="simulation",
    tables=(
        FaultRules,
        Carriers,
    ),
    commands=(
        AddFault,
        RemoveFaults,
        SpendFault,
        ChangeCarrier,
    ),
)
