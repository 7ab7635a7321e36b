"""Listings out to files and in from files: formats, import, export. No rule on a listing may stand here."""
