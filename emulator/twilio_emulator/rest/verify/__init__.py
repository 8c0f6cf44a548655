"""Verify by REST."""
