"""What partners put on sites of their own: a widget, as a script or a frame, the page that makes its code, and a badge.

All of it is public and read only: no view here looks at a session.
"""
