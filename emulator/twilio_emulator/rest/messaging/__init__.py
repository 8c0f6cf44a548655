"""Messaging v1 and v2: services, senders, short links, and media of texts."""
