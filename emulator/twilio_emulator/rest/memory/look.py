"""The keys that answers about memory have."""
