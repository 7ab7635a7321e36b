"""Draw the icons of the site from the mark: `python tools/icons.py` writes them beside static/icon.svg (make icons)."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from platforma.web.drawing.mark import icon

STATIC = Path(__file__).resolve().parents[1] / "platform" / "platforma" / "static"
FAVICON_SIDES = (16, 32, 48)
SAFE_SHARE = 0.8
"""The part of an icon that systems leave when they cut it into a shape of their own (W3C, maskable icons)."""


def icons() -> dict[str, Image.Image]:
    """The icons by file name; of favicon.ico the largest."""
    return {
        "favicon.ico": icon(FAVICON_SIDES[-1]),
        "apple-touch-icon.png": icon(180, is_rounded=False, share=0.86).convert("RGB"),
        "icon-192.png": icon(192),
        "icon-512.png": icon(512),
        "icon-maskable-512.png": icon(512, is_rounded=False, share=SAFE_SHARE).convert("RGB"),
    }


def main() -> None:
    """Write the files."""
    for name, image in icons().items():
        if name.endswith(".ico"):
            image.save(
                STATIC / name, append_images=[icon(side) for side in FAVICON_SIDES[:-1]], sizes=[(s, s) for s in FAVICON_SIDES]
            )
        else:
            image.quantize(64).save(STATIC / name, optimize=True)


if __name__ == "__main__":
    main()
