"""The keys that answers about studio have."""
