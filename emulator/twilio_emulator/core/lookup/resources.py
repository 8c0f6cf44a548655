"""The records and tables of lookup."""
