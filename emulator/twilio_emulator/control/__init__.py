"""/_emulator/v1: accounts and tokens, clock, journal, events, and who may call."""
