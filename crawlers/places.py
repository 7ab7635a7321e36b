"""Coordinates as sources give them, taken only where they can be true."""

from __future__ import annotations


def coordinates(lat_text: str, lon_text: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees (WGS 84); None where they are swapped, zero or no numbers."""
    try:
        lat, lon = (float(text.replace(",", ".")) for text in (lat_text, lon_text))
    except ValueError:
        return None
    is_swapped = 53 <= lon <= 71 and 3 <= lat <= 33
    is_nowhere = (lat, lon) == (0.0, 0.0) or not (abs(lat) <= 90 and abs(lon) <= 180)
    return None if is_swapped or is_nowhere else (lat, lon)
