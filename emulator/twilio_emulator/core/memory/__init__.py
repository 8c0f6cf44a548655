"""Conversation Memory: who a customer is, and what is remembered of them."""
