"""Handsets by the control API: their messages, and waiting for them."""
