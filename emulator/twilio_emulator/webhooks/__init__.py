"""Webhooks: what fires them, how they are sent, and what their answers mean."""
