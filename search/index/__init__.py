"""What an index holds: its fields, their boosts, sort keys, and its version. It knows neither questions nor engines."""
