"""The pictures of the curators' guide, made of an invented catalogue in each language: `make guide` keeps them, other runs throw them away."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from platforma.catalogue.models import Role
from tests.browser.desk_pages import curators_page, press
from tests.browser.guide_catalogue import fill
from tests.browser.serving import served
from tests.people.site_fixture import SiteFixture

FOLDER = Path(__file__).parents[2] / "docs" / "guides" / "pictures"
IS_KEPT = bool(os.environ.get("PLATFORMA_GUIDE_PICTURES"))
MARGIN_PX = 16


@dataclass(frozen=True, slots=True)
class Picture:
    """What is shown: a page of the site, the keys that are pressed on it first, and the parts from the first to the last of
    which it is cropped (selectors); `width_px` from the left side of the first part."""

    name: str
    path: str
    first: str
    last: str
    keys: str = ""
    width_px: int = 1280


PICTURES = (
    Picture("sign-in", "sign-in", "main h1", "main form >> nth=0", width_px=640),
    Picture("today", "desk/", "nav.rooms", "main ul.queues >> nth=1", width_px=960),
    Picture("decide", "desk/next?only=listing", "main h1", "main .verdicts", keys="1"),
    Picture("refuse", "desk/next?only=listing", "main h1", "main form.verdicts", keys="2"),
    Picture("platform", "desk/next?only=platform", "main h1", "main .verdicts"),
    Picture("crawl", "desk/next?only=crawl", "main h1", "main .verdicts"),
    Picture("duplicates", "desk/duplicates", "main h1", "main .verdicts"),
    Picture("field", "desk/initiatives/{edited}", ".field:has(#region)", ".field:has(#region)"),
    Picture("conflict", "desk/conflicts", "main h1", "main .verdicts"),
    Picture("message", "desk/next?only=message", "main h1", "main .verdicts"),
    Picture("listings", "desk/catalogue?q=studija", "main h1", "main form#main-form > button >> nth=1"),
    Picture("words", "desk/sources/prasmes/mapping", "main h1", "main form ul.rows >> nth=0"),
    Picture("concept", "desk/concepts/new", "main h1", "main textarea >> nth=1"),
    Picture("statistics", "statistics", "main h1", "section.statistics >> nth=0"),
    Picture("changes", "desk/audit", "main h1", "main ol.rows > li >> nth=1"),
)


@dataclass(frozen=True, slots=True)
class GuideSite:
    """A filled site at an address, in a language, with the id of the listing that was edited."""

    site: SiteFixture
    base: str
    lang: str
    edited: str


@pytest.fixture(scope="module", params=["lv", "en"])
def guide_site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuideSite]:
    site = SiteFixture(tmp_path_factory.mktemp("guide"))
    edited = fill(site)
    with served(site.app) as base:
        yield GuideSite(site, base, request.param, edited)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_every_picture_of_the_guide_can_be_made(
    browser: Browser, guide_site: GuideSite, picture: Picture, tmp_path: Path
) -> None:
    page = curators_page(browser, guide_site.site, guide_site.base, Role.CURATOR, viewport={"width": 1280, "height": 800})
    page.goto(f"{guide_site.base}/{guide_site.lang}/{picture.path.format(edited=guide_site.edited)}")
    for key in picture.keys:
        with page.expect_navigation():
            press(page, key)
    folder = FOLDER if IS_KEPT else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    made = cropped(page, picture)
    made.save(folder / f"{picture.name}.{guide_site.lang}.webp", lossless=True, method=6)
    assert made.height > 2 * MARGIN_PX
    page.context.close()


def cropped(page: Page, picture: Picture) -> Image.Image:
    """The page from the top of the first part to the foot of the last one, with a margin."""
    expect(page.locator(picture.last).first).to_be_visible()
    page.evaluate("document.querySelectorAll('.verdicts').forEach(one => one.style.position = 'static')")
    top, foot = (page.locator(part).first.bounding_box() for part in (picture.first, picture.last))
    assert top and foot, f"{picture.name}: a part is not on the page"
    whole = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    left = max(0, int(top["x"]) - MARGIN_PX)
    return whole.crop(
        (
            left,
            max(0, int(top["y"]) - MARGIN_PX),
            min(whole.width, left + picture.width_px),
            int(foot["y"] + foot["height"]) + MARGIN_PX,
        )
    ).convert("RGB")


def test_the_guides_have_these_pictures_and_no_others() -> None:
    wanted = {f"{picture.name}.{lang}.webp" for picture in PICTURES for lang in ("lv", "en")}
    assert {path.name for path in FOLDER.iterdir()} == wanted, "make guide"
