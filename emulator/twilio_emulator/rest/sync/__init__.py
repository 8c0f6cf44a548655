"""Sync by REST."""
