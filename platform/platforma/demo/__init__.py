"""The demonstration sites: small sites of the kinds that partners really run, with texts of our own.

It imports nothing of the site or the crawlers.
"""
