"""Images: what becomes of good ones, and that bad ones cost little and show nothing."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

from crawlers import errors
from crawlers.fetch import PoliteSession
from crawlers.images import isolation
from crawlers.images.fetching import MAX_BYTES, fetch_image
from crawlers.images.isolation import recode_apart
from crawlers.images.recoding import ImageFault, ImageRefused, RecodedImage, recode
from crawlers.isolation import readers
from crawlers.recipe import Limits
from crawlers.state import PageValidators
from tests.crawlers.clocks import QuickClock
from tests.crawlers.server import running
from tests.samples import images


class Limited:
    """Makes readers of which a limit, and maybe a function, is another one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch, self.readers = monkeypatch, readers.Readers()

    def __call__(self, limit: str, patch: str = "pass") -> None:
        program = f"import crawlers.reader_process as r\nfrom crawlers.isolation import limits\nlimits.{limit}\n{patch}\nr.main()"
        self._monkeypatch.setattr(readers, "COMMAND", (*readers.COMMAND[:2], "-c", program))
        self._monkeypatch.setattr(isolation, "READERS", self.readers)


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> Iterator[Limited]:
    limited = Limited(monkeypatch)
    yield limited
    limited.readers.end()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_every_format_becomes_a_square_and_a_page_in_its_proportions(format: str) -> None:
    recoded = recode(images.encoded(images.halves(1600, 800), format))
    for picture, size in ((recoded.thumb, (120, 120)), (recoded.page, (640, 320))):
        found = opened(picture.data)
        assert found.format == "WEBP"
        assert found.size == size == (picture.width, picture.height)


def test_a_small_image_is_not_enlarged_and_a_tall_one_stays_within_the_page() -> None:
    assert opened(recode(images.jpeg(images.halves(60, 40))).page.data).size == (60, 40)
    assert opened(recode(images.jpeg(images.halves(300, 3000))).page.data).size == (80, 800)


def test_in_a_list_a_photograph_is_cut_and_a_logo_is_whole_on_its_ground() -> None:
    photograph = opened(recode(images.jpeg(images.halves(600, 400))).thumb.data)
    assert photograph.size == (120, 120)
    assert photograph.convert("RGB").getpixel((60, 1)) != photograph.convert("RGB").getpixel((2, 1))
    logo = Image.new("RGB", (600, 400), (250, 240, 230))
    logo.paste("black", (50, 180, 550, 220))
    whole = opened(recode(images.jpeg(logo)).thumb.data)
    assert whole.mode == "RGB"
    assert sum(whole.getpixel((60, 2))) == pytest.approx(720, abs=9)  # type: ignore[arg-type] # RGB pixels are tuples
    assert sum(whole.getpixel((12, 60))) < 120  # type: ignore[arg-type] # RGB pixels are tuples
    assert opened(recode(images.encoded(Image.new("RGB", (40, 40), "red"), "PNG")).thumb.data).size == (120, 120)


def test_the_same_bytes_give_the_same_pictures() -> None:
    assert recode(images.jpeg()) == recode(images.jpeg())


def test_where_and_by_whom_a_photograph_was_taken_is_left_out() -> None:
    source = images.with_position()
    assert opened(source).getexif().get_ifd(0x8825)
    recoded = recode(source)
    for picture in (recoded.thumb, recoded.page):
        assert not dict(opened(picture.data).getexif())
        assert not {"exif", "xmp", "icc_profile", "comment"} & opened(picture.data).info.keys()
        assert b"EXIF" not in picture.data
        assert b"Fotogr" not in picture.data


def test_a_photograph_stands_upright() -> None:
    """Orientation 6: the camera was held turned to the right, the left half is up."""
    page = opened(recode(images.with_position(orientation=6)).page.data).convert("RGB")
    assert page.size == (100, 200)
    (red, _, _), (_, _, blue) = (page.getpixel((50, y)) for y in (20, 180))  # type: ignore[misc,unused-ignore] # RGB pixels are tuples
    assert red > 200
    assert blue > 200


def test_of_an_animation_the_first_frame_stays() -> None:
    page = opened(recode(images.animation()).page.data)
    assert getattr(page, "n_frames", 1) == 1
    assert page.convert("RGB").getpixel((5, 5))[0] > 200  # type: ignore[index] # RGB pixels are tuples


