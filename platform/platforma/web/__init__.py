"""The site's pages and interface: thin views over catalogue and search."""
