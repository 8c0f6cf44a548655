"""Senders: numbers, messaging services, which sender is chosen, TwiML apps."""
