"""`python -m emulator` is `twilio-emulator`."""

from emulator.cli import main

main(prog_name="twilio-emulator")
