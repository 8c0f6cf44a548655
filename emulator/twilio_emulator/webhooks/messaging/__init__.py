"""Webhooks of texts: inbound requests and their TwiML, status callbacks."""
