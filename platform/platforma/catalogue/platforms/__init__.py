"""Platforms: states, recipes, leases, schedules and field coverage.

Records and listings have folders of their own.
"""
