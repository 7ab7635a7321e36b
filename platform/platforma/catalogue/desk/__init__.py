"""What the desk asks of its staff, and what was done there."""
