"""Lookup by REST."""
