"""Calls of the control API about Studio."""
