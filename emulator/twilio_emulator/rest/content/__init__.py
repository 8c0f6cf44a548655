"""Content v1 and v2: templates."""
