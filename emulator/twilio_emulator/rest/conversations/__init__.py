"""Conversations v1, with the media of conversations and the web chats that open them."""
