"""The records and tables of knowledge."""
