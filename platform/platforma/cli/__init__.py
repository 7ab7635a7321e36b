"""The command line: one module a group of commands. What others need too belongs in the package that does the work."""
