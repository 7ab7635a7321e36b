"""Accounts, sign-in links and limits on requests. It knows nothing of listings."""
