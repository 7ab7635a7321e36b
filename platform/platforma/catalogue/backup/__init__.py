"""One file that holds a whole directory, written from any of its databases and restored into an empty one of either kind."""
