"""Accounts, one-time links and their rate limits. This folder knows nothing of listings."""
