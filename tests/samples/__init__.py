"""Data of our own that tests are fed with: invented texts, words and records, and facts of geography. Nothing here is copied.

What is asked of the product on it are thresholds of this data, stated beside each test; figures of real data are measured by
the benches (`python -m bench.grouping FILE` and its like), which no test needs.
"""
