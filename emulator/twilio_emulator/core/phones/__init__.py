"""Handsets, and what they show."""
