"""What the staff does with many listings at once: searching all of them, saved views, bulk changes and their undoing. No pages."""
