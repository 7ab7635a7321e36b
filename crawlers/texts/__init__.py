"""Texts as a reader would read them, and their languages. Nothing here may know a record."""
