"""Readers, from a page or file to raw records: blocks and cards, schema.org entities, JSON objects, workbooks.

Nothing here may fetch.
"""
