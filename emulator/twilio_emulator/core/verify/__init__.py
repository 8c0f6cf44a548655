"""Verify: the rules."""
