"""The keys that answers about verify have."""
