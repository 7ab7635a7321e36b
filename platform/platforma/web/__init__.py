"""The site: views that read a request, call the catalogue or the search, and hand a view model to a template.

No rule of the catalogue and no SQL may stand here.
"""
