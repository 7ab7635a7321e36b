"""Platforms: states, recipes, leases, schedules, and what their crawls showed.

Records and listings have folders of their own.
"""
