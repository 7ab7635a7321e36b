"""Projection, shapes and labels of the maps that are drawn on the server."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforma.web.public.geography.labels import Mark, place_labels
from platforma.web.public.geography.mini_map import HEIGHT, WIDTH, mini_map
from platforma.web.public.geography.planes import Rectangle, area, bounds, clipped, path
from platforma.web.public.geography.projection import BALTIC, EARTH_RADIUS_KM, Projection
from platforma.web.public.geography.shapes import outlines, region_shapes
from tools.shapes import simplified

SQUARE = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]


@given(st.floats(-170, 170), st.floats(-85, 85))
def test_a_point_comes_back_from_the_plane(lon: float, lat: float) -> None:
    x, y = BALTIC.project(lon, lat)
    back_lon, back_lat = BALTIC.unproject(x, y)
    assert abs(back_lat - lat) < 1e-6
    assert abs((back_lon - lon + 180) % 360 - 180) < 1e-6


def test_the_plane_keeps_areas_and_points_south_downwards() -> None:
    def cell(lat: float) -> float:
        corners = [(30.0, lat), (31.0, lat), (31.0, lat + 1), (30.0, lat + 1)]
        edge = [(a[0] + (b[0] - a[0]) * i / 50, a[1] + (b[1] - a[1]) * i / 50)
                for a, b in zip(corners, [*corners[1:], corners[0]], strict=True) for i in range(50)]  # fmt: skip
        return area([BALTIC.project(*point) for point in edge])

    from math import pi, radians, sin

    expected = EARTH_RADIUS_KM**2 * (sin(radians(61)) - sin(radians(60))) * pi / 180
    assert cell(60) == pytest.approx(expected, rel=1e-4)
    assert BALTIC.project(19, 58) == (0, 0)
    assert BALTIC.project(19, 57)[1] > 0
    assert BALTIC.project(20, 58)[0] > 0


def test_the_antipode_of_the_centre_is_refused() -> None:
    with pytest.raises(ValueError, match="antipode"):
        Projection(0, 0).project(180, 0)


def test_a_ring_is_cut_to_its_frame() -> None:
    assert area(clipped(SQUARE, Rectangle(5, 5, 20, 20))) == 25
    assert area(clipped(SQUARE, Rectangle(-5, -5, 20, 20))) == 100
    assert clipped(SQUARE, Rectangle(20, 20, 30, 30)) == []
    assert bounds(clipped(SQUARE, Rectangle(2, 3, 7, 8))) == (2, 3, 7, 8)


def test_a_path_is_relative_and_leaves_out_what_is_less_than_a_unit() -> None:
    assert path([SQUARE]) == "M0 0l10 0 0 10-10 0z"
    assert path([[(0, 0), (0.2, 0.1), (0.1, 0.3)]]) == ""


def test_a_line_loses_its_least_bends_and_keeps_its_ends() -> None:
    line = [(20.0, 57.0), (20.5, 57.001), (21.0, 57.0), (21.5, 58.0), (22.0, 57.0)]
    assert simplified(line, 10) == [line[0], line[2], line[3], line[4]]
    assert simplified(line, 1e9) == [line[0], line[-1]]
    assert simplified(line, 0) == line


def test_labels_lie_on_nothing_and_within_the_frame() -> None:
    marks = [
        Mark("Latvija", 300, 215, 16),
        Mark("Igaunija", 297, 175, 14),
        Mark("Lietuva", 265, 256, 10),
        Mark("Somija", 352, 100, 10),
    ]
    frame = Rectangle(0, 0, 360, 360)
    labels = place_labels(marks, frame, 14)
    boxes = [label.box for label in labels if label]
    assert len(boxes) == len(marks)
    for box, mark in zip(boxes, marks, strict=True):
        assert frame.contains(box)
        assert not any(box.overlaps(other) for other in boxes if other != box)
        assert not any(box.overlaps(other.box) for other in marks if other != mark)


def test_a_label_without_room_is_left_out() -> None:
    crowd = [Mark("Nosaukums", 50 + 12 * i, 50 + 12 * j, 6) for i in range(5) for j in range(5)]
    assert place_labels(crowd, Rectangle(0, 0, 160, 160), 14)[12] is None


def test_the_region_has_its_nine_countries_with_marks_inside_the_map() -> None:
    shapes = region_shapes()
    assert set(shapes.marks) == {"DE", "DK", "EE", "FI", "LT", "LV", "NO", "PL", "SE"}
    assert set(shapes.marks) <= set(shapes.lands)
    assert all(0 < x < shapes.width and 0 < y < shapes.height for x, y in shapes.marks.values())
    latvia = BALTIC.unproject(shapes.marks["LV"][0] + shapes.origin[0], shapes.marks["LV"][1] + shapes.origin[1])
    assert 22 < latvia[0] < 28
    assert 56 < latvia[1] < 57.6


def test_no_outline_crosses_the_date_line() -> None:
    for polygons in outlines().values():
        for polygon in polygons:
            lons = [lon for lon, _ in polygon.rings[0]]
            assert max(abs(b - a) for a, b in pairwise(lons)) < 180
            assert -180 <= min(lons) <= max(lons) <= 180


def test_a_place_stands_in_its_country_among_neighbours() -> None:
    map = mini_map(56.95, 24.1, "LV", "Rīga", "Rīga, Latvija")
    assert map and map.dot and map.label
    assert 0 < map.dot.x < WIDTH
    assert 0 < map.dot.y < HEIGHT
    assert [is_here for _, is_here in map.lands].count(True) == 1
    assert len(map.lands) >= 3
    assert all(re.fullmatch(r"(M-?\d+[ -]\d+l[-\d ]+z)+", path) for path, _ in map.lands)


def test_a_country_alone_has_a_map_without_a_dot() -> None:
    map = mini_map(None, None, "SE", "", "Zviedrija")
    assert map and map.dot is None and map.label is None
    assert True in [is_here for _, is_here in map.lands]


@pytest.mark.parametrize(
    "place", [(None, None, None), (0.3, 32.6, "UG"), (-58.0, -161.0, None), (None, None, "XX"), (None, 24.1, None)]
)
def test_there_is_no_map_of_nowhere_and_none_of_far_away(place: tuple[float | None, float | None, str | None]) -> None:
    assert mini_map(*place, "", "") is None


def test_a_place_of_an_unknown_country_shows_all_lands_alike() -> None:
    map = mini_map(59.44, 24.75, None, "Tallina", "Tallina")
    assert map and {is_here for _, is_here in map.lands} == {True}
