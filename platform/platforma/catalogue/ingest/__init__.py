"""From a crawl's records to the catalogue: staging, plausibility, differences, ingest, reports.

Nothing here fetches pages or analyses texts.
"""
