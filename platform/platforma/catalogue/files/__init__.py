"""Import and export of listings: formats, lines, tables. Rules of listings belong to other folders."""
