"""The console: a page for people, which uses the control API alone."""
