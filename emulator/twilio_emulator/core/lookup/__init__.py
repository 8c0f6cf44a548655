"""Lookup: the rules."""
