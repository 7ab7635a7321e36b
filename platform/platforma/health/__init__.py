"""The state of an installation: its parts, each looked at as it is used, and what to do where one is not well."""
