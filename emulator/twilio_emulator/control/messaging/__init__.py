"""Carrier, senders, opt-outs, templates and delivery by the control API."""
