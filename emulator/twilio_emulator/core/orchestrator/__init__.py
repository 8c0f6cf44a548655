"""Conversations v2 (Conversation Orchestrator): texts of every channel as one conversation."""
