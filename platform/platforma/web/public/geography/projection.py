"""The map projection of our maps: Lambert azimuthal equal-area on a sphere, so that countries keep their sizes."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, atan2, cos, degrees, hypot, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088
"""The mean radius of the Earth by IUGG."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Projection:
    """A plane that touches the Earth at a centre in degrees. Its x grows to the east and its y to the south, in kilometres."""

    lon: float
    lat: float

    def project(self, lon: float, lat: float) -> Point:
        """The point of the plane (x, y in km) of a longitude and latitude in degrees. ValueError for the centre's antipode."""
        turn, height, centre = radians(lon - self.lon), radians(lat), radians(self.lat)
        closeness = 1 + sin(centre) * sin(height) + cos(centre) * cos(height) * cos(turn)
        if closeness < 1e-9:
            raise ValueError("the antipode of the centre has no point")
        scale = EARTH_RADIUS_KM * sqrt(2 / closeness)
        north = cos(centre) * sin(height) - sin(centre) * cos(height) * cos(turn)
        return scale * cos(height) * sin(turn), -scale * north

    def unproject(self, x: float, y: float) -> Point:
        """The longitude and latitude in degrees of a point of the plane."""
        distance, centre = hypot(x, y), radians(self.lat)
        if distance == 0:
            return self.lon, self.lat
        angle = 2 * asin(min(1.0, distance / (2 * EARTH_RADIUS_KM)))
        lat = asin(max(-1.0, min(1.0, cos(angle) * sin(centre) - y * sin(angle) * cos(centre) / distance)))
        turn = atan2(x * sin(angle), distance * cos(centre) * cos(angle) + y * sin(centre) * sin(angle))
        return self.lon + degrees(turn), degrees(lat)


BALTIC = Projection(lon=19.0, lat=58.0)
"""The plane of the Baltic Sea region; its centre lies in the sea by Gotland."""
