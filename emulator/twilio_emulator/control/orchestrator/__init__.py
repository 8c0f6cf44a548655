"""Conversations v2 by the control API."""
