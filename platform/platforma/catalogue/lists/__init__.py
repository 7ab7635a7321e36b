"""What the staff does with many listings at once: search, saved views, bulk changes, their undoing. No pages."""
