"""Knowledge by REST."""
