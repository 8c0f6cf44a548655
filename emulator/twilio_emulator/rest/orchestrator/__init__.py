"""Orchestrator by REST."""
