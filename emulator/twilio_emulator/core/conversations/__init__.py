"""Conversations: services, users, roles, participants, messages, receipts, webhooks as set."""
