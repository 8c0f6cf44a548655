"""Enterprise Knowledge: what a scenario or a test put there, found by words."""
