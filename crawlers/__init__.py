"""Crawling: from a platform's address to records. It knows neither the site, nor the catalogue, nor the search."""
