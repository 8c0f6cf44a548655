"""Sync as a product of its own, through the socket."""
