"""The records and tables of verify."""
