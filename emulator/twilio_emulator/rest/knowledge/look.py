"""The keys that answers about knowledge have."""
