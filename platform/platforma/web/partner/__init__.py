"""The pages of partners for their own platforms, by account and membership; they know nothing of the desk."""
