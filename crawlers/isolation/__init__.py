"""Isolation: foreign bytes are read in processes with limits of memory and time, so that no page can take the worker.

The host, which fetches and stores, serves a reader process (crawlers.reader_process). That has no secrets, writes no files, and
is ended where it takes too much: the page is left out, and another reader goes on. Nothing here knows how a page is read.
"""
