"""The 2010 API: accounts, numbers, messages and their media."""
