"""What the client SDKs speak: Twilsock, Sync and the operations sent through them."""
