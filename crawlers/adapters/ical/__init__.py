"""Calendars in iCalendar (RFC 5545), and their recurring events."""
