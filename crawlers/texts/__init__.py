"""Texts as a reader would read them, and their languages."""
