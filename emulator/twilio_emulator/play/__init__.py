"""Scenarios in an account of this process, or of a running emulator."""
