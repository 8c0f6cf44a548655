"""Accounts, keys, subaccounts, and the alerts of the debugger."""
