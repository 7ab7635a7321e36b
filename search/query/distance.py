"""Distances over the ground, as both engines measure them."""

from __future__ import annotations

import math

EARTH_RADIUS_KM = 6371.0088
"""The mean radius, which Elasticsearch takes too."""


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Kilometres between two points in degrees, by the haversine formula."""
    a, b = math.radians(lat), math.radians(other_lat)
    half = math.sin((a - b) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon - other_lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


def box_around(lat: float, lon: float, km: float) -> tuple[float, float, float, float]:
    """West, south, east and north of a rectangle in degrees that holds the circle; it reaches around the globe at the poles."""
    height = math.degrees(km / EARTH_RADIUS_KM)
    south, north = max(-90.0, lat - height), min(90.0, lat + height)
    shrinking = math.cos(math.radians(max(abs(south), abs(north))))
    width = math.degrees(km / EARTH_RADIUS_KM / shrinking) if shrinking > km / EARTH_RADIUS_KM else 360.0
    if lon - width < -180 or lon + width > 180:
        return -180.0, south, 180.0, north
    return lon - width, south, lon + width, north
