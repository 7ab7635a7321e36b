"""Nearness in meaning: texts as vectors of a small model, where it is installed and switched on. No engine's query lives here."""
