"""Webhooks of conversations: before and after the fact."""
