"""Websites of listings: which are looked at, when, what was found, and whether they may have become something else."""
