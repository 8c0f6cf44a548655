"""Calls of the control API about Knowledge."""
