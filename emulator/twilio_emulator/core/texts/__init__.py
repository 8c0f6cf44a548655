"""The text itself: its life, media, segments, short links."""
