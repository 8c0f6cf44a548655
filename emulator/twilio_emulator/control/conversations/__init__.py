"""Conversations by the control API, and the client SDKs that are connected."""
