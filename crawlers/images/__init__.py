"""Images: fetched politely, decoded in a process of their own, and encoded again in two sizes without metadata.

No page and no record may be read here; what is kept and shown of an image, the catalogue decides.
"""
