"""Values of fields, read out of what sources write: dates, places, contacts, addresses, meanings.

Nothing here may fetch or parse a page.
"""
