"""Searches to take along: the whole result as a file, feed or calendar, a module for each format; only `results` searches."""
