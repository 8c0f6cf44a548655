"""Twilsock."""
