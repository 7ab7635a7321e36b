"""Tables that owners send: read with the places of all cells, each cell checked, each row made a record.

Runs in a reader process (importing.isolation); knows no network and no files. Reasons speak to owners of tables.
"""
