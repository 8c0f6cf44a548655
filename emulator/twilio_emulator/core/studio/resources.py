"""The records and tables of studio."""
