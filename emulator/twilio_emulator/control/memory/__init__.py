"""Calls of the control API about Conversation Memory."""
