"""Normalising: a raw record becomes a record with ids of the vocabulary; a value that is not understood is a problem."""

from crawlers.normalise.normaliser import Normaliser

__all__ = ["Normaliser"]
