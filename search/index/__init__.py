"""What stands in an index: fields with their boosts, and keys of order. No question and no engine may be known here."""
