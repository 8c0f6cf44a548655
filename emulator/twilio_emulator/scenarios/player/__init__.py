"""Plays a scenario, and says what held."""
