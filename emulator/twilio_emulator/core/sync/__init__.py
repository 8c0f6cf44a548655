"""Sync: documents, lists, maps and streams that everybody sees alike."""
