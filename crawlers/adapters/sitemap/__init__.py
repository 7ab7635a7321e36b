"""Sites that are read by their sitemaps, and the reader of sitemaps."""
