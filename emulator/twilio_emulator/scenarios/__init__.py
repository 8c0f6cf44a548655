"""Scenarios: a file of what happens and what is expected, read and played."""
