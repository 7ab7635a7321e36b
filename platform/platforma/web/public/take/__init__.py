"""Searches to take along: the whole result as a file, feed or calendar. Each format has a module; none of them searches or reads."""
