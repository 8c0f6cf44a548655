"""/_emulator/v1: every call, and who may make it."""
