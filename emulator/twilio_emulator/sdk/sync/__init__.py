"""The engine of Sync: documents, lists and maps, and who watches them."""
