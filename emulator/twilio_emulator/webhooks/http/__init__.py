"""How webhooks are sent: HTTP clients, signatures, queues, what failed."""
