"""Files for import: read in a process with limits (isolation), by the record format, as a table, or by a recipe (reading).

What comes of the records, and what an export has beside them, the catalogue decides.
"""
