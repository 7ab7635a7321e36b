"""Fetching: the polite, guarded session and what it is made of, from the guard of addresses to the page that comes back."""

from crawlers.fetch.page import Page
from crawlers.fetch.session import PoliteSession

__all__ = ["Page", "PoliteSession"]
