"""Studio by REST."""
