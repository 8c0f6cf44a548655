"""What the webhook of a Sync service is told, and when."""
