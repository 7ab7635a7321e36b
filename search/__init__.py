"""Searching: one port, two engines, one chain of analysis; knows neither the site nor the crawlers."""
