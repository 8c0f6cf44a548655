"""The records and tables of orchestrator."""
