"""Calls of the control API about Verify."""
