"""Lookup by the control API."""
