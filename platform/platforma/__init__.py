"""Platforma platformām / Platform of Platforms: the site and the catalogue.

Here stand only what every part needs (settings, languages, locks, the key); each trade has a folder.
"""
