"""From a crawl's records to the catalogue: staging, plausibility, differences, taking in.

Nothing here fetches or analyses texts.
"""
