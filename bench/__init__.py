"""Benchmarks: run by `make bench`; nothing in the tests asserts a timing."""
