"""The command `twilio-emulator`."""
