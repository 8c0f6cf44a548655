"""The records and tables of memory."""
