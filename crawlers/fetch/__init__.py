"""Fetching: the polite session, the guard of addresses, robots.txt, the transport, and the page that comes back."""

from crawlers.fetch.page import Page
from crawlers.fetch.session import PoliteSession

__all__ = ["Page", "PoliteSession"]
