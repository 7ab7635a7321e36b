"""What visitors send without an account: reports about listings, and listings added by hand. It knows nothing of files."""
