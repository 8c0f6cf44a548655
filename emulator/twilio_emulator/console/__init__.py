"""The handsets as people see them: JSON, live events and one page."""
