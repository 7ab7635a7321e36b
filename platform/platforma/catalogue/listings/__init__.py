"""Listings: composing, editing, matching, visibility, removal. It knows nothing of crawls, platforms' states or files."""
