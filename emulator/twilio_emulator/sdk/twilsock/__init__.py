"""Twilsock: the socket of the client SDKs, its frames and its connections."""
