"""Twilio's REST APIs: tables of operations, and how their resources look."""