@pytest.mark.parametrize(
    ("image", "format", "options"),
    [
        (Image.new("RGBA", (100, 100), (255, 0, 0, 0)), "PNG", {}),
        (Image.new("LA", (100, 100), (90, 0)), "PNG", {}),
        (Image.new("P", (100, 100)), "GIF", {"transparency": 0}),
        (Image.new("RGB", (100, 100), (1, 2, 3)), "PNG", {"transparency": (1, 2, 3)}),
    ],
)
def test_what_is_transparent_stays_transparent(image: Image.Image, format: str, options: dict[str, Any]) -> None:
    page = opened(recode(images.encoded(image, format, **options)).page.data)
    assert page.mode == "RGBA"
    assert page.getpixel((50, 50))[3] == 0  # type: ignore[index] # RGBA pixels are tuples


@pytest.mark.parametrize(
    ("mode", "value", "level"), [("I;16", 40_000, 155), ("CMYK", (0, 0, 0, 100), 155), ("L", 155, 155), ("1", 1, 255)]
)
def test_other_kinds_of_pixels_keep_their_brightness(mode: str, value: Any, level: int) -> None:
    image = Image.new(mode, (64, 64), value)
    page = opened(recode(images.encoded(image, "JPEG" if mode == "CMYK" else "PNG")).page.data)
    assert page.convert("L").getpixel((30, 30)) == pytest.approx(level, abs=4)


def test_colours_are_brought_to_srgb_and_a_broken_profile_is_left_out() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    for profile in (lab, b"no profile", ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()):
        page = opened(recode(images.jpeg(icc_profile=profile)).page.data)
        assert "icc_profile" not in page.info


HARMFUL = {
    "a bomb": (images.png_bomb(), ImageFault.TOO_MANY_PIXELS),
    "cut off": (images.jpeg(Image.effect_noise((400, 400), 90).convert("RGB"))[:9000], ImageFault.BROKEN),
    "a page that begins as an image": (images.POLYGLOT, ImageFault.UNREADABLE),
    "a page": (b"<!doctype html><html><script>alert(1)</script>", ImageFault.UNREADABLE),
    "a drawing with a script": (images.SVG, ImageFault.UNREADABLE),
    "nothing": (b"", ImageFault.UNREADABLE),
    "a format that is not decoded": (images.encoded(images.halves(), "TIFF"), ImageFault.UNREADABLE),
    "a counter of visitors": (images.encoded(Image.new("RGB", (1, 1)), "GIF"), ImageFault.TOO_SMALL),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_what_is_no_picture_is_refused_with_its_reason(name: str) -> None:
    data, fault = HARMFUL[name]
    with pytest.raises(ImageRefused) as caught:
        recode_apart(data)
    assert caught.value.fault == fault


def test_a_page_hidden_in_a_real_image_does_not_come_along() -> None:
    page = b"<html><script>alert(1)</script></html>"
    recoded = recode(images.jpeg(comment=page) + page)
    assert b"<script" not in recoded.page.data + recoded.thumb.data


def test_the_process_that_decodes_gives_what_decoding_here_gives() -> None:
    assert recode_apart(images.with_position(6)) == recode(images.with_position(6))


def test_a_decoder_that_needs_too_much_memory_is_ended(limited: Limited) -> None:
    """49 million pixels are allowed, but take more memory than this process may have."""
    limited("MAX_MEMORY_BYTES = 350_000_000")
    with pytest.raises(ImageRefused) as caught:
        recode_apart(images.encoded(Image.new("RGB", (7000, 7000), "red"), "PNG"))
    assert caught.value.fault == ImageFault.TOO_EXPENSIVE


def test_a_decoder_that_never_ends_is_ended(limited: Limited) -> None:
    limited("SECONDS_PER_PAGE = 0.2", patch="def recode(data):\n while True: pass\nr.recode = recode")
    with pytest.raises(ImageRefused) as caught:
        recode_apart(b"")
    assert caught.value.fault == ImageFault.TOO_EXPENSIVE


def test_a_decoder_that_was_taken_over_cannot_write_files(tmp_path: Path, limited: Limited) -> None:
    target = tmp_path / "x"
    limited(
        "SECONDS_PER_PAGE = 9.0",
        patch=f"import pathlib\nr.recode = lambda data: pathlib.Path({str(target)!r}).write_text('x' * 9)",
    )
    with pytest.raises(ImageRefused):
        recode_apart(b"")
    assert not target.exists() or target.read_bytes() == b""


class ImageHandler(BaseHTTPRequestHandler):
    """A server of images, by path; it keeps what it was asked."""

    asked: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        name = self.path.strip("/").partition(".")[0]
        self.asked.append((self.path, self.headers.get("If-None-Match")))
        getattr(self, f"on_{name}", lambda: self.answer(404, b""))()

    def log_message(self, *args: Any) -> None:
        """Silence."""

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header.replace("_", "-"), value)
        self.send_header("Content-Length", headers.get("Content_Length", str(len(body))))
        self.end_headers()
        self.wfile.write(body)

    def on_robots(self) -> None:
        self.answer(200, b"User-agent: *\nDisallow: /closed.png\n")

    def on_photo(self) -> None:
        """A photograph that calls itself a page."""
        if self.headers.get("If-None-Match") == '"1"':
            self.answer(304, b"", ETag='"1"')
        else:
            self.answer(200, images.with_position(), Content_Type="text/html", ETag='"1"')

    def on_page(self) -> None:
        self.answer(200, b"<html>", Content_Type="image/jpeg")

    def on_inward(self) -> None:
        self.answer(302, b"", Location="http://169.254.169.254/latest/photo.jpg")

    def on_endless(self) -> None:
        """Announces 5 GB, and goes on until nobody listens."""
        self.send_response(200)
        self.send_header("Content-Length", "5000000000")
        self.end_headers()
        try:
            for _ in range(200):
                self.wfile.write(bytes(1_000_000))
        except OSError:
            return

    def on_drip(self) -> None:
        """A byte now and then."""
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b"x")
                time.sleep(0.1)
        except OSError:
            return


