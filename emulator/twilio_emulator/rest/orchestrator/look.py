"""The keys that answers about orchestrator have."""
