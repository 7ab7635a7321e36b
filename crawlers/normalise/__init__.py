"""Normalising: raw fields become a record in the vocabulary's ids, and what cannot be understood becomes a problem."""

from crawlers.normalise.normaliser import Normaliser

__all__ = ["Normaliser"]
