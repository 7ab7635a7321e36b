"""Platforma platformām / Platform of Platforms: the site and the catalogue."""
