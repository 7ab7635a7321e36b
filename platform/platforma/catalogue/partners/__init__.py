"""What partners see of their own platforms and do with them. Callers check that they may (people/memberships.py)."""
