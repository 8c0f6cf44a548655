"""Carrier."""
