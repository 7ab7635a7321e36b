"""From what was typed to a plan, and from results to their reasons. No engine may be imported here."""
