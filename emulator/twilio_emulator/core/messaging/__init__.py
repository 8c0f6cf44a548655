"""Texts by request and from phones, and the Message resource as requests see it."""
