"""Sites of many kinds, made of real records, for measuring what a crawler finds when it is given only an address."""
