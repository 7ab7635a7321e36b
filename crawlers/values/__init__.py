"""Values of fields, read out of what sources write: dates, places, contacts, addresses, meanings."""
