"""Pages, feeds and interfaces that need no account, and those of partners; nothing here may need the desk."""
