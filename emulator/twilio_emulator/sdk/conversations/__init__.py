"""What the Conversations SDKs ask for, and what they see of it in Sync."""
