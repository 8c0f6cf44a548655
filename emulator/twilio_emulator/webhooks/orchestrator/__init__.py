"""The status callbacks of Conversations v2."""
