"""The console in a browser.

A package, so that its browser ends with its last test: while Playwright has one, no other test can
run an event loop in the main thread.
"""
