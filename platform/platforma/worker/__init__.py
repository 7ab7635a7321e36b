"""What runs without a request: crawls in their turn, indexing, mapping anew, the tick.

No page and no command may stand here.
"""
