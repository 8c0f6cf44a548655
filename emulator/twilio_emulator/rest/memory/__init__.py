"""Memory by REST."""
