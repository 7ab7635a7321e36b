"""Crawling: from a platform's address to records. It imports nothing of the site, the catalogue or the search."""
