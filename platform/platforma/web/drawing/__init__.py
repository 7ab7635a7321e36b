"""Drawing: pictures that the server makes itself, the mark and the cards that are shown where a page is shared.

Nothing of a request or of the catalogue is known here: texts and sizes in, pictures out.
"""
