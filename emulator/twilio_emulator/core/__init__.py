"""The state machine: Twilio's rules as plain objects, standard library only, no I/O, no async."""
