"""Matching: what is compared of a record, which records are worth comparing, and how alike two of them are. Pure functions."""
