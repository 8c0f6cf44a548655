"""The keys that answers about lookup have."""
