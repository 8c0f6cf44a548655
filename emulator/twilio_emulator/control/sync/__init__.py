"""Sync by the control API: what is shared, who watches it, and waits for what becomes of it."""
