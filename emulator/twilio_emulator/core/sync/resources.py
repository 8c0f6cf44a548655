"""The records and tables of sync."""
