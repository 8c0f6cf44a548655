"""`python -m twilio_emulator` is `twilio-emulator`."""

from twilio_emulator.cli.commands import main

main(prog_name="twilio-emulator")
