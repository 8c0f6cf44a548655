"""Accounts, keys, OAuth and the debugger: Accounts v1, IAM v1 and Monitor v1."""
