"""The webhooks of Verify services: what they hear of factors and challenges."""