@contextmanager
def image_site() -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    asked: list[tuple[str, str | None]] = []
    with running(type("H", (ImageHandler,), {"asked": asked})) as base:
        yield base, asked


def fetched(
    url: str, validators: PageValidators | None = None, limits: Limits | None = None
) -> tuple[RecodedImage | None, PageValidators]:
    with PoliteSession("x@y.example", True, limits or Limits(bytes_per_page=MAX_BYTES), clock=QuickClock()) as session:
        result = fetch_image(session, url, validators)
        return result.image, result.validators


def test_an_image_is_what_its_content_says_not_its_type() -> None:
    with image_site() as (base, _):
        image, validators = fetched(f"{base}/photo.jpg")
        assert image is not None
        assert validators.etag == '"1"'
        with pytest.raises(errors.BadContent, match="no PNG, JPEG"):
            fetched(f"{base}/page.jpg")


def test_an_unchanged_image_is_not_sent_again() -> None:
    with image_site() as (base, asked):
        _, validators = fetched(f"{base}/photo.jpg")
        again, _ = fetched(f"{base}/photo.jpg", validators)
        assert again is None
        assert asked[-1] == ("/photo.jpg", '"1"')
        without_etag = PageValidators(content_hash=validators.content_hash)
        assert fetched(f"{base}/photo.jpg", without_etag)[0] is None


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/inward.jpg", errors.AddressRefused),
        ("/closed.png", errors.RobotsForbid),
        ("/endless.png", errors.TooLarge),
        ("/drip.png", errors.Unreachable),
        ("/none.png", errors.BadStatus),
    ],
)
def test_what_a_crawl_may_not_fetch_an_image_may_not_either(path: str, error: type[errors.FetchError]) -> None:
    limits = Limits(bytes_per_page=MAX_BYTES, timeout_seconds=0.2)
    with image_site() as (base, _), pytest.raises(error):
        fetched(base + path, limits=limits)


def test_a_private_address_is_refused_where_it_is_not_allowed() -> None:
    with image_site() as (base, asked), PoliteSession(None, False, clock=QuickClock()) as session:
        with pytest.raises(errors.AddressRefused):
            fetch_image(session, f"{base}/photo.jpg")
        assert asked == []
