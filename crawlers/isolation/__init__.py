"""Isolation: foreign bytes are read in processes with limits of memory and time, so that no page can take the worker.

The process that fetches and stores (here: the host) starts reader processes (crawlers.reader_process) and serves their
requests. A reader has no secrets in its environment, writes no files, and is ended where it takes too much. The page that it
was reading is then left out, and another reader goes on.
"""
