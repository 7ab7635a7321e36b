"""Decisions of the desk: each is a row with what stood before, and is undone by restoring exactly that."""
