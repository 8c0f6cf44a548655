"""The language of scenario files: how they are read, checked and described."""
