"""Searching: one port, two engines, one chain of analysis. It knows neither the site, nor the catalogue, nor the crawlers."""
