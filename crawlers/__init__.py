"""Crawling: from a platform's address to records, knowing neither the site nor the search engine."""
