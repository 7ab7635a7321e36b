"""Pictures of listings: which are wanted, what their fetching gave, and what is kept and shown.

Nothing is fetched or decoded here, and who allows a picture is decided where listings are composed.
"""
