"""The keys that answers about sync have."""
